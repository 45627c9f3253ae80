"""The PDF documents that are measured: the published ones where they are to be had, else the shipped ones."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def pdf_documents() -> list[Path]:
    published = sorted((ROOT.parent / "shared" / "documents").glob("*.pdf"))
    return published or sorted((ROOT / "data" / "raw").glob("*.pdf"))
