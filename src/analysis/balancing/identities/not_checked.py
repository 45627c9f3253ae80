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
    frames = [pl.DataFrame(schema=CHECKS).drop("source_file")]
    for identity in identities.within:
        cases = pl.DataFrame({"case": range(len(identity.cases))}, schema={"case": pl.Int16})
        silent = documents_in_scope(documents, identity).join(cases, how="cross")
        frames.append(not_applicable(silent.with_columns(reason=pl.lit(reason)), identity, names))
    found = pl.concat(frames).sort("document_id", "identity", "check_id")
    files = documents.select("document_id", "source_file")
    return found.join(files, on="document_id", how="left", maintain_order="left").select(*CHECKS)
