"""What the figures of a report do not tell, in sentences: gaps, partial documents, rival files, rounding, caliber.

Every sentence is made from what the dataset says of its documents, so a report without defects has few of them; what
holds for all published budgets (rounding, nominal growth) is always said.
"""

import polars as pl

from analysis.publishing.drawing.charts import PHASE_NAMES
from analysis.publishing.stories import series
from analysis.publishing.stories.series import UnitData
from analysis.publishing.tables import Column, Table, Words
from analysis.terms.line_item import Kind, Phase

_KINDS = {Kind.BUDGET.value: "预算", Kind.FINAL.value: "决算"}
_SEVERITY = {"error": "错误", "warning": "警告"}
_STATE = {"open": "未处理", "accepted": "已确认"}
_NAMED = 5
_STATUS = {"parsed": "已读全", "partial": "部分读出", "failed": "未能读取", "duplicate": "重复文件"}


def sentences(data: UnitData, phase: Phase) -> list[str]:
    """The limits of one report.

    Args:
        data: The report's frames.
        phase: What its bars show.
    """
    name = PHASE_NAMES[phase]
    return [
        *_missing_years(data, phase),
        *_document_faults(data.documents),
        *_execution_words(data),
        *_suspects(data),
        *(
            f"编码 {code} 各年名称不同（{names}），按编码比较。"
            for code, names in series.renamed(data.items, phase).iter_rows()
        ),
        f"增减是名义数，{name}比{name}，没有扣除价格变动，也没有考虑机构或职能调整。",
        "金额由文件所印数字换算为万元、保留两位小数；以万元印出的表每个数可能有 50 元以内的舍入差，"
        "分项之和可能与合计略有出入。",
        "本页照录文件所印的数字，不作更正；勾稽核对的结果见数据质量报告。",
    ]


def documents_table(documents: pl.DataFrame) -> Table:
    """The files used: year, kind, status, name, and what there is to know of each."""
    rows = tuple(
        (
            str(row["document_year"]),
            _KINDS[row["kind"]],
            _STATUS[row["status"]],
            row["source_file"],
            " ".join(text for text in (row["message"], row["note"]) if text),
        )
        for row in documents.iter_rows(named=True)
    )
    heads = ("年度", "种类", "状态", "文件", "说明")
    return Table("本报告所用的文件", tuple(Column(head, False) for head in heads), rows)


def findings_table(data: UnitData) -> Table | Words:
    """What the audit found in the documents, errors and warnings; a sentence where there is nothing to list."""
    if data.findings is None:
        return Words(("这些数据尚未核对：请先运行 workbench validate。",))
    told = data.findings.filter(pl.col("severity").is_in(["error", "warning"]))
    if told.is_empty():
        return Words(("核对没有发现这些文件有错误或可疑之处。",))
    rows = tuple(
        (row["source_file"], _SEVERITY[row["severity"]], _STATE[row["status"]], row["message_zh"])
        for row in told.iter_rows(named=True)
    )
    return Table("核对发现的问题", tuple(Column(head, False) for head in ("文件", "程度", "状态", "说明")), rows)


def _suspects(data: UnitData) -> list[str]:
    """How many of the report's own figures an open error touches."""
    if data.findings is None:
        return ["这些数据尚未核对，其中可能有印错的数字。"]
    touched = data.items.filter("suspect").select("document_year", "name", "printed").unique(maintain_order=True)
    if touched.is_empty():
        return []
    named = "；".join(f"{year}年{name or ''}“{printed}”" for year, name, printed in touched.head(_NAMED).iter_rows())
    rest = f" 等 {touched.height} 个" if touched.height > _NAMED else ""
    return [f"有未处理的错误涉及以下数字，本报告照印、未作更正，使用时请留意：{named}{rest}。"]


def _missing_years(data: UnitData, phase: Phase) -> list[str]:
    kind = Kind.BUDGET if phase is Phase.APPROVED else Kind.FINAL
    present = set(data.documents.filter(kind=kind.value)["document_year"])
    missing = "、".join(f"{year}年" for year in data.report.years if year not in present)
    return [f"{missing}没有{_KINDS[kind.value]}文件：图表中是空缺，不是零。"] if missing else []


def _document_faults(documents: pl.DataFrame) -> list[str]:
    found = []
    for row in documents.iter_rows(named=True):
        what = f"{row['document_year']}年{_KINDS[row['kind']]}文件（{row['source_file']}）"
        if row["status"] == "partial":
            found.append(f"{what}只读出一部分：{row['message'] or '原因未记录'}")
        if row["claims"] > 1:
            found.append(f"{what}是 {row['claims']} 个同年同类文件之一，其余未采用，也没有相加。")
        if row["note"]:
            found.append(f"{what}：{row['note']}")
    return found


def _execution_words(data: UnitData) -> list[str]:
    stated = series.prior_execution(data.narrative, data.documents)
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
    told = {year + 1 for year in stated["fiscal_year"]}
    budgets = data.documents.filter(kind=Kind.BUDGET.value)["document_year"]
    silent = "、".join(f"{year}年" for year in sorted(set(budgets) - told))
    return [*words, *([f"{silent}预算说明没有逐项写出上年执行数。"] if silent else [])]
