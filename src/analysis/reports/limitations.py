"""What the figures of a report do not tell, in sentences: gaps, partial documents, rival files, rounding, caliber.

Every sentence is made from what the dataset says of its documents, so a report without defects has few of them; what
holds for all published budgets (rounding, nominal growth) is always said.
"""

import re
from collections.abc import Sequence

import polars as pl

from analysis.display.tables import Heading, Table
from analysis.display.words import KIND_NAMES, PHASE_NAMES, STATUS_NAMES
from analysis.reports.series import executed as execution
from analysis.reports.unit.unit_frames import UnitFrames
from analysis.terms.document import Status
from analysis.terms.line_item import Kind, Phase

_NAMED, _CLAUSES = 5, 3
_ENGLISH = re.compile(r"。? / [^；]*(?=；|$)")
_ALWAYS = (
    "金额由文件列示数字换算为万元、保留两位小数；以万元印出的表每个数可能有 50 元以内的舍入差，"
    "分项之和可能与合计略有出入。",
    "本页照录文件列示的数字，不作更正；点按表中带虚线的数字，可见其在原件中的位置、原文和引用格式。",
)


def sentences(frames: UnitFrames) -> list[str]:
    """The limits of a report by unit."""
    data = frames.data
    return [
        *_missing_years(frames),
        *document_faults(data.documents),
        *_public_words(frames),
        *_execution_words(frames),
        *suspect_words(data.items, data.findings is not None),
        *frames.following.renamed,
        *frames.following.ended,
        *frames.economic_following.renamed,
        *frames.economic_following.ended,
        nominal(frames.phase, bool(frames.deflator)),
        *_ALWAYS,
    ]


def nominal(phase: Phase, deflated: bool = False) -> str:
    """What growth means here."""
    name = PHASE_NAMES[phase]
    real = "另列按所给价格指数扣除价格变动的增幅；" if deflated else "没有扣除价格变动，"
    return f"增减是名义数，{name}比{name}，{real}也没有考虑机构或职能调整。"


def always() -> Sequence[str]:
    """What holds for every report."""
    return _ALWAYS


def documents_table(documents: pl.DataFrame) -> Table:
    """The files used: year, kind, status, name, and what there is to know of each."""
    rows = tuple(
        (
            str(row["document_year"]),
            KIND_NAMES[row["kind"]],
            STATUS_NAMES[row["status"]],
            row["source_file"],
            "；".join(_in_chinese(text) for text in (row["message"], row["note"]) if text),
        )
        for row in documents.iter_rows(named=True)
    )
    heads = ("年度", "种类", "状态", "文件", "说明")
    return Table("本报告所用的文件", tuple(Heading(head, False) for head in heads), rows)


def suspect_words(items: pl.DataFrame, validated: bool) -> list[str]:
    """How many of the report's own figures an open error touches."""
    if not validated:
        return ["这些数据尚未核对，其中可能有印错的数字。"]
    touched = items.filter("suspect").select("document_year", "name", "printed").unique(maintain_order=True)
    if touched.is_empty():
        return []
    named = "；".join(f"{year}年{name or ''}“{printed}”" for year, name, printed in touched.head(_NAMED).iter_rows())
    rest = f" 等 {touched.height} 个" if touched.height > _NAMED else ""
    return [f"有未处理的错误涉及以下数字，本报告照印、未作更正，以 ※ 标出：{named}{rest}。"]


def document_faults(documents: pl.DataFrame, most: int = 12) -> list[str]:
    """What is wrong with the files themselves: partly read, rival files, notes."""
    found = []
    for row in documents.iter_rows(named=True):
        what = f"{row['document_year']}年{KIND_NAMES[row['kind']]}文件（{row['source_file']}）"
        if row["status"] == Status.PARTIAL.value:
            clauses = _in_chinese(row["message"] or "原因未记录").split("；")
            rest = f"；另有 {len(clauses) - _CLAUSES} 处，见文末的文件表" if len(clauses) > _CLAUSES else ""
            found.append(f"{what}只读出一部分：{'；'.join(clauses[:_CLAUSES]).removesuffix('。')}{rest}。")
        if row["claims"] > 1:
            found.append(f"{what}是 {row['claims']} 个同年同类文件之一，其余未采用，也没有相加。")
        if row["note"]:
            found.append(f"{what}：{_in_chinese(row['note'])}")
    return found if len(found) <= most else [*found[:most], f"另有 {len(found) - most} 处类似情况，见清洗报告。"]


def _in_chinese(message: str) -> str:
    """What was said of a file in two languages, sentence after sentence, in one."""
    return _ENGLISH.sub("", message)


def _missing_years(frames: UnitFrames) -> list[str]:
    kind = Kind.BUDGET if frames.phase is Phase.APPROVED else Kind.FINAL
    present = set(frames.data.documents.filter(kind=kind.value)["document_year"])
    missing = "、".join(f"{year}年" for year in frames.years if year not in present)
    unread = "、".join(f"{year}年" for year in frames.years if year in present - frames.years_read)
    found = [f"{missing}没有{KIND_NAMES[kind.value]}文件：图表中是空缺，不是零。"] if missing else []
    return [*found, *([f"{unread}的{frames.spent_table_name}没有读出：图表中是空缺，不是零。"] if unread else [])]


def _public_words(frames: UnitFrames) -> list[str]:
    if frames.public_phase is frames.phase:
        return []
    told = frames.data.statements.filter(table="three_public", phase=frames.phase.value)
    where = "，另一种数见“预算执行情况”所列的文字" if told.height else f"，不能与{frames.phase_name}相比"
    return [f"“三公”经费表只列示了{PHASE_NAMES[frames.public_phase]}数{where}。"]


def _execution_words(frames: UnitFrames) -> list[str]:
    data = frames.data
    every = execution.prior_execution(data.narrative, data.documents)
    stated = every.filter(pl.col("fiscal_year").is_in(frames.years))
    words = [
        f"{year}年执行数是 {year + 1} 年预算说明中 {count} 个条目所述上年执行数之和（共 {items} 条），"
        "只含仍列预算的项目和财政拨款，不能与支出合计直接相减。"
        for year, _, count, items, _ in stated.iter_rows()
    ]
    words += [
        f"{year}年执行数存疑：{doubtful} 个条目所述的增减与其所述的金额对不上；图中用空心 ◇ 表示。"
        for year, *_, doubtful in stated.iter_rows()
        if doubtful
    ]
    stated_in = {year + 1 for year in every["fiscal_year"]}
    budgets = data.documents.filter(kind=Kind.BUDGET.value)["document_year"]
    silent = "、".join(f"{year}年" for year in sorted(set(budgets) - stated_in))
    return [*words, *([f"{silent}预算说明没有逐项写出上年执行数。"] if silent else [])]
