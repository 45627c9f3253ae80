"""What the dataset says of each organisation and of each file, as rows of a list.

An organisation has one row for each level at which it publishes, because a department's figures contain those of its
units. The figure shown is the printed total of its latest document's own year; what is open in the audit is counted
over all its documents.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from analysis.dataset.store import has_table, scan_table
from analysis.dataset.text_amounts import stated_amounts
from analysis.dataset.unchecked import read_unchecked
from analysis.display.amounts import GAP, wan
from analysis.display.words import KIND_NAMES, LEVEL_NAMES, SEVERITY_NAMES, STATUS_NAMES
from analysis.reports.series.spending_series import EXPENDITURE_TABLE, TOTAL
from analysis.reports.unit.unit_scope import unit_specs
from analysis.site.audit.audit_pages import audit_page
from analysis.site.listing import CellText, ListRow
from analysis.terms.code import Scheme
from analysis.terms.document import READ_STATUSES, Status
from analysis.terms.line_item import Kind, Level, RowRole, Side

_FEWEST_PEERS = 3  # of two, being first or last says nothing
STATES = (("error", "有错误"), ("open", "有未处理的问题"), ("clear", "没有问题"), ("unchecked", "未核对"))


@dataclass(frozen=True, slots=True)
class SiteData:
    """What the rows are made of.

    Attributes:
        documents: The documents table.
        totals: The printed expenditure total of each document's own year, in yuan.
        findings: Open findings by document and severity; None where nothing was audited.
        codes: The functional codes that occur, with their names and the addresses of their reports, empty for none.
        spent: Which of `codes` each organisation and level has figures for.
        site_dir: The site; links lead only to what is there.
        unchecked: The documents in which nothing could be checked, with the sentence that says why.
    """

    documents: pl.DataFrame
    totals: Mapping[str, Decimal]
    findings: Mapping[str, Mapping[str, int]] | None
    codes: tuple[tuple[str, str, str], ...]
    spent: Mapping[tuple[str, str], tuple[int, ...]]
    site_dir: Path
    unchecked: Mapping[str, str]

    def audit_of(self, document_id: str) -> str | None:
        """The audit page of a document, from the index."""
        page = audit_page(self.site_dir, document_id)
        return page.relative_to(self.site_dir).as_posix() if page and page.exists() else None


def load_site_data(documents: pl.DataFrame, clean_dir: Path, site_dir: Path) -> SiteData:
    """Gather what the rows need from the dataset and from the site."""
    items = scan_table(clean_dir, "line_items")
    own_year = items.filter(
        pl.col("fiscal_year") == pl.col("document_year"),
        table=EXPENDITURE_TABLE,
        side=Side.EXPENDITURE.value,
        measure=TOTAL,
        row_role=RowRole.TOTAL.value,
    )
    totals = own_year.select("document_id", "amount").collect().unique("document_id", keep="first", maintain_order=True)
    spending = (
        pl.col("scheme").eq(Scheme.FUNCTIONAL.value)
        & pl.col("side").eq(Side.EXPENDITURE.value)
        & pl.col("code").is_not_null()
    )
    pairs = items.filter(spending).select("organisation_id", "level", "code", "name").unique().drop_nulls().collect()
    named = pairs.select("code", "name").unique().sort("code", "name").with_row_index("number")
    numbered = pairs.join(named, on=["code", "name"])
    spent = numbered.group_by("organisation_id", "level").agg(pl.col("number").unique().sort())
    return SiteData(
        documents,
        dict(totals.iter_rows()),
        _findings(clean_dir),
        tuple((code, name, _report_of(code, site_dir)) for code, name in named.select("code", "name").iter_rows()),
        {(name, level): tuple(numbers) for name, level, numbers in spent.iter_rows()},
        site_dir,
        read_unchecked(clean_dir),
    )


def _report_of(code: str, site_dir: Path) -> str:
    page = Path("reports") / "function" / f"{code}.html"
    return page.as_posix() if (site_dir / page).exists() else ""


def _findings(clean_dir: Path) -> Mapping[str, Mapping[str, int]] | None:
    if not has_table(clean_dir, "findings"):
        return None
    counts: dict[str, dict[str, int]] = {}
    still_open = scan_table(clean_dir, "findings").filter(pl.col("status") == "open")
    for name, severity, count in still_open.group_by("document_id", "severity").len().collect().iter_rows():
        counts.setdefault(name, {})[severity] = count
    return counts


def organisation_rows(data: SiteData) -> list[ListRow]:
    """One row for each organisation and level, by name."""
    pages = {
        (str((report.organisations or ("",))[0]), str(report.parameters["level"])): report.page(data.site_dir)
        for report in unit_specs(data.documents)
    }
    read = data.documents.filter(pl.col("status").is_in(READ_STATUSES), pl.col("organisation_id").is_not_null())
    ordered = read.sort("organisation", "level", "document_year", "kind", "source_file", nulls_last=True)
    ranks, rows = _ranks(read.to_dicts(), data), []
    for (name, level), group in ordered.group_by("organisation_id", "level", maintain_order=True):
        page = pages.get((str(name), str(level)))
        address = page.relative_to(data.site_dir).as_posix() if page and page.exists() else None
        rows.append(_organisation(group.to_dicts(), address, data, ranks))
    return rows


def _ranks(documents: Iterable[Mapping[str, Any]], data: SiteData) -> dict[str, tuple[int, int]]:
    """The place of each document's total among the collected peers of its region, level, kind and year; their number.

    An organisation counts once.
    """
    peers: dict[tuple[object, ...], dict[str, Decimal]] = {}
    of: dict[str, tuple[object, ...]] = {}
    for one in documents:
        if one["document_id"] in data.totals:
            of[one["document_id"]] = key = tuple(one[name] for name in ("region", "level", "kind", "document_year"))
            peers.setdefault(key, {}).setdefault(one["organisation_id"], data.totals[one["document_id"]])
    return {
        name: (1 + sum(other > data.totals[name] for other in peers[key].values()), len(peers[key]))
        for name, key in of.items()
    }


def _figure(
    documents: list[dict[str, Any]], data: SiteData, ranks: Mapping[str, tuple[int, int]]
) -> tuple[Decimal | None, tuple[CellText, ...]]:
    """The total of the latest document that prints one, its year and kind, its rank, and the totals of that kind."""
    shown = next((one for one in reversed(documents) if one["document_id"] in data.totals), None)
    if shown is None:
        return None, (CellText(GAP),)
    total, year, kind = data.totals[shown["document_id"]], shown["document_year"], shown["kind"]
    about = [CellText(wan(total)), CellText(f"{year} {KIND_NAMES.get(kind, '')}".strip(), look="note")]
    rank, count = ranks[shown["document_id"]]
    if count >= _FEWEST_PEERS:
        peers = f"已收录的同地区、同层级、同年同类文件 {count} 个，按支出合计从大到小"
        about.append(CellText(f"第 {rank}/{count} 位", look="note", note=peers))
    told = {
        one["document_year"]: float(data.totals[one["document_id"]])
        for one in documents
        if one["kind"] == kind and one["document_id"] in data.totals and one["document_year"]
    }
    if len(told) > 1:
        years = range(min(told), max(told) + 1)
        words = "，".join(f"{one}年 {told[one] / 10_000:,.2f} 万元" for one in sorted(told))
        about.append(CellText("", note=words, trend=tuple(told.get(one) for one in years)))
    return total, tuple(about)


def _organisation(
    documents: list[dict[str, Any]], report: str | None, data: SiteData, ranks: Mapping[str, tuple[int, int]]
) -> ListRow:
    last = documents[-1]
    name, level = last["organisation"] or last["source_file"], last["level"]
    total, figure = _figure(documents, data, ranks)
    years = tuple(_year(one, data) for one in documents)
    counts = _sum(data, (one["document_id"] for one in documents))
    words = {one["organisation"] or "" for one in documents} | {str(one["document_year"]) for one in documents}
    level_name = LEVEL_NAMES[Level(level)] if level else GAP
    return ListRow(
        (
            (CellText(name, report),),
            (CellText(level_name),),
            years,
            figure,
            _counted(counts, _where_open(documents, data)),
        ),
        " ".join(sorted(words | {level_name})).lower(),
        {
            "level": (level or "",),
            "year": tuple(sorted({str(one["document_year"]) for one in documents})),
            "kind": tuple(sorted({one["kind"] or "" for one in documents})),
            "region": tuple(sorted({one["region"] or "" for one in documents})),
            "form": tuple(sorted({one["form"] or "" for one in documents})),
            "state": _state(counts),
        },
        {"amount": float(total or 0), "errors": float((counts or {}).get("error", 0))},
        data.spent.get((last["organisation_id"], level), ()),
    )


_KIND_MARKS = {Kind.FINAL.value: "决", Kind.EXECUTION.value: "执"}


def _year(document: Mapping[str, Any], data: SiteData) -> CellText:
    """A document's year: it leads to the audit of the document, and its look says whether an error is open."""
    found = (data.findings or {}).get(document["document_id"], {})
    words = f"{document['document_year'] or GAP}{_KIND_MARKS.get(document['kind'], '')}"
    counts = "，".join(f"{name} {found[key]}" for key, name in SEVERITY_NAMES.items() if key in found)
    reading = f"{KIND_NAMES.get(document['kind'], '')}，{STATUS_NAMES[document['status']]}"
    about = f"{reading}；{counts}" if counts else reading
    look = "error" if "error" in found else "partial" if document["status"] == Status.PARTIAL.value else ""
    return CellText(words, data.audit_of(document["document_id"]), f"tag year {look}".strip(), about)


