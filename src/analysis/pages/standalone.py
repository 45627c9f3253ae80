"""What a page needs to stand alone, so that it can be sent by mail and opened anywhere: type, script and plotly inside.

The type is cut to the characters of the page. plotly.js is there only where a chart can be explored; it lies in the
page compressed, and the page unpacks it when somebody comes near the first such chart. It is then an inline script like
the others: the policy allows it by its digest and nothing else.
"""

import base64
import gzip
import io
from functools import cache

from analysis.display.templating import Markup
from analysis.pages import assets
from analysis.pages.shell import PackedScript, script_hash


@cache
def packed_plotly() -> PackedScript:
    """plotly.js as the content of a script element that is no script."""
    code = assets.plotly()
    # The same bytes for the same library: gzip would write the time of the day.
    packed = base64.b64encode(gzip.compress(code, 9, mtime=0)).decode()
    return PackedScript(packed, script_hash(code.decode()))


def subset_font_face(text: str) -> Markup:
    """The font of a page as a style, with the characters of `text` alone."""
    # Few pages are made to stand alone, and the library takes as long to import as a page to make.
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    # The same bytes for the same characters: the library would write the time of the day.
    font = TTFont(io.BytesIO(assets.font_to_cut()), recalcTimestamp=False)
    options = Options(flavor="woff", notdef_outline=True, layout_features=["kern"], hinting=False)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted({ord(sign) for sign in text}))
    subsetter.subset(font)
    font.flavor = "woff"
    buffer = io.BytesIO()
    font.save(buffer)
    data = base64.b64encode(buffer.getvalue()).decode()
    return assets.font_face(f"data:font/woff;base64,{data}", "woff")
