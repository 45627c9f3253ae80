"""Which slip turns the figure that should stand there into the one that is printed.

Two figures are compared as digit strings in units of the last printed digit, as a typist sees them: one digit wrong,
two neighbours swapped, one lost or one too many (Scholtus 2009), a power of ten, a sign. A slip of copying is told by
the surroundings of the cell, not by its digits; who knows them passes the figures that stand nearby. The first slip
of the list that fits is named; `UNKNOWN` is no slip.
"""

from collections.abc import Iterable

from analysis.terms.trace import Slip

WORDS = {
    Slip.DIGIT_WRONG: "一位数字有误 / one digit is wrong",
    Slip.DIGITS_SWAPPED: "相邻两位数字颠倒 / two neighbouring digits are swapped",
    Slip.DIGIT_LOST: "漏了一位数字 / one digit is lost",
    Slip.DIGIT_EXTRA: "多了一位数字 / one digit too many",
    Slip.POWER_OF_TEN: "相差十的整数倍 / a power of ten too large or too small",
    Slip.UNIT: "元与万元混淆 / yuan and ten thousand yuan are mixed up",
    Slip.SIGN: "正负号有误 / the sign is wrong",
    Slip.COPIED_ROW: "误抄了相邻一行的数字 / the figure of a neighbouring row was copied",
    Slip.COPIED_COLUMN: "误抄了同一行另一栏的数字 / the figure of another column was copied",
    Slip.COPIED_PARENT: "误抄了上级科目或合计的数字 / the figure of the row above in the hierarchy was copied",
    Slip.COPIED_CHILD: "误抄了下级科目的数字 / the figure of a row below in the hierarchy was copied",
    Slip.COPIED_TABLE: "误抄了另一张表同一科目的数字 / the figure of another table was copied",
    Slip.COPIED_LAST_YEAR: "沿用了上年的数字 / last year's figure was left standing",
    Slip.COPIED_DEPARTMENT: "误用了部门的数字 / the department's figure was used",
    Slip.FIGURE_MISSING: "此格应有数字 / a figure is missing here",
    Slip.COLUMN_SHIFTED: "这一栏的数字错了一行 / the figures of this column are one row off",
    Slip.ROWS_SHIFTED: "这几行各栏的数字都错了一行 / the figures of these rows are all one row off",
    Slip.COLUMNS_SWAPPED: "两栏的数字对调 / the figures of two columns are swapped",
    Slip.ROW_SLID: "这一行的数字错了一栏 / the figures of this row are one column off",
    Slip.UNIT_MIXED: "这些数字的单位有误 / these figures are printed in another unit",
    Slip.CODE_DIGIT: "科目编码有误 / the code is wrong",
    Slip.UNKNOWN: "原因不明 / the cause does not show",
}

UNIT_POWER = 4
_LONGEST_POWER = 8


def digit_slip(printed: int, proposed: int) -> Slip | None:
    """The slip that the digits show, None where they show none.

    Args:
        printed: the printed figure in units of its last digit.
        proposed: the figure that should stand there, in the same units.
    """
    if printed == proposed or not printed or not proposed:
        return None
    if printed == -proposed:
        return Slip.SIGN
    if (printed < 0) != (proposed < 0):
        return None
    wrong, right = str(abs(printed)), str(abs(proposed))
    if (power := _power(wrong, right)) is not None:
        return Slip.UNIT if power == UNIT_POWER else Slip.POWER_OF_TEN
    return code_slip(wrong, right)


def code_slip(wrong: str, right: str) -> Slip | None:
    """The slip between two digit strings, such as codes: one wrong, two swapped, one lost, one too many."""
    if len(wrong) == len(right):
        return _same_length(wrong, right)
    if len(wrong) + 1 == len(right) and _is_without_one(right, wrong):
        return Slip.DIGIT_LOST
    if len(wrong) == len(right) + 1 and _is_without_one(wrong, right):
        return Slip.DIGIT_EXTRA
    return None


def _same_length(wrong: str, right: str) -> Slip | None:
    places = [place for place, pair in enumerate(zip(wrong, right, strict=True)) if pair[0] != pair[1]]
    if len(places) == 1:
        return Slip.DIGIT_WRONG
    if len(places) == 2 and places[1] == places[0] + 1:
        first, second = places
        if (wrong[first], wrong[second]) == (right[second], right[first]):
            return Slip.DIGITS_SWAPPED
    return None


def _power(one: str, other: str) -> int | None:
    """How many zeros the longer of two figures has more than the shorter, None where they differ otherwise."""
    short, long = sorted((one, other), key=len)
    power = len(long) - len(short)
    return power if 0 < power <= _LONGEST_POWER and long == short + "0" * power else None


def _is_without_one(long: str, short: str) -> bool:
    return any(long[:place] + long[place + 1 :] == short for place in range(len(long)))


def slip_of(printed: int | None, proposed: int, step: int, nearby: Iterable[tuple[Slip, int]] = ()) -> Slip:
    """The slip that turned `proposed` into `printed`.

    Args:
        printed: the printed figure in fen; None for a blank cell.
        proposed: what should stand there, in fen.
        step: what the last printed digit is worth in fen.
        nearby: figures that stand around the cell, each with the slip that copying it would be, likeliest first.
    """
    if printed is None:
        return Slip.FIGURE_MISSING
    copied = next((slip for slip, value in nearby if printed and value == printed), None)
    by_digits = digit_slip(printed // step, proposed // step) if not (printed % step or proposed % step) else None
    if by_digits is None and not printed:
        return Slip.FIGURE_MISSING
    return by_digits or copied or Slip.UNKNOWN
