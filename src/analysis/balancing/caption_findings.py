"""The lines above tables: a body that is not the document's, and a money unit that only the other tables print.

Whose document it is, its cover and most of its captions say together. What a single caption says against them is a
slip, however the name is shortened elsewhere; where captions differ more often (units of a department in one file, the
bureau above them), nobody can tell.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

import polars as pl

from analysis.balancing.evidence import Row
from analysis.knowledge.body_names import short_name
from analysis.knowledge.names import official_tables
from analysis.terms.finding import Finding, Severity
from analysis.terms.line_item import Place

BODY_RULE, UNIT_RULE = "caption_body", "caption_unit"
_LEAST_ALIKE = 2
_LEAST_UNITS = 2
_FEWEST_LETTERS = 4
# 单位：平方米、辆 names no body; 001038-某局 names one behind its code.
_NO_BODY = re.compile(r"[、/%％]|^[\d.,]+$|^(?:平方米|人次|批次|其他|见下表)")
_MARKS = re.compile(r"[^\u4e00-\u9fff（）()第\d]|^[\d.]+|[（(][^（）()]*[）)]|(?:本级|机关|汇总|合计)$")


def caption_findings(
    documents: pl.DataFrame, tables: pl.DataFrame, told: Collection[tuple[str, str]] = ()
) -> Iterator[Finding]:
    """What is wrong above the official tables of some documents.

    Args:
        documents: Whose documents they are.
        tables: The printed tables, columns of the data dictionary.
        told: The tables, each with its document, of whose unit something is told already.
    """
    official = tables.filter(pl.col("table").is_not_null()).sort("document_id", "number")
    organisations = dict(documents.select("document_id", "organisation").iter_rows())
    for (document,), own in official.group_by("document_id", maintain_order=True):
        rows = own.to_dicts()
        yield from _of_other_bodies(rows, organisations.get(str(document)))
        yield from (one for one in _without_unit(rows) if (one.document_id, one.table) not in told)


def _of_other_bodies(rows: Sequence[Row], organisation: str | None) -> Iterator[Finding]:
    """The one caption that names another body than the cover and the other captions."""
    if organisation is None:
        return
    named = [(row, body) for row in rows if (body := row["body"]) and _is_body(body)]
    alike = [body for _, body in named if is_same_body(body, organisation)]
    others = [(row, body) for row, body in named if not is_same_body(body, organisation)]
    if len(others) != 1 or len(alike) < _LEAST_ALIKE:
        return
    (row, body), (expected, _) = others[0], Counter(alike).most_common(1)[0]
    title = official_tables()[row["table"]]
    yield Finding(
        document_id=row["document_id"],
        source_file=row["source_file"],
        rule=BODY_RULE,
        severity=Severity.WARNING,
        message_zh=f"《{title}》上方写“{body}”，本文件是{organisation}的，其他 {len(alike)} 张表写“{expected}”。",
        message_en=f"{row['table']} is captioned {body}; the document is that of {organisation}, as say {len(alike)}"
        " other captions.",
        table=row["table"],
        place=Place(page=row["first_page"]),
        printed=body,
        expected=expected,
    )


def _is_body(text: str) -> bool:
    return len(text) >= _FEWEST_LETTERS and _NO_BODY.search(text) is None


def is_same_body(one: str, other: str) -> bool:
    """Whether two names are of one body: alike, one within the other, or the letters of one in the order of the other.

    So 上海市司法局 and 普陀区司法局（本级） are that of 上海市普陀区司法局, and 市人大办 that of 市人民代表大会办公室.
    """
    first, second = sorted((_MARKS.sub("", short_name(one)), _MARKS.sub("", short_name(other))), key=len)
    letters = iter(second)
    return all(letter in letters for letter in first)


def _without_unit(rows: Sequence[Row]) -> Iterator[Finding]:
    """The tables above which no money unit is printed, where it is above most others."""
    filled = [row for row in rows if row["cells"]]
    bare = [row for row in filled if row["unit_inherited"] or row["unit"] is None]
    if len(filled) - len(bare) < max(_LEAST_UNITS, len(bare) + 1):
        return
    for row in bare:
        title = official_tables()[row["table"]]
        taken = "按其他表的单位读取" if row["unit_inherited"] else "无法确定其金额"
        yield Finding(
            document_id=row["document_id"],
            source_file=row["source_file"],
            rule=UNIT_RULE,
            severity=Severity.INFO,
            message_zh=f"《{title}》没有注明（唯一的）金额单位，{taken}；其他表都有注明。",
            message_en=f"{row['table']} names no single money unit, the other tables of the document do.",
            table=row["table"],
            place=Place(page=row["first_page"]),
        )
