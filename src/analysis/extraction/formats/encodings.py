"""Bytes → text, in the encodings that published files have."""

from analysis.errors import UnreadableFileError


def decode(data: bytes) -> str:
    """Text in UTF-8, UTF-16 with its mark, or GB 18030.

    Raises:
        UnreadableFileError: it is none of them.
    """
    encodings = ["utf-16"] if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError:
            continue
    raise UnreadableFileError(
        "文字编码无法识别（不是 UTF-8、UTF-16 或 GB 18030）；请另存为 UTF-8。"
        " / The text's encoding is not known; save it as UTF-8."
    )
