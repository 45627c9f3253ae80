"""The commands on files and dataset: clean, validate, export, forms.

Heavy libraries are imported by the command that needs them, so that `--help` is instant.
"""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.command_output import ERR, OUT, print_path
from analysis.errors import KnowledgeError, ParameterError
from analysis.project import find_project
from analysis.terms.document import READ_STATUSES, Status

if TYPE_CHECKING:
    import polars as pl

_MOST_FINDINGS = 20


def read_files(options: argparse.Namespace) -> int:
    """Read the published files: `workbench clean`."""
    from analysis import pipeline, progress

    raw, clean, forms = options.raw, options.clean, options.forms
    if not raw.is_dir():
        raise ParameterError(f"没有文件夹 {raw}；请用 --raw 指明。 / there is no folder {raw}: name one with --raw")
    if forms is not None:
        _check_forms(forms)
    _check_given(raw)
    with progress.shown("读取 clean", ERR):
        documents = pipeline.clean(
            find_project(),
            raw,
            clean,
            options.workers,
            options.scheduler,
            forms,
            options.memory,
            scans=not options.no_scans,
        )
    _print_documents(documents)
    if documents.is_empty():
        OUT.say(
            f"{raw} 中没有公布的文件；请把 PDF、xlsx、xls、docx、html 或 txt 放进去再运行。"
            f" / no published files in {raw}: put PDF, xlsx, xls, docx, html or txt there and run again",
        )
    elif nothing_read(documents):
        OUT.say("没有一个文件读得出来，数据集中没有数字。 / none of the files could be read: there are no figures")
    print_path("数据集 dataset", clean)
    return int((documents["status"] == Status.FAILED.value).any())


def _check_forms(forms_dir: Path) -> None:
    """Refuse a folder of families that cannot be read before anything starts."""
    from analysis.knowledge.families import load_families
    from analysis.knowledge.identities import load_identities
    from analysis.knowledge.text_rules import load_text_rules

    try:
        families = load_families(forms_dir)
        load_identities(families)
        load_text_rules(families)
    except KnowledgeError as error:
        raise ParameterError(f"--forms {forms_dir}: {error}") from error


def _check_given(raw_dir: Path) -> None:
    """Refuse what a person says of documents before anything starts, where it cannot be read."""
    from analysis.knowledge.given import load_given
    from analysis.steps.given_facts import GIVEN_FILE

    try:
        if (raw_dir / GIVEN_FILE).exists():
            load_given(raw_dir / GIVEN_FILE)
    except KnowledgeError as error:
        raise ParameterError(str(error)) from error


def nothing_read(documents: "pl.DataFrame") -> bool:
    """Whether no file of the dataset could be read."""
    return not documents["status"].is_in(READ_STATUSES).any()


def _print_documents(documents: "pl.DataFrame") -> None:
    counts = dict(documents["status"].value_counts(sort=True).iter_rows())
    by_status = f" ({', '.join(f'{name} {count}' for name, count in counts.items())})" if counts else ""
    OUT.say(f"文件 files: {documents.height}{by_status}")
    for row in documents.filter(documents["status"] != Status.PARSED.value).iter_rows(named=True):
        OUT.say(f"  {row['status']}: {row['source_file']}: {row['message']}")
    for row in documents.filter(documents["note"].is_not_null()).iter_rows(named=True):
        OUT.say(f"  note: {row['source_file']}: {row['note']}")


def validate(options: argparse.Namespace) -> int:
    """Check the dataset: `workbench validate`."""
    return check(options.raw, options.clean, options.site, options.workers, options.scheduler, strict=options.strict)


