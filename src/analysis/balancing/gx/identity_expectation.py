"""The one Great Expectations type that judges identities: row by row, on instances computed beforehand.

Great Expectations selects the rows of one identity, compares left and right within the tolerance, keeps both sides and
the place of every failing row, and never passes for want of rows (`min_instances`). The renderers say it in Chinese
first: the sentence with its severity, and a table of left, right and difference. Amounts arrive as integers of fen.
Great Expectations puts the cells of a table into the page as markup, so what stands in a document is escaped here,
where it enters. Importing this module registers the type; an unimported type would be dropped from a suite without a
word.
"""

import html
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import pandas as pd
from great_expectations.core.expectation_validation_result import ExpectationValidationResult
from great_expectations.execution_engine.execution_engine import ExecutionEngine
from great_expectations.execution_engine.pandas_execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_map_metric_provider import (
    MulticolumnMapMetricProvider,
)
from great_expectations.render.components import (
    CollapseContent,
    LegacyDiagnosticRendererType,
    LegacyRendererType,
    RenderedStringTemplateContent,
    RenderedTableContent,
)
from great_expectations.render.renderer.renderer import renderer

COLUMNS = ["document", "table", "code", "name", "measure", "left", "relation", "right", "tolerance"]
AT_LEAST = "≥"
_METRIC = "multicolumn_values.identity_holds"
_SEVERITY = {"critical": "严重", "warning": "警告", "info": "提示"}


class IdentityHolds(MulticolumnMapMetricProvider):
    """Row by row: left = right, or left ≥ right, within the tolerance; a missing side is a violation."""

    condition_metric_name = _METRIC
    condition_domain_keys = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")
    condition_value_keys = ()

    @multicolumn_condition_partial(engine=PandasExecutionEngine)  # type: ignore[untyped-decorator]
    def _pandas(cls, column_list: pd.DataFrame, **_: object) -> "pd.Series[bool]":  # noqa: N805
        return identity_holds(column_list)


def identity_holds(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Which rows hold; `rows` has left, right and tolerance in fen, and relation (= or ≥)."""
    gap = rows["left"] - rows["right"]
    over = gap.abs().where(rows["relation"] != AT_LEAST, -gap)
    return (over <= rows["tolerance"]).fillna(value=False).astype(bool)


class ExpectIdentityToHold(MulticolumnMapExpectation):
    """Expects one identity to hold at every place where it was looked at, and at `min_instances` places at least."""

    column_list: list[str] = COLUMNS
    ignore_row_if: Literal["all_values_are_missing", "any_value_is_missing", "never"] = "never"
    identity: str
    sentence: str
    basis: str
    min_instances: int

    map_metric: ClassVar[str] = _METRIC
    success_keys: ClassVar[tuple[str, ...]] = ("mostly", "min_instances")

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: ExecutionEngine[Any] | None = None,
    ) -> dict[str, Any]:
        verdict: dict[str, Any] = super()._validate(
            metrics=metrics, runtime_configuration=runtime_configuration, execution_engine=execution_engine
        )
        seen = metrics[f"{_METRIC}.filtered_row_count"]
        failed = metrics[f"{_METRIC}.unexpected_count"]
        result = verdict.setdefault("result", {})
        result["observed_value"] = f"{seen - failed}/{seen}"
        result["instances"] = seen
        if seen < self.min_instances:
            verdict["success"] = False
            result["details"] = {"vacuous": f"{seen} < {self.min_instances}"}
        return verdict

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)
    def _prescriptive_renderer(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: ExpectationValidationResult | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> list[RenderedStringTemplateContent]:
        if configuration is None:
            configuration = _judged(result).expectation_config
        if configuration is None:
            return []
        words = {key: html.escape(str(configuration.kwargs[key])) for key in ("identity", "sentence", "basis")}
        severity = _SEVERITY[configuration.severity.value]
        return [_text("$identity 〔$severity〕 $sentence （依据：$basis）", {"severity": severity, **words})]

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.OBSERVED_VALUE)
    def _diagnostic_observed_value_renderer(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: ExpectationValidationResult | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> str:
        return str(_judged(result).result.get("observed_value", "—"))

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.UNEXPECTED_STATEMENT)
    def _diagnostic_unexpected_statement_renderer(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: ExpectationValidationResult | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> list[RenderedStringTemplateContent | CollapseContent]:
        judged = _judged(result)
        if judged.success:
            return []
        seen, failed = judged.result.get("instances", 0), judged.result.get("unexpected_count", 0)
        template = "$seen 处中有 $failed 处不符 / $failed of $seen do not hold"
        if not seen:
            template = "没有可以检查之处 / there was nothing to check"
        return [_text(template, {"seen": str(seen), "failed": str(failed)})]

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.UNEXPECTED_TABLE)
    def _diagnostic_unexpected_table_renderer(
        cls,
        configuration: ExpectationConfiguration | None = None,
        result: ExpectationValidationResult | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> list[RenderedTableContent | CollapseContent] | None:
        rows = _judged(result).result.get("partial_unexpected_list") or []
        if not rows:
            return None
        header = ["文件", "表", "编码", "名称", "栏", "左边（元）", "关系", "右边（元）", "差额（元）", "容差（元）"]
        return [
            RenderedTableContent(
                content_block_type="table",
                header_row=header,
                table=[_row(row) for row in rows],
                styling={"body": {"classes": ["table-bordered", "table-sm", "mt-3"]}},
            )
        ]


def _judged(result: ExpectationValidationResult | None) -> ExpectationValidationResult:
    """The result that a diagnostic renderer is always given."""
    if result is None:
        raise TypeError("a diagnostic renderer needs a result")
    return result


def _text(template: str, params: Mapping[str, str]) -> RenderedStringTemplateContent:
    return RenderedStringTemplateContent(
        content_block_type="string_template",
        string_template={"template": template, "params": dict(params)},
    )


def _row(row: Mapping[str, Any]) -> list[str]:
    left, right = int(row["left"]), int(row["right"])
    place = [html.escape(str(row[key])) for key in ("document", "table", "code", "name", "measure")]
    return [*place, yuan(left), str(row["relation"]), yuan(right), yuan(left - right), yuan(int(row["tolerance"]))]


def yuan(fen: int) -> str:
    """An amount in fen as yuan with separators: 123456 is "1,234.56"."""
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{part:02d}"
