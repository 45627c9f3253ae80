"""Scans: what pictures say is read, and no figure of theirs is wrong without a word."""

import base64
import email.message
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import polars as pl
import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from typesetter.scan import Scan, set_scan

from analysis.balancing.evidence import Failures
from analysis.balancing.reading_questions import as_questions, doubtful_readings
from analysis.balancing.settle_readings import settle_readings
from analysis.errors import KnowledgeError, UnreadableFileError
from analysis.extraction.formats.format_registry import format_of
from analysis.extraction.formats.pdf import read_pdf
from analysis.extraction.layout.blocks import Blocks, Grid
from analysis.knowledge.code_books import code_book
from analysis.knowledge.families import load_families
from analysis.knowledge.identities import load_identities
from analysis.knowledge.readings import load_readings
from analysis.reading.read_document import read_document
from analysis.recognising import picture as pictures
from analysis.recognising.ctc import as_amounts, spell, spell_numbers
from analysis.recognising.picture import KnownPictures, PagePicture, RecognisedPicture, RecognisedPiece, decline
from analysis.recognising.picture_page import with_layer
from analysis.recognising.recognised_store import RecognisedStore
from analysis.runtime.work import UNLIMITED, Result, Task, TaskLimits, WorkError, died, late
from analysis.runtime.worker import attempt
from analysis.steps.raw_files import find_files
from analysis.steps.read_files import read_files
from analysis.steps.recognise_pictures import Scans
from analysis.steps.told_readings import cell_of, with_told_readings
from analysis.terms.document import ReadDocument
from analysis.terms.finding import Finding, Severity
from analysis.terms.line_item import LineItem, Place
from analysis.terms.money import parse_amount, to_yuan
from analysis.terms.page import Char, Page
from analysis.terms.recognition import Candidate, Certainty, Reading, ToldReading

ROOT = Path(__file__).resolve().parents[1]
ROWS = [["201", "1,238,500.00", "350.60"], ["20101", "86,317.45", "0.00"], ["30102", "-1,000.10", "77.77"]]


def table(path: Path) -> Path:
    canvas = Canvas(str(path), pagesize=(595, 842))
    canvas.setLineWidth(0.7)
    for row in range(4):
        canvas.line(80, 600 - 24 * row, 500, 600 - 24 * row)
    for x in (80, 200, 350, 500):
        canvas.line(x, 600, x, 600 - 72)
    canvas.setFont("Helvetica", 10)
    for row, texts in enumerate(ROWS):
        canvas.drawString(86, 584 - 24 * row, texts[0])
        canvas.drawRightString(345, 584 - 24 * row, texts[1])
        canvas.drawRightString(495, 584 - 24 * row, texts[2])
    canvas.showPage()
    canvas.save()
    return path


def rows_of(blocks: Blocks) -> list[list[str]]:
    (grid,) = (block for block in blocks.blocks if isinstance(block, Grid))
    return [[cell.text if cell else "" for cell in row] for row in grid.matrix()]


@pytest.mark.parametrize(
    "scan",
    [Scan(), Scan(seals=2, skew=0.5), Scan(turn=1, skew=0.3), Scan(paper=190, ink=80, shadow=0.3, skew=0.5)],
    ids=["askew", "seals", "turned", "grey"],
)
def test_the_cells_of_a_scan_are_those_of_the_page(scan: Scan, tmp_path: Path) -> None:
    set_scan(table(tmp_path / "a.pdf"), tmp_path / "scan.pdf", scan, seed=3)
    blocks = read_pdf(tmp_path / "scan.pdf")
    assert rows_of(blocks) == ROWS
    assert {reading.text for reading in blocks.readings.values()} >= {text for row in ROWS for text in row}
    assert "certainty" in blocks.notes[0] and not blocks.problems


