"""The pages of the site that are no report: the index, the files, the dictionary; and the downloads."""

from analysis.publishing.site.building import build_site

__all__ = ["build_site"]
