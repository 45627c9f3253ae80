"""What each rule says, in one sentence, whichever file of the shelf declares it."""

import re
from collections.abc import Mapping

from analysis.knowledge.code_books import code_rules
from analysis.knowledge.fact_rules import fact_rules
from analysis.knowledge.text_rules import text_rule_sentences
from analysis.terms.identity import Identities

_OF_READING = {"doubtful_reading": "由图片识别的数字存疑，请对照原件"}
_FILLED = re.compile(r"\{\w+\}")


def rule_sentences(identities: Identities) -> Mapping[str, str]:
    """What a rule says, by its id: an identity its sentence, another rule its message with … for what is filled in."""
    messages = {name: rule.zh for name, rule in code_rules().rules.items()}
    messages |= {name: rule.zh for name, rule in fact_rules().rules.items()} | dict(text_rule_sentences())
    filled = {name: _FILLED.sub("…", text).replace("<", "").replace(">", "") for name, text in messages.items()}
    return {entry.id: entry.zh for entry in identities.entries} | filled | _OF_READING
