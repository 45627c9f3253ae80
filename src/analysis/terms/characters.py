"""Characters that look alike and mean the same: one of each, so that nobody has to know the others.

The text layer of a PDF often holds radicals (⾦, ⻔) where the page shows characters (金, 门), because its font has one
glyph for both. Kangxi radicals and compatibility ideographs are decomposed by NFKC; the radicals of the supplement are
not, so that they are listed: from EquivalentUnifiedIdeograph.txt of the Unicode Character Database, version 14
(https://www.unicode.org/Public/UCD/latest/ucd/EquivalentUnifiedIdeograph.txt), which never changes an entry. U+2E80 has
no ideograph. Full-width digits are digits. What takes no room and bears no meaning (zero-width blanks and joiners, soft
hyphens, marks of direction) is nothing.
"""

import re
import unicodedata

_RADICALS = (
    "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼"
    "⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳"
)
_IDEOGRAPHS = (
    "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺母民氵氺灬爫爫丬牛犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉"
    "𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟"
)
_DECOMPOSED = (*range(0x2F00, 0x2FE0), *range(0xF900, 0xFB00), *range(0xFF10, 0xFF1A))
UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u202a\u202b\u202c\u202d\u202e"
"""What takes no room and bears no meaning."""

FOOTNOTE_MARKS = re.compile(r"(?:[²³¹⁰⁴-⁹①-⓿❶-➓㉑-㉟㊱-㊿*＊※†‡]|\[\d+\]|[(（]?注\d*[)）]?)+$")
"""Marks of footnotes at the end of a text: never a part of it, though NFKC would make digits of some."""

_PLAIN: dict[int, str | None] = {
    **{code: unicodedata.normalize("NFKC", chr(code)) for code in _DECOMPOSED},
    **{ord(radical): ideograph for radical, ideograph in zip(_RADICALS, _IDEOGRAPHS, strict=True)},
    **dict.fromkeys(map(ord, UNSEEN)),
}
_ODD = re.compile(f"[⺀-⻿⼀-⿟豈-﫿０-９{UNSEEN}]")


def plain_characters(text: str) -> str:
    """The text with one character of each that look alike; most texts have no other and come back as they are."""
    return text.translate(_PLAIN) if _ODD.search(text) else text


_LEVEL_IN_BRACKETS = re.compile(r"[【［\[<〈](?P<level>\d{0,7}[类款项])[】］\]>〉]")


def round_level_brackets(text: str) -> str:
    """The text letter for letter with levels of functions (类、款、项) in round brackets, whichever it has them in."""
    return _LEVEL_IN_BRACKETS.sub(r"(\g<level>)", text)