@pytest.mark.parametrize("ending", ["png", "jpg", "tiff", "gif"])
def test_a_picture_is_read_as_a_file(ending: str, tmp_path: Path) -> None:
    set_scan(table(tmp_path / "a.pdf"), tmp_path / f"scan.{ending}", Scan(quality=80), seed=1)
    found = format_of(tmp_path / f"scan.{ending}")
    assert found.id == "picture"
    assert rows_of(found.read(tmp_path / f"scan.{ending}")) == ROWS


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_page_of_few_words_that_lies_turned_is_set_upright(turn: int, tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842))
    canvas.setFont("Helvetica", 14)
    words = ["Budget", "Statement2025", "Revenue1,238,500.00"]
    for row, word in enumerate(words):
        canvas.drawString(120, 700 - 40 * row, word)
    canvas.save()
    set_scan(tmp_path / "a.pdf", tmp_path / "scan.pdf", Scan(turn=turn, skew=0.3), seed=3)
    texts = [block.text for block in read_pdf(tmp_path / "scan.pdf").blocks]  # type: ignore[union-attr]
    assert texts == words


def test_a_head_in_white_on_a_dark_field_is_read(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "a.pdf"), pagesize=(595, 842))
    canvas.setFillColorRGB(0.1, 0.2, 0.5)
    canvas.rect(80, 576, 420, 24, fill=1, stroke=0)
    for row in range(4):
        canvas.line(80, 600 - 24 * row, 500, 600 - 24 * row)
    for x in (80, 200, 350, 500):
        canvas.line(x, 600, x, 528)
    canvas.setStrokeColorRGB(1, 1, 1)
    for x in (200, 350):
        canvas.line(x, 600, x, 576)
    canvas.setFont("Helvetica", 10)
    for row, texts in enumerate([["Code", "Amount", "Second"], *ROWS[:2]]):
        canvas.setFillColorRGB(*((1, 1, 1) if row == 0 else (0, 0, 0)))
        for x, text in zip((86, 240, 400), texts, strict=True):
            canvas.drawString(x, 584 - 24 * row, text)
    canvas.save()
    set_scan(tmp_path / "a.pdf", tmp_path / "scan.pdf", Scan(), seed=3)
    blocks = read_pdf(tmp_path / "scan.pdf")
    assert rows_of(blocks) == [["Code", "Amount", "Second"], *ROWS[:2]] and not blocks.problems


def photographed(tmp_path: Path, *, lean: float = 0.0, bend: float = 0.0) -> Path:
    """The table seen from the side, or bent: by shares of the width, and of the height, of its page."""
    set_scan(table(tmp_path / "a.pdf"), tmp_path / "a.png", Scan(skew=0.2), seed=1)
    page = np.asarray(Image.open(tmp_path / "a.png").convert("L"))
    height, width = page.shape
    sheet = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = np.array([[lean * width, 0], [(1 - lean) * width, 0], [width, height], [0, height]], np.float32)
    page = cv2.warpPerspective(page, cv2.getPerspectiveTransform(sheet, seen), (width, height), borderValue=120)
    down, across = np.mgrid[0:height, 0:width].astype(np.float32)
    page = cv2.remap(page, across, down + bend * height * np.sin(np.pi * across / width), cv2.INTER_LINEAR)
    Image.fromarray(page).save(tmp_path / "photo.png", dpi=(150, 150))
    return tmp_path / "photo.png"


@pytest.mark.parametrize("lean", [0.01, 0.04])
def test_a_table_seen_from_the_side_is_read_as_if_from_the_front(lean: float, tmp_path: Path) -> None:
    path = photographed(tmp_path, lean=lean)
    blocks = format_of(path).read(path)
    assert rows_of(blocks) == ROWS and not blocks.problems


def test_a_bent_table_is_named_and_not_read(tmp_path: Path) -> None:
    path = photographed(tmp_path, bend=0.03)
    blocks = format_of(path).read(path)
    assert not blocks.blocks and blocks.unread_pages == (1,)
    assert "弯曲" in blocks.problems[0]


def test_a_page_with_text_is_left_alone(tmp_path: Path) -> None:
    def never(_picture: PagePicture) -> str:
        raise AssertionError

    blocks = read_pdf(table(tmp_path / "a.pdf"), never)
    assert rows_of(blocks) == ROWS and not blocks.readings


