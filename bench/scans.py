"""Scans: how many figures come out right, how sure they are, and what a page costs against plain rapidocr.

Made documents are scanned in several ways from a seed, their covers and the pages with figures. The truth is what the
workbench reads in the document itself: a figure is right where at its place stands the same amount with the same
meaning. `PAGES=N` is how many pages are read
for each way (default 20), `SCANS` the ways; `curve` stands for twelve of them, over resolution and quality.
"""

import os
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from analysis.terms.line_item import LineItem

WAYS = {
    "plain": {"skew": 0.0, "noise": 0.0, "blur": 0.0, "quality": 90, "shadow": 0.0},
    "usual": {"skew": 1.0, "quality": 60},
    "poor": {"skew": 1.0, "quality": 50, "noise": 10.0, "blur": 0.7, "shadow": 0.3, "ink": 60},
    "seals": {"skew": 0.8, "quality": 60, "seals": 2},
    "coarse": {"dpi": 110, "skew": 0.8, "quality": 60},
    "sealed": {"dpi": 110, "skew": 0.8, "quality": 40, "seals": 2},
}
CURVE = {
    f"{dpi}/{quality}": {"dpi": dpi, "quality": quality, "skew": 0.8}
    for dpi in (90, 110, 150, 200)
    for quality in (30, 50, 80)
}
"""Dots an inch, and quality of the JPEG."""
PAGES = int(os.environ.get("PAGES", "20"))
COMPARED = int(os.environ.get("COMPARED", "3"))


def main() -> None:
    os.environ["OMP_NUM_THREADS"] = "1"
    import cv2
    from typesetter.corpus import Plan, make_corpus
    from typesetter.scan import Scan, set_scan

    from analysis.steps.read_and_resolve import read_and_resolve

    cv2.setNumThreads(1)
    asked = os.environ.get("SCANS", ",".join(WAYS))
    ways = CURVE if asked == "curve" else {name: WAYS[name] for name in asked.split(",")}
    with TemporaryDirectory() as name:
        folder = Path(name)
        make_corpus(Plan(12, 7), folder / "corpus")
        sources = sorted((folder / "corpus" / "raw").glob("*.pdf"))
        for number, (way, how) in enumerate(ways.items()):
            totals: Counter[str] = Counter()
            seconds: list[float] = []
            for at, source in enumerate(sources):
                if len(seconds) >= PAGES:
                    break
                out = folder / f"{number}-{at}.pdf"
                truth = [item for item in read_and_resolve(source).line_items if item.figure.place.page]
                pages = [1, *sorted({item.figure.place.page for item in truth})][: PAGES - len(seconds) + 1]
                set_scan(source, out, Scan(**how), seed=at, pages=frozenset(pages))
                moved = {page: number for number, page in enumerate(pages, 1)}
                totals += measure(truth, moved, out, seconds)
            _print(way, totals, seconds)
        if asked != "curve":
            _print_cost(folder / "0-0.pdf")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def measure(truth: Sequence[LineItem], moved: Mapping[int, int], scan: Path, seconds: list[float]) -> Counter[str]:
    """What became of every figure of some pages when their scan was read; the time of each page is added.

    `moved` tells the number that a page has in the scan.
    """
    from analysis.extraction.formats.ocr.at_once import recognise_now
    from analysis.recognising.picture import PagePicture, RecognisedPicture
    from analysis.steps.read_and_resolve import read_and_resolve

    def timed(picture: PagePicture) -> RecognisedPicture | str:
        start = time.process_time()
        found = recognise_now(picture)
        seconds.append(time.process_time() - start)
        return found

    on_pages = [
        replace(item, figure=replace(item.figure, place=replace(item.figure.place, page=moved[item.figure.place.page])))
        for item in truth
        if item.figure.place.page in moved
    ]
    return compare(on_pages, read_and_resolve(scan, pictures=timed).line_items)


def compare(truth: Sequence[LineItem], read: Sequence[LineItem]) -> Counter[str]:
    """Counts: figures, right, by certainty, wrong by certainty, missing, invented."""
    counts: Counter[str] = Counter(figures=len(truth))
    left = dict(enumerate(read))
    for item in truth:
        place = item.figure.place
        x, y = (place.x0 + place.x1) / 2, (place.top + place.bottom) / 2
        at = next(
            (n for n, one in left.items() if one.figure.place.page == place.page and one.figure.place.holds(x, y)), None
        )
        if at is None:
            counts["missing"] += 1
            continue
        found = left.pop(at)
        same = _meaning(found) == _meaning(item) and found.figure.amount == item.figure.amount
        counts[f"{'right' if same else 'wrong'} {found.certainty}"] += 1
        counts["right" if same else "wrong"] += 1
        counts["misread"] += found.figure.amount != item.figure.amount
        if os.environ.get("SHOW") and not same:
            print(item.row, item.column, item.figure.printed, "->", found)
    counts["invented"] = len(left)
    return counts


def _meaning(item: LineItem) -> tuple[object, ...]:
    return item.row.table, item.row.code, item.column


def _print(way: str, counts: Counter[str], seconds: list[float]) -> None:
    figures = max(1, counts["figures"])
    silent = {kind: counts[f"wrong {kind}"] for kind in ("proven", "read")}
    print(
        f"{way:8s} {len(seconds):3d} pages {figures:5d} figures: right {counts['right'] / figures:7.2%}"
        f"  proven {counts['right proven'] / figures:6.1%}  read {counts['right read'] / figures:6.1%}"
        f"  doubtful {(counts['right doubtful'] + counts['wrong doubtful']) / figures:6.1%}"
        f"  missing {counts['missing']}  invented {counts['invented']}"
        f"  silently wrong: proven {silent['proven']}, read {silent['read']}"
        f"  {statistics.median(seconds):.2f} s of CPU a page (median)",
        flush=True,
    )


def _print_cost(path: Path) -> None:
    """The same pages by plain rapidocr over the whole page and here, in turns."""
    import pypdfium2 as pdfium
    from rapidocr import RapidOCR

    from analysis.extraction.formats.ocr.at_once import recognise_now
    from analysis.recognising.picture import PagePicture
    from analysis.recognising.pixels import to_grey

    threads = {f"EngineConfig.onnxruntime.{name}_op_num_threads": 1 for name in ("intra", "inter")}
    engine = RapidOCR(params={**threads, "Global.log_level": "error"})
    ratios = []
    with pdfium.PdfDocument(path) as document:
        for number in range(len(document)):
            if len(ratios) >= COMPARED:
                break
            scale = 150 / 72
            colours = document[number].render(scale=scale, rev_byteorder=True).to_numpy()[..., :3].copy()
            start = time.process_time()
            recognise_now(PagePicture(number + 1, to_grey(colours, scale), scale))
            ours = time.process_time() - start
            start = time.process_time()
            engine(colours[..., ::-1].copy())
            theirs = time.process_time() - start
            ratios.append((ours, theirs))
    if not ratios:
        return
    ours, theirs = sum(one for one, _ in ratios), sum(other for _, other in ratios)
    said = f"here {ours / len(ratios):.2f} s, plain rapidocr {theirs / len(ratios):.2f} s a page"
    print(f"{len(ratios)} pages: {said}: {ours / theirs:.2f}")


if __name__ == "__main__":
    sys.exit(main())
