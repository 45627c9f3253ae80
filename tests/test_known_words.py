"""What a recogniser was unsure of is set right by the words of the field, and by nothing less."""

import pytest

from analysis.recognising.known_words import Offered, in_known_words, with_full_brackets


def unsure(text: str, at: int, offered: dict[str, float]) -> Offered:
    """A line that is surely read but for one character."""
    return Offered(text, tuple(offered if place == at else {} for place in range(len(text))))


def test_a_word_goes_on_in_the_next_line_of_its_cell() -> None:
    lines = [Offered("政府性基金预", ({},) * 6), unsure("解财政拨款", 0, {"解": 0.145, "難": 0.046, "算": 0.014})]
    assert in_known_words(lines) == ("政府性基金预", "算财政拨款")


def test_a_name_becomes_the_only_known_name_like_it() -> None:
    assert in_known_words([unsure("离体费", 1, {"体": 0.5, "休": 0.4})]) == ("离休费",)
    assert in_known_words([unsure("离休费", 1, {"体": 0.5, "休": 0.4})]) == ("离休费",)


def test_nothing_becomes_another_name_without_the_pixels_saying_so() -> None:
    assert in_known_words([Offered("离体费", ({}, {}, {}))]) == ("离体费",)
    assert in_known_words([unsure("离体费", 1, {"体": 0.9, "件": 0.1})]) == ("离体费",)


@pytest.mark.parametrize("read", ["国丙债务付息", "国内债务付息", "国外债务付息"])
def test_where_two_known_words_are_as_near_what_was_read_stays(read: str) -> None:
    assert in_known_words([unsure(read, 1, {"内": 0.3, "外": 0.28, read[1]: 0.4})]) == (read,)


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("因公出国(境)费", "因公出国（境）费"),
        ("(三）政府采购", "（三）政府采购"),
        ("支出(2080501)", "支出（2080501）"),
        ("(1,000.00)", "(1,000.00)"),
        ("A(1)", "A(1)"),
    ],
)
def test_brackets_of_chinese_words_are_full(read: str, printed: str) -> None:
    assert with_full_brackets(read) == printed
