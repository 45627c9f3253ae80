"""The committed expectations: one Great Expectations suite, made from the shelf of identities by our own writer.

Great Expectations' own writer escapes Chinese, makes new ids at every save and rewrites all at every upgrade; nobody
could review that. Here the files are canonical: readable UTF-8, sorted keys, ids derived from names, the format's
version pinned. ``python -m analysis.balancing.gx.suites DIR`` writes them anew; a test holds them against the shelf
byte by byte. This module needs no Great Expectations; `analysis.balancing.gx.enforcement` runs what it wrote.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from analysis.knowledge.families import load_families
from analysis.knowledge.identities import load_identities
from analysis.terms.identity import Identities, Identity, Strength

SUITE = "budget_identities"
CHECKPOINT = "identities"
SUITE_FILE = f"suites/{SUITE}.json"
TYPE = "expect_identity_to_hold"
_FORMAT = "1.24.1"
_SEVERITY = {Strength.HARD: "critical", Strength.BOUND: "warning", Strength.SOFT: "warning"}
_SPACE = uuid5(NAMESPACE_URL, "budget-workbench/expectations")

CONFIG = f"""\
# Data context of Great Expectations, made by analysis.balancing.gx.suites; runs use a copy and leave it alone.
config_version: 4
stores:
  expectations_store:
    class_name: ExpectationsStore
    store_backend:
      class_name: TupleFilesystemStoreBackend
      base_directory: suites/
      suppress_store_backend_id: true
  validation_definition_store:
    class_name: ValidationDefinitionStore
    store_backend:
      class_name: TupleFilesystemStoreBackend
      base_directory: validation_definitions/
      suppress_store_backend_id: true
  checkpoint_store:
    class_name: CheckpointStore
    store_backend:
      class_name: TupleFilesystemStoreBackend
      base_directory: checkpoints/
      suppress_store_backend_id: true
  validation_results_store:
    class_name: ValidationResultsStore
    store_backend:
      class_name: TupleFilesystemStoreBackend
      base_directory: ../results/validations/
      suppress_store_backend_id: true
expectations_store_name: expectations_store
validation_results_store_name: validation_results_store
checkpoint_store_name: checkpoint_store
data_docs_sites:
  local_site:
    class_name: SiteBuilder
    show_how_to_buttons: false
    store_backend: {{class_name: TupleFilesystemStoreBackend, base_directory: ../results/data-docs/}}
    site_index_builder: {{class_name: DefaultSiteIndexBuilder}}
progress_bars: {{globally: false}}
fluent_datasources:
  budget:
    type: pandas
    id: {uuid5(_SPACE, "datasource")}
    assets:
      instances:
        type: dataframe
        id: {uuid5(_SPACE, "asset")}
        batch_definitions:
          whole:
            id: {uuid5(_SPACE, "batch definition")}
            partitioner: null
"""


def expectation_files(identities: Identities) -> dict[str, str]:
    """All committed files, by their path under the expectations folder."""
    return {
        "great_expectations.yml": CONFIG,
        SUITE_FILE: canonical(suite(identities.entries)),
        f"validation_definitions/{CHECKPOINT}.json": canonical(_validation_definition()),
        f"checkpoints/{CHECKPOINT}.json": canonical(_checkpoint()),
    }


def write_expectations(root: Path, identities: Identities | None = None) -> list[Path]:
    """Writes the committed files under `root` and returns their paths."""
    written = []
    for name, text in expectation_files(identities or load_identities(load_families())).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def canonical(value: Mapping[str, Any]) -> str:
    """The value as JSON that people can review: UTF-8, sorted, indented, with a final line end."""
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def suite(identities: tuple[Identity, ...]) -> dict[str, Any]:
    """The suite of Great Expectations with one expectation per identity."""
    return {
        "name": SUITE,
        "id": str(uuid5(_SPACE, SUITE)),
        "meta": {"great_expectations_version": _FORMAT},
        "notes": None,
        "expectations": expectations(identities),
    }


def expectations(identities: Sequence[Identity]) -> list[dict[str, Any]]:
    """One expectation per identity."""
    return [_expectation(identity) for identity in identities]


def _expectation(identity: Identity) -> dict[str, Any]:
    return {
        "type": TYPE,
        "id": str(uuid5(_SPACE, identity.id)),
        "severity": _SEVERITY[identity.strength],
        "meta": {"identity": identity.id, "kinds": [kind.value for kind in identity.kinds]},
        "kwargs": {
            "identity": identity.id,
            "sentence": f"{identity.zh} / {identity.en}",
            "basis": identity.source,
            "min_instances": 1,
            "row_condition": {
                "type": "comparison",
                "column": {"name": "identity"},
                "operator": "==",
                "parameter": identity.id,
            },
        },
    }


def _validation_definition() -> dict[str, Any]:
    return {
        "name": CHECKPOINT,
        "id": str(uuid5(_SPACE, "validation definition")),
        "data": {
            "datasource": {"name": "budget", "id": str(uuid5(_SPACE, "datasource"))},
            "asset": {"name": "instances", "id": str(uuid5(_SPACE, "asset"))},
            "batch_definition": {"name": "whole", "id": str(uuid5(_SPACE, "batch definition"))},
        },
        "suite": {"name": SUITE, "id": str(uuid5(_SPACE, SUITE))},
    }


def _checkpoint() -> dict[str, Any]:
    return {
        "name": CHECKPOINT,
        "id": str(uuid5(_SPACE, "checkpoint")),
        "validation_definitions": [{"name": CHECKPOINT, "id": str(uuid5(_SPACE, "validation definition"))}],
        "actions": [],
        "result_format": {"result_format": "BASIC", "partial_unexpected_count": 50},
    }


if __name__ == "__main__":
    for path in write_expectations(Path(sys.argv[1] if len(sys.argv) > 1 else "expectations")):
        print(path)
