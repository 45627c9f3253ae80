"""The colours: a class keeps its own, readers of every kind tell neighbours apart, and words on areas can be read."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from analysis.charts import theme
from analysis.knowledge.names import measure_colours, smallest_parts_of

COMMON = ("201", "204", "205", "206", "207", "208", "210", "211", "212", "213", "221", "224")
# Machado, Oliveira and Fernandes (2009), severity 1.0, for linear RGB
SIGHTS = {
    "normal": np.eye(3),
    "protanopia": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]
    ]),
    "deuteranopia": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]
    ]),
    "tritanopia": np.array([
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]
    ]),
}  # fmt: skip


def lab(colour: str, sight: str) -> np.ndarray:
    """The colour in CIELAB as it is seen by one of `SIGHTS`."""
    srgb = np.array(to_rgb(colour))
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(SIGHTS[sight] @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ seen / np.array([0.9505, 1.0, 1.089])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def nearest(colours: dict[str, str], sight: str) -> tuple[float, tuple[str, str]]:
    return min(
        (float(np.linalg.norm(lab(colours[one], sight) - lab(colours[other], sight))), (one, other))
        for one, other in combinations(colours, 2)
    )


@pytest.mark.parametrize("sight", SIGHTS)
def test_common_classes_stay_apart_for_every_reader(sight: str) -> None:
    distance, pair = nearest({code: theme.class_colour(code) for code in COMMON}, sight)
    assert distance > (16 if sight == "normal" else 9), (pair, distance)


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize(
    "colours",
    [
        *(
            {key: measure_colours()[key] for key in smallest_parts_of(whole)}
            for whole in ("three_public", "fiscal_appropriation", "basic")
        ),
        {key: measure_colours()[key] for key in ("basic", "project")},
        theme.STATES,
        {"rise": theme.RISE, "fall": theme.FALL},
        {"warm": theme.WARM, "cool": theme.COOL},
    ],
)
def test_small_sets_of_colours_stay_far_apart(colours: dict[str, str], sight: str) -> None:
    distance, pair = nearest(colours, sight)
    assert distance > 18, (pair, distance)


def test_words_on_every_area_can_be_read() -> None:
    fields = [theme.blend(dark, step / 20) for dark in (theme.COOL, theme.WARM) for step in range(21)]
    colours = [
        *theme.CLASS_COLOURS.values(), *measure_colours().values(),
        *theme.STATES.values(), theme.OTHER, theme.TOTAL, theme.RISE, theme.FALL, *fields,
    ]  # fmt: skip
    assert min(theme.contrast(theme.text_colour(colour), colour) for colour in colours) >= 4.5
    assert theme.contrast(theme.MUTED, theme.PAPER) >= 4.5
    assert theme.contrast(theme.MUTED, theme.HOLLOW) >= 4.5


def test_a_class_has_one_colour_at_every_level_and_what_has_none_is_grey() -> None:
    assert theme.class_colour("2080505") == theme.class_colour("20805") == theme.class_colour("208")
    assert theme.class_colour(None) == theme.class_colour("999") == theme.OTHER
