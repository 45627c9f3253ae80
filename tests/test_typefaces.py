"""Files that name a font and do not carry it read alike on every machine: with its fonts, and without any."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RAW = Path(__file__).resolve().parents[1] / "data" / "raw"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/share/X11/fonts", "/usr/local/share/fonts")
READ = """
import sys
from pathlib import Path
from analysis.extraction.formats.pdf_pages import read_pages
for page in read_pages(Path(sys.argv[1])):
    print(page)
"""


def pages_of(path: Path, *prefix: str) -> str:
    command = [*prefix, sys.executable, "-c", READ, str(path)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("path", sorted(RAW.glob("*.pdf")), ids=lambda path: path.stem)
def test_a_page_reads_alike_on_a_machine_without_fonts(path: Path) -> None:
    hide = " && ".join(f"mount -t tmpfs none {folder}" for folder in FONT_FOLDERS if Path(folder).is_dir())
    private = ["unshare", "--map-root-user", "--mount", "sh", "-c", f'{hide or "true"} && exec "$@"', "sh"]
    if shutil.which("unshare") is None or subprocess.run([*private, "true"], check=False).returncode:
        pytest.skip("this machine does not let a test hide its fonts (unshare)")
    seen = pages_of(path, *private)
    assert seen == pages_of(path)
    assert len(seen) > 50_000
