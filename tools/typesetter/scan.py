"""Scans any document: its pages as pictures, as a copier or an old fax of a finance bureau would give them.

Everything is drawn from a seed: the paper lies a little askew, the lamp leaves a shadow, the sensor noise, a seal hangs
over the figures, and JPEG does the rest. What was printed stays known: the places of the figures are those of the
document, for a page is turned about its middle.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFilter

POINTS = 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """How a document is scanned.

    Attributes:
        dpi: Pixels an inch.
        skew: Degrees that a page lies askew at most, to either side.
        noise: Standard deviation of the sensor's noise, in grey values.
        blur: Radius of the lens's blur, in pixels.
        quality: Of the JPEG, 1 to 95.
        shadow: How much darker one side of the page is, from 0 to 1.
        paper: Grey value of the paper.
        ink: Grey value of the ink: 0 is black, 150 is faint.
        seals: Red seals on a page.
        turn: Quarter turns clockwise by which every page lies in the scanner.
    """

    dpi: int = 150
    skew: float = 1.0
    noise: float = 4.0
    blur: float = 0.4
    quality: int = 60
    shadow: float = 0.15
    paper: int = 245
    ink: int = 30
    seals: int = 0
    turn: int = 0


def scan_pages(path: Path, scan: Scan, seed: int, pages: frozenset[int] | None = None) -> Iterator[Image.Image]:
    """The pages of a PDF as a scanner gives them; those that are not in `pages` (from 1) are passed over."""
    with pdfium.PdfDocument(path) as document:
        for number in range(len(document)):
            if pages is not None and number + 1 not in pages:
                continue
            rng = Random(f"{seed}/{path.name}/{number}/scan")
            drawn = document[number].render(scale=scan.dpi / POINTS, rev_byteorder=True).to_pil().convert("RGB")
            yield _scanned(drawn, scan, rng)


def _scanned(page: Image.Image, scan: Scan, rng: Random) -> Image.Image:
    for _ in range(scan.seals):
        page = _with_seal(page, scan, rng)
    sheet = np.asarray(page, np.float32) * ((scan.paper - scan.ink) / 255) + scan.ink
    tone = tuple([scan.paper] * 3)
    askew = Image.fromarray(sheet.clip(0, 255).astype(np.uint8)).rotate(
        rng.uniform(-scan.skew, scan.skew), Image.Resampling.BICUBIC, fillcolor=tone
    )
    if scan.blur:
        askew = askew.filter(ImageFilter.GaussianBlur(scan.blur))
    values = np.asarray(askew, np.float32)
    values = values * _lamp(values.shape[0], values.shape[1], scan.shadow, rng)[..., None]
    sensor = np.random.default_rng(rng.getrandbits(64))
    values += sensor.normal(0.0, scan.noise, values.shape[:2]).astype(np.float32)[..., None]
    seen = Image.fromarray(values.clip(0, 255).astype(np.uint8)).rotate(-90 * scan.turn, expand=True)
    file = BytesIO()
    seen.save(file, "JPEG", quality=scan.quality)
    return Image.open(BytesIO(file.getvalue()))


def _lamp(height: int, width: int, shadow: float, rng: Random) -> np.ndarray:
    """How bright the paper is: darker to one side."""
    across = np.linspace(1.0, 1.0 - shadow, width, dtype=np.float32)[:: rng.choice((1, -1))]
    down = np.linspace(1.0, 1.0 - shadow / 2, height, dtype=np.float32)[:: rng.choice((1, -1))]
    return down[:, None] * across[None]


def _with_seal(page: Image.Image, scan: Scan, rng: Random) -> Image.Image:
    """A round red seal somewhere on the page, see-through as stamp ink is."""
    size = round(1.6 * scan.dpi)
    left, top = rng.randrange(max(1, page.width - size)), rng.randrange(max(1, page.height - size))
    layer = Image.new("RGBA", page.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    red = (205, 30, 35, 170)
    box = (left, top, left + size, top + size)
    draw.ellipse(box, outline=red, width=max(2, scan.dpi // 28))
    middle = left + size / 2, top + size / 2
    draw.regular_polygon((*middle, size / 6), 5, fill=red)
    draw.line(
        (left + size * 0.2, middle[1] + size * 0.3, left + size * 0.8, middle[1] + size * 0.3), red, scan.dpi // 20
    )
    return Image.alpha_composite(page.convert("RGBA"), layer).convert("RGB")


def set_scan(path: Path, out: Path, scan: Scan, seed: int = 1, pages: frozenset[int] | None = None) -> int:
    """Write the scan of a PDF: as PDF, as TIFF of several pages, or as one PNG or JPEG; returns the number of pages."""
    images = list(scan_pages(path, scan, seed, pages))
    first, *others = images
    options = {"quality": scan.quality} if out.suffix.lower() in {".pdf", ".jpg"} else {}
    more = {} if out.suffix.lower() in {".png", ".jpg"} else {"save_all": True, "append_images": others}
    if out.suffix.lower() == ".pdf":
        options["resolution"] = scan.dpi
    first.save(out, dpi=(scan.dpi, scan.dpi), **options, **more)
    return len(images)
