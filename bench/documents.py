"""The PDF documents that are measured: the published ones where they are to be had, else the shipped ones."""

from pathlib import Path

from analysis.knowledge.families import load_families
from analysis.knowledge.identities import load_identities

ROOT = Path(__file__).resolve().parents[1]
FAMILIES = load_families()
IDENTITIES = load_identities(FAMILIES)


def pdf_documents() -> list[Path]:
    published = sorted((ROOT.parent / "shared" / "documents").glob("*.pdf"))
    return published or sorted((ROOT / "data" / "raw").glob("*.pdf"))
