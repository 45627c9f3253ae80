"""Web archive (mht, also what Excel and Word save as a single web page) → blocks: its web pages, by the mail parser."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.extraction.formats.encodings import decode
from analysis.extraction.formats.ocr.at_once import recognise_now
from analysis.extraction.formats.web_page import html_to_blocks
from analysis.extraction.formats.web_pictures import WebPictures
from analysis.extraction.layout.blocks import Blocks
from analysis.recognising.picture import PictureReader


def read_web_archive(path: Path, pictures: PictureReader = recognise_now) -> Blocks:
    """The web pages of an archive, in their order.

    Args:
        path: The file.
        pictures: Who says what the pictures say that stand in the place of tables.

    Raises:
        UnreadableFileError: it holds none, or one of them is in an unknown encoding.
    """
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    pages = list(_pages(message))
    if not pages:
        raise UnreadableFileError(
            "网页归档中没有网页；请用浏览器另存为网页或 PDF。"
            " / The web archive holds no page; save it as a web page or PDF."
        )
    return html_to_blocks(pages, WebPictures(dict(_images(message)).get, pictures))


def _images(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """The pictures by the addresses that pages give them."""
    for part in message.walk():
        data = part.get_payload(decode=True) if part.get_content_maintype() == "image" else None
        if not isinstance(data, bytes):
            continue
        if location := str(part.get("Content-Location") or "").strip():
            yield location, data
            yield location.rpartition("/")[2], data
        if identifier := str(part.get("Content-ID") or "").strip(" <>"):
            yield f"cid:{identifier}", data


def _pages(message: EmailMessage) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_type() != "text/html":
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data.strip():
            yield decode(data)
