"""The same body under its full name and its short one: 中国共产党江苏省委员会办公厅, 江苏省委办公厅.

Only names are put together that the Party, the congresses and the consultative conferences themselves use for one body;
names are printed as they were published, whatever they are compared by.
"""

import re

_SHORT = (
    (re.compile(r"^中国共产党(.*?[省市区县州盟旗])委员会"), r"\1委"),
    (re.compile(r"^(?:中国共产党|中共)(?=.*?[省市区县州盟旗]委)"), ""),
    (re.compile(r"^中国人民政治协商会议(?:全国委员会|(.*?[省市区县州盟旗])委员会)"), r"\1政协"),
    (re.compile(r"人民代表大会常务委员会"), "人大常委会"),
)


def short_name(name: str) -> str:
    """The name by which a body is known among its documents, without white space."""
    short = "".join(name.split())
    for pattern, words in _SHORT:
        short = pattern.sub(words, short)
    return short