def check(raw: Path, clean: Path, site: Path, workers: int, scheduler: str | None, *, strict: bool = False) -> int:
    """Check everything, and say what was found."""
    from analysis import pipeline, progress
    from analysis.balancing.acceptances import read_acceptances, stale_acceptances
    from analysis.dataset.store import read_table
    from analysis.dataset.unchecked import read_unchecked
    from analysis.display.words import place_in_file

    project = find_project()
    with progress.shown("核对 validate", ERR):
        findings = pipeline.validate(project, raw, clean, site, workers, scheduler)
    outcomes = dict(read_table(clean, "checks")["outcome"].value_counts(sort=True).iter_rows())
    if outcomes:
        OUT.say(f"检查 checks: {', '.join(f'{name} {count}' for name, count in outcomes.items())}")
    else:
        OUT.say("数据集中没有可以核对的内容。 / there is nothing to check in the dataset")
    unchecked, documents = read_unchecked(clean), read_table(clean, "documents")
    for row in documents.filter(documents["document_id"].is_in(list(unchecked))).iter_rows(named=True):
        if row["status"] != "duplicate":
            OUT.say(f"  未检查 unchecked: {row['source_file']}: {unchecked[row['document_id']]}")
    still_open = findings.filter(findings["status"] == "open")
    counts = dict(still_open["severity"].value_counts().iter_rows())
    severities = ", ".join(f"{severity} {counts.get(severity, 0)}" for severity in ("error", "warning", "info"))
    OUT.say(f"问题 findings: {severities}, accepted {findings.height - still_open.height}")
    for row in still_open.head(_MOST_FINDINGS).iter_rows(named=True):
        OUT.say(f"  {row['severity']}: {row['source_file']} {place_in_file(row)}: {row['message_zh']}")
    if still_open.height > _MOST_FINDINGS:
        OUT.say(f"  … 另有 {still_open.height - _MOST_FINDINGS} 个问题未列出 / more")
    for stale in stale_acceptances(findings, read_acceptances(project.expectations)):
        OUT.say(f"  stale: {stale.words}")
    print_path("问题清单 audit", site / "audit" / "index.html")
    print_path("Data Docs", site / "data-docs" / "index.html")
    return int(strict and bool(counts.get("error")))


def export(options: argparse.Namespace) -> int:
    """Write the dataset for other programs: `workbench export`."""
    from analysis.dataset.export.formats import export

    for path in export(options.clean, options.to, options.format):
        print_path("写出 written", path)
    return 0


def forms(options: argparse.Namespace) -> int:
    """Tell the known families, or that of a file: `workbench forms`."""
    if options.forms is not None:
        _check_forms(options.forms)
    if options.file is None:
        _list_families(options.forms)
    else:
        _describe_file(options.file, options.forms)
    return 0


def _list_families(forms_dir: Path | None) -> None:
    from analysis.knowledge.families import load_families

    for family in load_families(forms_dir).by_id.values():
        tables = len({form.table for form in family.forms})
        OUT.say(f"{family.id}: {family.zh} {family.en}")
        OUT.say(f"  承自 extends: {family.extends or '-'}; 法定表 tables: {tables}")
        OUT.say(f"  来源 source: {family.source}")


def _describe_file(path: Path, forms_dir: Path | None) -> None:
    from analysis.knowledge.names import official_tables
    from analysis.steps.describe_forms import describe_forms

    if not path.is_file():
        raise ParameterError(f"没有文件 {path}。 / there is no file {path}")
    found = describe_forms(path, forms_dir)
    recognised = found.recognition
    family = recognised.family
    OUT.say(f"表式 family: {family.id} {family.zh} {family.en}, 符合度 score {recognised.score:.2f}")
    for fit in sorted(recognised.fits, key=lambda one: -one.score):
        signs = f"标题 titles {fit.titles:.0%}, 表头 headers {fit.headers:.0%}, 地名 place {fit.place:.0%}"
        OUT.say(f"  {fit.family.id}: {fit.score:.2f} ({signs})")
    OUT.say(f"法定表 tables: {len(found.tables)}")
    for title, table in found.tables:
        OUT.say(f"  {title}: {official_tables()[table]} ({table})")
    OUT.say(f"未读懂 not understood: {len(found.problems)}")
    for problem in found.problems:
        OUT.say(f"  {problem}")