def test_without_the_libraries_a_scan_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    set_scan(table(tmp_path / "a.pdf"), tmp_path / "scan.pdf", Scan(), seed=3)
    monkeypatch.setattr(pictures, "find_spec", lambda _name: None)
    with pytest.raises(UnreadableFileError, match="没有安装文字识别"):
        read_pdf(tmp_path / "scan.pdf")
    with pytest.raises(UnreadableFileError, match="--no-scans"):
        read_pdf(tmp_path / "scan.pdf", decline)


def test_what_was_recognised_is_known_again(tmp_path: Path) -> None:
    picture = PagePicture(3, np.full((20, 30), 255, np.uint8), 2.0)
    piece = RecognisedPiece((Char("7", 1.0, 2.0, 3.0, 4.0),), Reading((Candidate("7", 0.9), Candidate("1", 0.1))))
    found = RecognisedPicture(15.0, 10.0, 1, ((1.0, 0.0, 9.0),), (), (piece,), ((1.0, 1.0, 2.0, 2.0),))
    known = KnownPictures({})
    assert isinstance(known(picture), str) and list(known.wanted.values()) == [picture]
    RecognisedStore(tmp_path, "first").keep(picture.digest, found)
    known = KnownPictures(RecognisedStore(tmp_path, "first"))
    assert known(picture) == found and not known.wanted
    assert not RecognisedStore(tmp_path, "second")
    assert KnownPictures({}, {picture.digest: "太慢"})(picture) == "太慢"


def test_a_number_is_offered_with_what_else_it_may_be() -> None:
    signs = ["", *"0123456789,.-"]
    steps = np.full((5, len(signs)), 1e-6, np.float32)
    for at, (first, second) in enumerate([("1", ""), ("2", ""), (",", "."), ("4", ""), ("5", "6")]):
        steps[at, signs.index(first)] = 0.6
        steps[at, signs.index(second) if second else 0] += 0.38
    assert spell(steps, signs).text == "12,45"
    texts = [one.text for one in as_amounts(spell_numbers(steps, range(1, len(signs))))]
    assert texts[0] in {"12.45", "12.46"} and {"12.45", "12.46"} <= set(texts)


def test_a_text_behind_the_picture_that_says_another_figure_leaves_both_in_doubt() -> None:
    chars = tuple(Char(sign, 10.0 + 5 * at, 10.0, 15.0 + 5 * at, 20.0) for at, sign in enumerate("1,280"))
    piece = RecognisedPiece(chars, Reading((Candidate("1,230", 0.95),)))
    layer = Page(1, 100.0, 100.0, 0, chars, (), (), recognised=True)
    page = with_layer(RecognisedPicture(100.0, 100.0, 0, (), (), (piece,)), layer)
    ((_, _, reading),) = page.readings
    assert reading.contested and [one.text for one in reading.candidates] == ["1,280", "1,230"]
    assert page.chars == chars


def test_words_behind_the_picture_stand_where_ours_are_poorer_or_none() -> None:
    ours = tuple(Char(sign, 10.0 + 5 * at, 10.0, 15.0 + 5 * at, 20.0) for at, sign in enumerate("教"))
    theirs = tuple(Char(sign, 10.0 + 5 * at, 10.0, 15.0 + 5 * at, 20.0) for at, sign in enumerate("款"))
    unseen = tuple(Char(sign, 60.0 + 5 * at, 10.0, 65.0 + 5 * at, 20.0) for at, sign in enumerate("302"))
    layer = Page(1, 100.0, 100.0, 0, theirs + unseen, (), (), recognised=True)
    piece = RecognisedPiece(ours, Reading((Candidate("教", 0.6),)))
    page = with_layer(RecognisedPicture(100.0, 100.0, 0, (), (), (piece,)), layer)
    assert page.chars == theirs + unseen


@pytest.fixture(scope="module")
def printed() -> ReadDocument:
    path = next((ROOT / "data" / "raw").glob("*万里*2025*.pdf"))
    return read_document(path, load_families())


