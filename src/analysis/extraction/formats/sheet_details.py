"""What a sheet shows beyond the values of its cells; positions are counted from 0."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class SheetDetails:
    """What is known of a sheet besides its values.

    Attributes:
        hidden_rows: Rows that nobody sees.
        hidden_columns: Columns that nobody sees.
        shown: The texts of cells that show something else than their value.
        lost: Formulas without a saved result, by position; their text is in `shown` too.
        errors: Cells that show an error, by position; their text is in `shown` too.
    """

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    lost: list[tuple[int, int]] = field(default_factory=list)
    errors: list[tuple[int, int]] = field(default_factory=list)
