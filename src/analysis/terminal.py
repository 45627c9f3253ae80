"""What is printed on a terminal: words, in which nothing steers the terminal.

A name of a file and a label of a document may hold what a terminal obeys: sequences that change colours, the title or
what stands above, marks that turn the direction of writing, line breaks that begin a line of another's. They are shown
as what they are.
"""

import re

from rich.console import Console

_STEERING = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """`text` with whatever would steer a terminal spelled out by its number."""
    return _STEERING.sub(lambda sign: sign[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text)


class Terminal(Console):
    """A console that prints texts, each on a line of its own, and takes none for markup."""

    def __init__(self, *, stderr: bool = False) -> None:
        super().__init__(stderr=stderr, highlight=False, soft_wrap=True)

    def say(self, text: str, style: str | None = None) -> None:
        """Print a line."""
        self.print(visible(text), markup=False, emoji=False, style=style)