def recognised(document: ReadDocument, offers: Mapping[int, tuple[str, ...]], score: float = 0.95) -> ReadDocument:
    """The document as if all of its figures had been recognised, some of them wrongly: the first offer is read."""
    items, readings = [], {}
    for number, item in enumerate(document.line_items):
        texts = offers.get(number, (item.figure.printed,))
        scores = [score, *(0.3,) * len(texts)]
        readings[item.figure.place] = Reading(tuple(map(Candidate, texts, scores)))
        items.append(with_text(item, texts[0]))
    return replace(document, line_items=tuple(items), readings=readings)


def with_text(item: LineItem, text: str) -> LineItem:
    amount = parse_amount(text, item.row.unit)
    assert amount is not None
    return replace(item, figure=replace(item.figure, printed=text, amount=to_yuan(amount, item.row.unit)))


def settle(document: ReadDocument) -> tuple[LineItem, ...]:
    return settle_readings(document, load_identities(load_families()), code_book())


def misread(text: str) -> str:
    at = next(at for at, sign in enumerate(text) if sign.isdigit())
    return f"{text[:at]}{(int(text[at]) + 3) % 9 + 1}{text[at + 1 :]}"


def a_code_row(document: ReadDocument) -> int:
    """A figure of a code that has several others beside it: true sums speak of it."""
    items = document.line_items
    parents = Counter(
        item.row.parent_code for item in items
        if item.row.table == "expenditure" and item.row.code_level == 3 and item.column.measure == "total"
    )  # fmt: skip
    return next(
        at for at, item in enumerate(items)
        if item.row.table == "expenditure" and item.row.code_level == 3 and item.column.measure == "total"
        and item.figure.amount > 1000 and parents[item.row.parent_code] > 1
    )  # fmt: skip


def test_the_identities_choose_among_what_a_figure_may_be(printed: ReadDocument) -> None:
    at = a_code_row(printed)
    right = printed.line_items[at].figure.printed
    document = recognised(printed, {at: (misread(right), right)})
    settled = settle(document)
    assert settled[at].figure == printed.line_items[at].figure
    assert settled[at].certainty is Certainty.PROVEN
    proven = sum(item.certainty is Certainty.PROVEN for item in settled)
    assert proven > 0.5 * len(settled)
    assert all(item.figure == was.figure for item, was in zip(settled, printed.line_items, strict=True))


def test_a_last_digit_that_hides_in_the_tolerance_is_not_proven(printed: ReadDocument) -> None:
    at = a_code_row(printed)
    right = printed.line_items[at].figure.printed
    wrong = f"{right[:-1]}{(int(right[-1]) + 1) % 10}"
    assert settle(recognised(printed, {}))[at].certainty is Certainty.PROVEN
    assert settle(recognised(printed, {at: (wrong,)}))[at].certainty is not Certainty.PROVEN


def test_a_row_whose_code_lost_its_last_digits_is_in_doubt(printed: ReadDocument) -> None:
    at = a_code_row(printed)
    row = printed.line_items[at].row
    shorter = replace(row, code=row.parent_code, printed_code=row.parent_code)
    items = tuple(replace(one, row=shorter) if one.row == row else one for one in printed.line_items)
    for one in settle(recognised(replace(printed, line_items=items), {})):
        assert one.row != shorter or one.certainty is Certainty.DOUBTFUL


def test_two_columns_read_as_one_figure_are_in_doubt(printed: ReadDocument) -> None:
    items = printed.line_items
    at = a_code_row(printed)
    place = items[at].figure.place
    beside = max(
        (one.figure.place for one in items if one.figure.place.page == place.page and one.row.table == "expenditure"),
        key=lambda one: one.x1,
    )
    wide = replace(place, x1=beside.x1)
    document = replace(
        printed,
        line_items=tuple(
            replace(one, figure=replace(one.figure, place=wide)) if number == at else one
            for number, one in enumerate(items)
        ),
    )
    both = {at: (items[at].figure.printed.replace(",", "") + "17000",)}
    assert settle(recognised(printed, both, score=0.999))[at].certainty is Certainty.READ
    assert settle(recognised(document, both, score=0.999))[at].certainty is Certainty.DOUBTFUL


