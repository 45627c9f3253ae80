"""What the kernels of reports have ready before their first cell: what the notebooks import, and what they look up."""

from analysis.display.templating import compile_templates
from analysis.indicators.catalogue import indicators
from analysis.knowledge.code_books import code_book
from analysis.knowledge.fact_rules import fact_rules
from analysis.knowledge.families import load_families
from analysis.knowledge.fields import data_dictionary
from analysis.knowledge.names import measure_colours, measure_names, table_names
from analysis.runtime.kernels.preload import Preload

REPORT_PRELOAD = Preload(
    modules=(
        "analysis.reports.compare",
        "analysis.reports.function",
        "analysis.reports.series",
        "analysis.reports.unit",
        "analysis.reports.year",
        "analysis.charts",
        "analysis.indicators",
        "polars",
        "pyarrow.parquet",
        "matplotlib.figure",
        "matplotlib.font_manager",
        "matplotlib.backends.backend_agg",
        "matplotlib.backends.backend_svg",
    ),
    # Knowledge that a process reads once and never changes: plain values, no more than what an import leaves behind.
    calls=(
        code_book,
        compile_templates,
        data_dictionary,
        fact_rules,
        indicators,
        load_families,
        measure_colours,
        measure_names,
        table_names,
    ),
)
