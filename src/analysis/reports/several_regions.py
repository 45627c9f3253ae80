"""Organisations of several regions in one report: they stand side by side, and are summed region by region only.

A sum over two places is of no budget: each place has its own, of its own size and rules.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import polars as pl

UNNAMED = "未写明地区"


def regions_apart(documents: pl.DataFrame) -> Mapping[str, str]:
    """The region of each organisation, by organisation_id; empty where the documents name no two regions.

    A place that one document calls 普陀区 and another one 上海市普陀区 is one region.
    """
    if "region" not in documents.columns:
        return {}
    named = dict(
        documents.group_by("organisation_id")
        .agg(pl.col("region").drop_nulls().sort().last())
        .sort("organisation_id")
        .iter_rows()
    )
    full = sorted({region for region in named.values() if region}, key=len, reverse=True)
    called = {region: next(one for one in full if one.endswith(region)) for region in full}
    if len(set(called.values())) < 2:
        return {}
    return {organisation: called[region] if region else UNNAMED for organisation, region in named.items()}


def by_region(pairs: pl.DataFrame, regions: Mapping[str, str]) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows of each region that is named, the one with the largest sum first.

    Args:
        pairs: Rows with `key`, an organisation_id, and `amount` in yuan.
        regions: As `regions_apart` tells them.
    """
    rows = pairs.with_columns(
        region=pl.col("key").replace_strict(dict(regions), default=UNNAMED, return_dtype=pl.String)
    )
    parts = [(str(name), rows.filter(region=name)) for name in rows["region"].unique() if name != UNNAMED]
    yield from sorted(parts, key=lambda part: (-sum(part[1]["amount"].to_list(), Decimal(0)), part[0]))
