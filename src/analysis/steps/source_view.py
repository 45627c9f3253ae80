"""A figure → the picture of its place: what a reader does who wants to see with his own eyes.

Publishing knows where a figure stands, reading can open the file; as with the pictures of findings, the two meet
outside of both.
"""

from pathlib import Path

import polars as pl

from analysis.display.pictures import Picture
from analysis.exploring.dataset_view import open_dataset
from analysis.steps.take_snapshots import take_snapshots


def show_figure(place: str, clean_dir: Path, raw_dir: Path) -> Picture:
    """The place of a line item as a notebook shows it.

    Args:
        place: The figure's `place`.
        clean_dir: the cleaned dataset.
        raw_dir: the published files.

    Raises:
        ParameterError: There is no such figure.
        DatasetError: there is no dataset.
    """
    dataset = open_dataset(clean_dir)
    figure = dataset.figure(place)
    one = dataset.items(str(figure["organisation_id"])).filter(pl.col("place") == place).collect()
    asked = one.with_columns(finding_id=pl.lit(place))
    witnesses = pl.DataFrame(schema={"finding_id": pl.String})
    return Picture(take_snapshots(asked, witnesses, dataset.documents, raw_dir)[place], str(figure["printed"]))