def file_rows(data: SiteData) -> list[ListRow]:
    """One row for each file found, those that could not be read too."""
    ordered = data.documents.sort("source_file", "document_id", nulls_last=True)
    return [_file(row, data) for row in ordered.iter_rows(named=True)]


def _file(row: Mapping[str, Any], data: SiteData) -> ListRow:
    status, year, kind = row["status"], str(row["document_year"] or GAP), KIND_NAMES.get(row["kind"], GAP)
    duplicate = status == Status.DUPLICATE.value
    counts = _sum(data, [row["document_id"]]) if status in READ_STATUSES else None
    total = None if duplicate else data.totals.get(row["document_id"])
    audited = data.audit_of(row["document_id"]) if status in READ_STATUSES else None
    unchecked = None if duplicate else data.unchecked.get(row["document_id"])
    told = (row["message"], row["note"], unchecked, None if duplicate else stated_amounts(row))
    about = tuple(CellText(words, look="note") for words in told if words)
    level = LEVEL_NAMES[Level(row["level"])] if row["level"] else GAP
    organisation = row["organisation"] or GAP
    return ListRow(
        (
            (CellText(row["source_file"], audited),),
            (CellText(organisation, look="body"),),
            (CellText(level),),
            (CellText(year),),
            (CellText(kind),),
            (CellText(wan(total)),),
            (CellText(STATUS_NAMES[status], look=f"tag {status}"), *about),
            (CellText("未检查", audited, "note"),) if unchecked and not counts else _counted(counts, audited),
        ),
        " ".join(
            (row["source_file"], organisation, row["region"] or "", level, year, kind, STATUS_NAMES[status])
        ).lower(),
        {
            "level": (row["level"] or "",),
            "year": (year,),
            "kind": (row["kind"] or "",),
            "region": (row["region"] or "",),
            "form": (row["form"] or "",),
            "status": (status,),
        },
    )


def _sum(data: SiteData, names: Iterable[str]) -> dict[str, int] | None:
    if data.findings is None:
        return None
    counts: dict[str, int] = {}
    for name in names:
        for severity, count in data.findings.get(name, {}).items():
            counts[severity] = counts.get(severity, 0) + count
    return counts


def _where_open(documents: list[dict[str, Any]], data: SiteData) -> str | None:
    """The audit of the latest document in which something is open."""
    found = data.findings or {}
    troubled = [one["document_id"] for one in documents if found.get(one["document_id"])]
    return data.audit_of(troubled[-1]) if troubled else None


def _counted(counts: Mapping[str, int] | None, audited: str | None) -> tuple[CellText, ...]:
    if counts is None:
        return (CellText(GAP),)
    tags = tuple(
        CellText(f"{name} {counts[key]}", audited, f"tag {key}")
        for key, name in SEVERITY_NAMES.items()
        if counts.get(key)
    )
    return tags or (CellText("无", look="note"),)


def _state(counts: Mapping[str, int] | None) -> tuple[str, ...]:
    if counts is None:
        return ("unchecked",)
    if not counts:
        return ("clear",)
    return ("error", "open") if counts.get("error") else ("open",)
