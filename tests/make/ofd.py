"""A PDF's characters and rulings written as an OFD (GB/T 33190-2016), as the exports of office software write them."""

import zipfile
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from xml.sax.saxutils import escape

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.pdf_pages import read_pages
from analysis.terms.page import Page

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_MM = 25.4 / 72


def pdf_to_ofd(pdf: Path, ofd: Path) -> None:
    """The pages of `pdf` as an OFD with each line of text as one object and each ruling as a path."""
    pages = [page for page in read_pages(pdf) if not isinstance(page, UnreadableFileError)]
    write_ofd(ofd, [(page.width * _MM, page.height * _MM, "".join(_objects(page))) for page in pages])


def write_ofd(path: Path, pages: Iterable[tuple[float, float, str]], template: str = "") -> None:
    """An OFD of pages: width and height in millimetres and the XML of their objects; `template` lies under each."""
    listed = list(pages)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        body = "<ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
        archive.writestr("OFD.xml", f'<ofd:OFD {NAMESPACE} DocType="OFD" Version="1.0">{body}</ofd:OFD>')
        entries = (f'<ofd:Page ID="{i}" BaseLoc="Pages/Page_{i}/Content.xml"/>' for i in range(len(listed)))
        common = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
        common += '<ofd:TemplatePage ID="99" BaseLoc="/Doc_0/Tpls/Tpl_0/Content.xml"/>' if template else ""
        archive.writestr(
            "Doc_0/Document.xml",
            f"<ofd:Document {NAMESPACE}><ofd:CommonData>{common}</ofd:CommonData>"
            f"<ofd:Pages>{''.join(entries)}</ofd:Pages></ofd:Document>",
        )
        if template:
            archive.writestr("Doc_0/Tpls/Tpl_0/Content.xml", _content("", template))
        for number, (width, height, objects) in enumerate(listed):
            head = f"<ofd:Area><ofd:PhysicalBox>0 0 {width:.3f} {height:.3f}</ofd:PhysicalBox></ofd:Area>"
            head += '<ofd:Template TemplateID="99" ZOrder="Background"/>' if template else ""
            archive.writestr(f"Doc_0/Pages/Page_{number}/Content.xml", _content(head, objects))


def _content(head: str, objects: str) -> str:
    layer = f'<ofd:Content><ofd:Layer ID="1" Type="Body">{objects}</ofd:Layer></ofd:Content>'
    return f"<ofd:Page {NAMESPACE}>{head}{layer}</ofd:Page>"


def text_object(x: float, y: float, size: float, text: str, steps: str, more: str = "") -> str:
    """A text whose first character begins at x on the base line y, in millimetres from the boundary's corner (1, 2)."""
    code = f'<ofd:TextCode X="{x - 1:.4f}" Y="{y - 2:.4f}" DeltaX="{steps}">{escape(text)}</ofd:TextCode>'
    return f'<ofd:TextObject Boundary="1 2 300 300" Font="1" Size="{size:.4f}" {more}>{code}</ofd:TextObject>'


def _objects(page: Page) -> Iterable[str]:
    lines: dict[tuple[float, float], list[tuple[float, float, str]]] = {}
    for char in page.chars:
        lines.setdefault((round(char.top, 1), round(char.bottom, 1)), []).append((char.x0, char.x1, char.text))
    for (top, bottom), chars in lines.items():
        chars.sort()
        size = (bottom - top) * _MM
        steps = [f"{(after[0] - before[0]) * _MM:.4f}" for before, after in pairwise(chars)]
        text = "".join(text for *_, text in chars)
        yield text_object(chars[0][0] * _MM, top * _MM + 0.88 * size, size, text, " ".join(steps))
    for y, x0, x1 in page.horizontals:
        yield _path(x0, y, x1, y)
    for x, top, bottom in page.verticals:
        yield _path(x, top, x, bottom)


def _path(x0: float, y0: float, x1: float, y1: float) -> str:
    corner = f"{x0 * _MM:.4f} {y0 * _MM:.4f} 400 400"
    data = f"M 0 0 L {(x1 - x0) * _MM:.4f} {(y1 - y0) * _MM:.4f}"
    return (
        f'<ofd:PathObject Boundary="{corner}" LineWidth="0.2"><ofd:AbbreviatedData>{data}</ofd:AbbreviatedData>'
        "</ofd:PathObject>"
    )
