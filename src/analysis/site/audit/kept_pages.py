"""Which pages of an audit stand already, and what the index takes from them: so that only what has changed is drawn.

`audit/.pages.json` has for each document the key of what its page shows, and for each finding that the index shows its
card, with the pictures that it leads to.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from analysis.atomic import write_text
from analysis.display.templating import Markup

_FILE = ".pages.json"


@dataclass(frozen=True, slots=True)
class KeptCard:
    """The card of a finding on the index, and the files of its pictures beside the index."""

    html: str
    pictures: tuple[str, ...]

    def __html__(self) -> Markup:
        return Markup(self.html)  # made by a template, which escaped what is not ours


@dataclass(frozen=True, slots=True)
class KeptPages:
    """The keys of the documents whose pages stand, and the cards of the index by finding."""

    keys: Mapping[str, str] = field(default_factory=dict)
    cards: Mapping[str, KeptCard] = field(default_factory=dict)

    def has(self, home: Path, document_id: str, key: str | None, page: Path | None, findings: Sequence[str]) -> bool:
        """Whether the page of a document stands with that key, and so do the cards of its findings."""
        cards = [self.cards.get(one) for one in findings]
        return (
            key is not None
            and self.keys.get(document_id) == key
            and (page is None or page.is_file())
            and all(card is not None and all((home / name).is_file() for name in card.pictures) for card in cards)
        )


def read_kept_pages(home: Path) -> KeptPages:
    """What stands in the folder of an audit; nothing where nobody said so."""
    try:
        told = json.loads((home / _FILE).read_text(encoding="utf-8"))
        cards = {name: KeptCard(html, tuple(pictures)) for name, (html, pictures) in told["cards"].items()}
        return KeptPages(dict(told["keys"]), cards)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return KeptPages()


def keep_pages(home: Path, pages: KeptPages) -> None:
    """Say what stands, when it does."""
    cards = {name: (card.html, card.pictures) for name, card in pages.cards.items()}
    write_text(home / _FILE, json.dumps({"keys": pages.keys, "cards": cards}, ensure_ascii=False, sort_keys=True))