def test_a_misread_figure_without_another_offer_is_never_proven(printed: ReadDocument) -> None:
    at = a_code_row(printed)
    wrong = misread(printed.line_items[at].figure.printed)
    settled = settle(recognised(printed, {at: (wrong,)}))
    assert settled[at].certainty is Certainty.DOUBTFUL and settled[at].readings


def test_two_offers_that_fit_alike_stay_in_doubt(printed: ReadDocument) -> None:
    at = a_code_row(printed)
    right = printed.line_items[at].figure.printed
    settled = settle(recognised(printed, {}, score=0.5))
    unproven = [item for item in settled if item.certainty is not Certainty.PROVEN]
    assert unproven and all(item.certainty is Certainty.DOUBTFUL for item in unproven)
    assert settled[at].figure.printed == right


def test_a_figure_in_a_row_whose_code_was_hardly_read_is_in_doubt(printed: ReadDocument) -> None:
    items = printed.line_items
    tables = {item.row.code: {one.row.table for one in items if one.row.code == item.row.code} for item in items}
    at, item = next(
        (at, item) for at, item in enumerate(items) if item.row.table == "expenditure" and item.row.code_level == 3
        and len(tables[item.row.code]) > 1
    )  # fmt: skip
    place = item.figure.place
    cell = replace(place, x0=place.x0 - 200, x1=place.x0 - 150)
    document = recognised(printed, {})
    weak = {**document.readings, cell: Reading((Candidate(item.row.printed_code or "", 0.4),))}
    sure = settle(document)[at].certainty
    confirmed = settle(replace(document, readings=weak))[at]
    assert confirmed.certainty is sure is not Certainty.DOUBTFUL
    alone = tuple(one for one in items if one.row.table == "expenditure" or one.row.code != item.row.code)
    (doubted,) = (
        one for one in settle(
            replace(document, readings=weak, line_items=alone)
        ) if one.figure.place == place
    )  # fmt: skip
    assert doubted.certainty is Certainty.DOUBTFUL


def test_what_was_printed_as_text_has_no_certainty(printed: ReadDocument) -> None:
    assert settle(printed) == printed.line_items


def test_a_person_settles_a_doubt_and_a_lost_reading_is_told(printed: ReadDocument, tmp_path: Path) -> None:
    at = a_code_row(printed)
    right, place = printed.line_items[at].figure.printed, printed.line_items[at].figure.place
    document = recognised(printed, {at: (misread(right),)})
    (tmp_path / "readings.toml").write_text(
        f'[["a.pdf"]]\npage = {place.page}\ncell = "{cell_of(place)}"\nfigure = "{right}"\n'
        'by = "张三"\non = 2026-03-01\n'
        '[["a.pdf"]]\npage = 99\ncell = "1,1"\nfigure = "5"\nby = "张三"\non = 2026-03-01\n',
        encoding="utf-8",
    )
    told = load_readings(tmp_path / "readings.toml")["a.pdf"]
    assert told[0] == ToldReading(place.page, cell_of(place), right, "张三", "2026-03-01")
    read = with_told_readings(document, told)
    assert read.line_items[at].figure.amount == printed.line_items[at].figure.amount
    assert len(read.problems) == len(document.problems) + 1 and "99" in read.problems[-1]
    settled = settle(read)
    assert settled[at].certainty is Certainty.PROVEN
    (tmp_path / "readings.toml").write_text('[["a.pdf"]]\npages = 1\n', encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"readings\.toml"):
        load_readings(tmp_path / "readings.toml")


