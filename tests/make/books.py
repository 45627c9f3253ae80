"""The books of the package, as tests hand them in."""

from analysis.balancing.context import checking_context
from analysis.knowledge.families import load_families

FAMILIES = load_families()
SHANGHAI, NATIONAL = FAMILIES.by_id["shanghai"], FAMILIES.national
CONTEXT = checking_context(FAMILIES)
IDENTITIES = CONTEXT.identities
TEXT_RULES = CONTEXT.text_rules_of("shanghai")
