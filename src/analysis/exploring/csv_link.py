"""A frame as a csv file to take along, made in the kernel and carried by the page itself: no server, no network.

Amounts are exact decimals; a text or a heading that a spreadsheet would run gets an apostrophe in front, and the byte
order mark lets Excel read Chinese.
"""

import base64
from dataclasses import dataclass

import polars as pl

from analysis.dataset.export.csv_format import safe_rows
from analysis.display.templating import HtmlRepr, Markup, render
from analysis.terms.harmless_text import harmless


@dataclass(frozen=True, slots=True)
class CsvLink(HtmlRepr):
    """A file that a click saves."""

    name: str
    content: bytes

    @classmethod
    def of(cls, frame: pl.DataFrame, name: str) -> "CsvLink":
        """The frame as a csv file."""
        plain = safe_rows(frame)
        plain.columns = [harmless(heading) or "" for heading in plain.columns]
        return cls(name, plain.write_csv(include_bom=True).encode())

    def __html__(self) -> Markup:
        data = base64.b64encode(self.content).decode("ascii")
        return render("exploring/csv_link.html.j2", name=self.name, data=data, size=f"{len(self.content):,}")