def test_an_error_that_rests_on_a_reading_is_a_question() -> None:
    items = pl.DataFrame(
        {
            "document_id": ["d"], "source_file": ["a.pdf"], "table": ["expenditure"], "code": ["201"], "name": ["甲"],
            "measure": ["total"], "printed": ["12.45"], "readings": ["12.45 (0.600)\n12.46 (0.300)"],
            "certainty": ["doubtful"], "page": [9], "x0": [1.0], "top": [2.0], "x1": [3.0], "bottom": [4.0],
            "line": [None], "cell": [None],
        }
    )  # fmt: skip
    documents = pl.DataFrame({"document_id": ["d"], "recognised_pages": ["9"]})
    error = Finding("d", "a.pdf", "code_name", Severity.ERROR, "不符。", "Wrong.", Place(page=9), expected="x")
    text = replace(error, place=Place(page=2))
    failed = Failures({}, items, load_identities(load_families()))
    question, kept = as_questions([error, text], failed, items, documents)
    assert question.severity is Severity.WARNING and question.expected is None and "识别" in question.message_zh
    assert kept == text
    (doubt,) = doubtful_readings(items)
    assert doubt.printed == "12.45" and [one.words for one in doubt.alternatives] == ["12.46 (0.300)"]


def test_a_table_pasted_into_a_page_as_a_picture_is_read(tmp_path: Path) -> None:
    set_scan(table(tmp_path / "a.pdf"), tmp_path / "a.png", Scan(skew=0, shadow=0), seed=1)
    image = Image.open(tmp_path / "a.png").convert("RGB")
    strip = image.crop((120, 460, 1100, 700))
    file = io.BytesIO()
    strip.save(file, "PNG")
    canvas = Canvas(str(tmp_path / "b.pdf"), pagesize=(595, 842))
    canvas.drawString(80, 780, "printedastext")
    canvas.drawInlineImage(Image.open(file), 60, 500, 980 * 72 / 150, 240 * 72 / 150)
    canvas.showPage()
    canvas.save()
    blocks = read_pdf(tmp_path / "b.pdf")
    assert rows_of(blocks) == ROWS
    assert blocks.blocks[0].text == "printedastext"  # type: ignore[union-attr]


def test_a_picture_of_a_table_in_a_text_document_is_read_in_its_place(tmp_path: Path) -> None:
    import docx

    set_scan(table(tmp_path / "a.pdf"), tmp_path / "a.png", Scan(skew=0.2), seed=1)
    image = Image.open(tmp_path / "a.png").crop((120, 460, 1100, 700))
    image.save(tmp_path / "strip.png", dpi=(150, 150))
    document = docx.Document()
    document.add_paragraph("before")
    document.add_picture(str(tmp_path / "strip.png"))
    document.add_paragraph("behind")
    document.save(str(tmp_path / "a.docx"))
    blocks = format_of(tmp_path / "a.docx").read(tmp_path / "a.docx")
    assert rows_of(blocks) == ROWS
    texts = [block.text for block in blocks.blocks if not isinstance(block, Grid)]
    assert texts[0] == "before" and texts[-1] == "behind"
    assert all((place.cell or "").startswith("图1") for place in blocks.readings)


def strip_of_table(tmp_path: Path) -> Image.Image:
    set_scan(table(tmp_path / "a.pdf"), tmp_path / "a.png", Scan(skew=0.2), seed=1)
    return Image.open(tmp_path / "a.png").convert("RGB").crop((120, 460, 1100, 700))


@pytest.mark.parametrize("where", ["in the page", "beside it"])
def test_a_picture_of_a_table_in_a_web_page_is_read_in_its_place(where: str, tmp_path: Path) -> None:
    file = io.BytesIO()
    strip_of_table(tmp_path).save(file, "PNG")
    address = "page_files/%E8%A1%A8.png"
    if where == "in the page":
        address = "data:image/png;base64," + base64.b64encode(file.getvalue()).decode()
    else:
        (tmp_path / "page_files").mkdir()
        (tmp_path / "page_files" / "表.png").write_bytes(file.getvalue())
    page = tmp_path / "page.html"
    page.write_text(f'<html><p>before</p><p><img src="{address}"></p><p>behind</p></html>', encoding="utf-8")
    blocks = format_of(page).read(page)
    assert rows_of(blocks) == ROWS and not blocks.problems
    texts = [block.text for block in blocks.blocks if not isinstance(block, Grid)]
    assert texts[0] == "before" and texts[-1] == "behind"
    assert all((place.cell or "").startswith("图1") for place in blocks.readings)
    assert "--no-scans" in format_of(page).read(page, decline).problems[0]


