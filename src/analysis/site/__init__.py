"""The pages of the site that are no report: the index, the files, the dictionary; and the downloads."""

from analysis.site.build import build_site

__all__ = ["build_site"]
