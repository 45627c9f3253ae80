"""What each rule says, in one sentence, whichever file of the shelf declares it."""

import re
from collections.abc import Mapping
from functools import cache

from analysis.knowledge import read_toml

_FILLED = re.compile(r"\{\w+\}")


@cache
def rule_sentences() -> Mapping[str, str]:
    """What a rule says, by its id: an identity its sentence, another rule its message with … for what is filled in."""
    sentences = {entry["id"]: entry["zh"] for entry in read_toml("identities")["identities"]}
    for shelf in ("code_rules", "text_rules"):
        for name, entry in read_toml(shelf)["rules"].items():
            sentences[name] = _FILLED.sub("…", entry["zh"]).replace("<", "").replace(">", "")
    return sentences
