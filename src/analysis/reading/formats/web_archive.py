"""Web archive (mht, also what Excel and Word save as a single web page) → blocks: its web pages, by the mail parser."""

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

from analysis.errors import UnreadableFileError
from analysis.reading.formats.encodings import decode
from analysis.reading.formats.web_page import html_to_blocks
from analysis.reading.layout.blocks import Blocks


def read_web_archive(path: Path) -> Blocks:
    """The web pages of an archive, in their order.

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
    return html_to_blocks(pages)


def _pages(message: EmailMessage) -> Iterator[str]:
    for part in message.walk():
        if part.get_content_type() != "text/html":
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes) and data.strip():
            yield decode(data)