def test_a_picture_of_a_table_in_a_web_archive_is_read(tmp_path: Path) -> None:
    file = io.BytesIO()
    strip_of_table(tmp_path).save(file, "PNG")
    message = email.message.EmailMessage()
    message["MIME-Version"] = "1.0"
    message.set_content('<html><p>before</p><img src="http://x.cn/表.png"></html>', subtype="html")
    message.add_related(file.getvalue(), "image", "png", headers=["Content-Location: http://x.cn/表.png"])
    path = tmp_path / "page.mht"
    path.write_bytes(message.as_bytes())
    assert rows_of(format_of(path).read(path)) == ROWS


def test_pictures_that_are_not_beside_a_page_are_told_and_icons_are_not(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        '<html><p>甲</p><img src="http://x.cn/%E8%A1%A81.png"><img src="../b.png"><img width="20" src="c.png"></html>',
        encoding="utf-8",
    )
    (problem,) = format_of(page).read(page).problems
    assert "2 幅图片" in problem and "表1.png" in problem


def test_a_page_cut_into_thin_strips_is_read_as_one(tmp_path: Path) -> None:
    set_scan(table(tmp_path / "a.pdf"), tmp_path / "a.png", Scan(skew=0, shadow=0), seed=1)
    image = Image.open(tmp_path / "a.png").convert("RGB")
    canvas = Canvas(str(tmp_path / "b.pdf"), pagesize=(595, 842))
    for top in range(0, image.height, 14):
        strip = image.crop((0, top, image.width, min(image.height, top + 14)))
        height = strip.height * 842 / image.height
        canvas.drawInlineImage(strip, 0, 842 - top * 842 / image.height - height, 595, height)
    canvas.showPage()
    canvas.save()
    assert rows_of(read_pdf(tmp_path / "b.pdf")) == ROWS


def test_a_pasted_table_is_named_where_pictures_are_not_read(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "b.pdf"), pagesize=(595, 842))
    canvas.drawString(80, 780, "printedastext")
    canvas.drawInlineImage(strip_of_table(tmp_path), 60, 500, 980 * 72 / 150, 240 * 72 / 150)
    canvas.showPage()
    canvas.save()
    blocks = read_pdf(tmp_path / "b.pdf", decline)
    assert "--no-scans" in blocks.problems[0] and blocks.unread_pages == (1,)


class Perilous:
    """Workers of this process whose recogniser hangs at page 2 and is killed at page 3."""

    failures: Mapping[int, WorkError]

    def __init__(self) -> None:
        self.failures = {2: late(TaskLimits(seconds=1.0)), 3: died(-9)}

    def outcomes(
        self, function: Callable[[Task], Result], tasks: Iterable[Task], _limits: TaskLimits = UNLIMITED
    ) -> Iterator[tuple[int, Result | WorkError]]:
        for number, task in enumerate(tasks):
            failure = self.failures.get(task.number) if isinstance(task, PagePicture) else None
            yield number, failure or attempt(function, task)


def test_a_recogniser_that_hangs_or_is_killed_costs_its_page(tmp_path: Path) -> None:
    set_scan(table(tmp_path / "a.pdf"), tmp_path / "a.png", Scan(), seed=1)
    canvas = Canvas(str(tmp_path / "b.pdf"), pagesize=(595, 842))
    for page in range(4):
        image = Image.open(tmp_path / "a.png").convert("L").point(lambda value, page=page: max(0, value - page))
        canvas.drawInlineImage(image, 0, 0, 595, 842)
        canvas.showPage()
    canvas.save()
    (file,) = (one for one in find_files(tmp_path) if one.source_file == "b.pdf")
    told: list[str] = []
    scans = Scans(store=RecognisedStore(tmp_path / "store", "one"), progress=told.append)
    ((_, result),) = read_files(Perilous(), [file], UNLIMITED, scans=scans)
    message = str(result.row["message"])
    assert "第 2 页是图片，未读取：识别超时" in message and "第 3 页是图片，未读取：识别中断" in message
    assert len(told) == 4
    assert len(RecognisedStore(tmp_path / "store", "one")) == 2
