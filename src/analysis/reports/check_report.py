"""What a validation has to tell: what was checked, what was not and why, what failed, what it means, the coverage.

Read from the tables that the validation wrote, so the notebook shows what everybody else can read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from analysis.dataset.finding_order import in_order
from analysis.dataset.store import forms_dir, read_table, scan_table
from analysis.dataset.suspects import read_suspects
from analysis.dataset.unchecked import read_unchecked
from analysis.display.duty_tables import duties_by_document
from analysis.display.tables import Heading, Headline, Headlines, Paragraph, Table
from analysis.display.words import SEVERITY_NAMES, place_in_file
from analysis.knowledge.families import load_families
from analysis.knowledge.identities import load_identities
from analysis.knowledge.names import measure_names, table_names

_STRENGTHS = {"hard": "必须", "soft": "通常", "bound": "界限"}
_OUTCOMES = ("pass", "fail", "not_applicable")
_MOST_FINDINGS = 40
_MOST_REASONS = 25
_MOST_NAMED = 5


@dataclass(frozen=True)
class CheckReport:
    """The validation as its notebook shows it.

    `coverage` has document_id, source_file, figures, tied and crossed; `notes` are sentences on acceptances gone stale.
    """

    clean_dir: Path
    coverage: pl.DataFrame
    notes: Sequence[str] = ()

    @cached_property
    def checks(self) -> pl.LazyFrame:
        """The outcomes."""
        return scan_table(self.clean_dir, "checks")

    @cached_property
    def findings(self) -> pl.DataFrame:
        """What is counted of the findings."""
        return scan_table(self.clean_dir, "findings").select("severity", "status", "document_id").collect()

    @cached_property
    def suspects(self) -> pl.DataFrame:
        """The figures that an open error touches."""
        return read_suspects(self.clean_dir)

    @property
    def headlines(self) -> Headlines:
        """Places looked at, errors, warnings, and figures in doubt."""
        outcomes = self._outcomes()
        passed, failed = outcomes.get("pass", 0), outcomes.get("fail", 0)
        counts = self._open()
        seen = self.checks.filter(pl.col("outcome") != "not_applicable")
        documents = seen.select(pl.col("document_id").n_unique()).collect(engine="streaming").item()
        accepted = self.findings.filter(pl.col("status") == "accepted").height
        silent = outcomes.get("not_applicable", 0)
        others = f"警告 {counts.get('warning', 0)}，提示 {counts.get('info', 0)}"
        return Headlines(
            (
                Headline("勾稽核对", f"{passed + failed:,}", "处", f"{documents} 个文件；另有 {silent:,} 处未能检查"),
                Headline("勾稽不符", f"{failed:,}", "处", f"相符 {passed:,} 处"),
                Headline("错误", str(counts.get("error", 0)), "个", others),
                Headline("存疑的数字", f"{self.suspects.height:,}", "个", f"已由人确认的问题 {accepted} 个"),
            )
        )

    @property
    def duties(self) -> Table:
        """For each document how many of the things that it owes were kept, broken, not read or not checked."""
        return duties_by_document(scan_table(self.clean_dir, "duties").collect())

    def _outcomes(self) -> dict[str, int]:
        return dict(self.checks.group_by("outcome").len().collect(engine="streaming").iter_rows())

    def _open(self) -> dict[str, int]:
        return dict(self.findings.filter(pl.col("status") == "open")["severity"].value_counts().iter_rows())

    @property
    def answer(self) -> Paragraph:
        """The answer first."""
        return Paragraph((self._answer(), *self._not_checked()), lead=True)

    def _not_checked(self) -> tuple[str, ...]:
        """The documents in which nothing could be checked, in one sentence; nothing where there are none."""
        silent = read_unchecked(self.clean_dir)
        documents = read_table(self.clean_dir, "documents").filter(pl.col("status") != "duplicate")
        files = documents.filter(pl.col("document_id").is_in(list(silent))).sort("source_file")["source_file"]
        if files.is_empty():
            return ()
        named = "、".join(files.head(_MOST_NAMED)) + (" 等" if files.len() > _MOST_NAMED else "")
        return (f"{files.len()} 个文件的全部勾稽关系均无法检查（{named}）；未检查不等于通过。",)

    def _answer(self) -> str:
        seen = sum(count for outcome, count in self._outcomes().items() if outcome != "not_applicable")
        if not seen:
            return "没有一处能够检查，因此也不能说数字是对的。"
        counts = self._open()
        severities = "、".join(f"{counts[key]} 个{name}" for key, name in SEVERITY_NAMES.items() if key in counts)
        if not counts:
            return f"检查了 {seen:,} 处，没有发现问题。"
        troubled = self.findings.filter(pl.col("status") == "open")["document_id"].n_unique()
        return f"检查了 {seen:,} 处，在 {troubled} 个文件中发现 {severities}，逐个列在下面，原件截图见问题清单。"

    @property
    def identities(self) -> Table:
        """Every identity: what it says, how binding it is, and its three outcomes."""
        counted = {
            row["identity"]: row
            for row in self.checks.group_by("identity")
            .agg(*((pl.col("outcome") == name).sum().alias(name) for name in _OUTCOMES))
            .collect(engine="streaming")
            .iter_rows(named=True)
        }
        blank = {"pass": 0, "fail": 0, "not_applicable": 0}
        entries = load_identities(load_families(forms_dir(self.clean_dir))).entries
        rows = tuple(
            (
                entry.zh,
                _STRENGTHS[entry.strength],
                *(f"{counted.get(entry.id, blank)[name]:,}" for name in blank),
            )
            for entry in entries
        )
        strong = frozenset(number for number, row in enumerate(rows) if row[3] != "0")
        heads = (("关系", 0), ("效力", 0), ("相符", 1), ("不符", 1), ("未能检查", 1))
        return Table("每条勾稽关系", _columns(heads), rows, strong)

    @property
    def unchecked(self) -> Table | Paragraph:
        """Why something could not be checked, the most frequent reason first."""
        grouped = (
            self.checks.filter(pl.col("outcome") == "not_applicable")
            .group_by("reason")
            .agg(pl.col("identity").n_unique(), pl.col("document_id").n_unique(), places=pl.len())
            .sort("places", "reason", descending=[True, False])
            .collect(engine="streaming")
        )
        if grouped.is_empty() and not self._outcomes():
            return Paragraph(("数据中没有可以检查的文件。",))
        if grouped.is_empty():
            return Paragraph(("每条关系在每个文件中都检查到了。",))
        rows = tuple(
            (str(row["reason"]).partition(" / ")[0], str(row["identity"]), str(row["document_id"]), str(row["places"]))
            for row in grouped.head(_MOST_REASONS).iter_rows(named=True)
        )
        more = f"（前 {len(rows)} 种，共 {grouped.height} 种）" if grouped.height > len(rows) else ""
        return Table(f"未能检查的原因{more}", _columns((("原因", 0), ("关系", 1), ("文件", 1), ("处", 1))), rows)

    @property
    def failed(self) -> Table | Paragraph:
        """The findings, the gravest first."""
        if self.findings.is_empty():
            return Paragraph(("没有发现问题。",))
        shown = in_order(scan_table(self.clean_dir, "findings")).head(_MOST_FINDINGS).collect()
        rows = tuple(
            (
                row["source_file"],
                SEVERITY_NAMES[row["severity"]] + ("（已确认）" if row["status"] == "accepted" else ""),
                place_in_file(row),
                row["message_zh"],
            )
            for row in shown.iter_rows(named=True)
        )
        more = f"（前 {shown.height} 个，共 {self.findings.height} 个）" if self.findings.height > shown.height else ""
        heads = (("文件", 0), ("程度", 0), ("位置", 0), ("说明", 0))
        return Table(f"发现的问题{more}", _columns(heads), rows)

    @property
    def meaning(self) -> Paragraph:
        """What the open errors mean for whoever uses the figures."""
        if not self._outcomes():
            sentences = ["没有检查任何数字，因此没有结论。"]
        elif self.suspects.is_empty():
            sentences = ["没有数字因未处理的错误而存疑，数据可以直接使用；未能检查的部分除外。"]
        else:
            totals = self.suspects.filter(pl.col("row_role") == "total")
            files = self.suspects["source_file"].n_unique()
            sentences = [
                f"{files} 个文件的 {self.suspects.height} 个数字存疑（suspect），用到它们的汇总和比较须注明。",
                f"其中 {totals.height} 个是合计数。" if totals.height else "其中没有合计数，总额不受影响。",
                "清洗后的数据保持原样印出的数字；“应为”只是建议，不写入数据。",
            ]
        return Paragraph((*sentences, *self.notes))

    @property
    def doubtful(self) -> Table | Paragraph:
        """The figures in doubt."""
        if self.suspects.is_empty():
            return Paragraph(("没有存疑的数字。",))
        rows = tuple(
            (
                row["organisation"] or row["source_file"],
                str(row["fiscal_year"] or ""),
                table_names().get(row["table"], row["table"]),
                " ".join(word for word in (row["code"], row["name"]) if word),
                measure_names().get(row["measure"], row["measure"]),
                row["printed"],
            )
            for row in self.suspects.head(_MOST_FINDINGS).iter_rows(named=True)
        )
        heads = (("单位", 0), ("年度", 1), ("表", 0), ("行", 0), ("栏", 0), ("印出", 1))
        return Table("存疑的数字", _columns(heads), rows)

    @property
    def covered(self) -> Table | Paragraph:
        """Coverage per document: the share of printed figures that one, and two or more, checked identities tie."""
        if self.coverage.is_empty():
            return Paragraph(("数据中没有数字。",))
        outcomes = {
            row["document_id"]: row
            for row in self.checks.group_by("document_id")
            .agg(*((pl.col("outcome") == name).sum().alias(name) for name in _OUTCOMES))
            .collect(engine="streaming")
            .iter_rows(named=True)
        }
        rows = tuple(
            (
                row["source_file"],
                f"{row['figures']:,}",
                _share(row["tied"], row["figures"]),
                _share(row["crossed"], row["figures"]),
                *(
                    f"{outcomes.get(row['document_id'], {}).get(name, 0):,}"
                    for name in ("pass", "fail", "not_applicable")
                ),
            )
            for row in self.coverage.iter_rows(named=True)
        )
        heads = (
            ("文件", 0),
            ("数字", 1),
            ("至少一条关系", 1),
            ("两条以上", 1),
            ("相符", 1),
            ("不符", 1),
            ("未能检查", 1),
        )
        return Table("每个文件有多少数字受到检查", _columns(heads), rows)


def _share(part: int, whole: int) -> str:
    """A share in per cent with one decimal, rounded down: 99.96 % is not all."""
    return f"{part * 1000 // whole / 10:.1f}%" if whole else "—"


def _columns(heads: Sequence[tuple[str, int]]) -> tuple[Heading, ...]:
    return tuple(Heading(name, bool(number)) for name, number in heads)
