"""Documents that could not be checked at all: every identity that would be about them says so, with the reason."""

import polars as pl

from analysis.balancing.identities.checks import CHECKS, not_applicable
from analysis.balancing.identities.instances import documents_in_scope
from analysis.balancing.identities.published_names import PublishedNames
from analysis.terms.identity import Identities


def not_checked(documents: pl.DataFrame, identities: Identities, reason: str) -> pl.DataFrame:
    """A row of the checks, columns `CHECKS`, for each case of the identities within these documents.

    Args:
        documents: rows of the documents table, each document once.
        identities: the shelf.
        reason: why nothing could be checked, Chinese / English.
    """
    names = PublishedNames.of(identities)
    silent = [
        [
            (document, number, reason)
            for document in documents_in_scope(documents, one)
            for number in range(len(one.cases))
        ]
        for one in identities.within
    ]
    found = not_applicable(silent, identities.within, names).sort("document_id", "identity", "check_id")
    files = documents.select("document_id", "source_file")
    return found.join(files, on="document_id", how="left", maintain_order="left").select(*CHECKS)
