"""Strips of a picture → steps: PP-OCR's recogniser, run by ONNX Runtime on one thread.

The model comes with rapidocr; its own runner gives texts only, here the likelihood of every character at every step is
needed. Lines of similar length go together, because a batch is as wide as its widest.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from analysis.recognising.ctc import NUMBER_SIGNS, Steps
from analysis.recognising.pixels import Pixels

T = TypeVar("T")

_HEIGHT = 48
_STEP = 8
_NARROWEST, _WIDEST = 48, 2400
_MOST_AREA = 1600
_ALIKE = 1.2
_MODEL = "PP-OCRv6_rec_small.onnx"


class Model(NamedTuple):
    """A loaded recogniser.

    Attributes:
        session: How it is run.
        signs: Its characters; the first is none.
        numbers: The columns of the signs of numbers.
    """

    session: Any
    signs: tuple[str, ...]
    numbers: tuple[int, ...]


@cache
def load_model() -> Model:
    """The recogniser, loaded once a process."""
    import onnxruntime

    spec = find_spec("rapidocr")
    folder = next(iter((spec.submodule_search_locations if spec else None) or ()))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4  # what fails is raised as well
    path = os.fspath(Path(folder) / "models" / _MODEL)
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    listed = session.get_modelmeta().custom_metadata_map["character"].split("\n")
    signs = ("", *listed, " ")
    return Model(session, signs, tuple(signs.index(sign) for sign in NUMBER_SIGNS))


def recognise_strips(strips: Sequence[Pixels], read: Callable[[int, Steps], T]) -> list[T]:
    """What `read` makes of the number and the steps of each strip, a grey picture of one line with a little paper.

    The steps of a long line take some 20 MB, so none of them is kept.
    """
    model = load_model()
    lines = [_to_line(strip) for strip in strips]
    found: dict[int, T] = {}
    for batch in _batches([line.shape[1] for line in lines]):
        width = max(lines[index].shape[1] for index in batch)
        data = np.zeros((len(batch), 3, _HEIGHT, width), np.float32)
        for row, index in enumerate(batch):
            data[row, :, :, : lines[index].shape[1]] = lines[index].astype(np.float32) / 127.5 - 1.0
        steps = _run(model, data)
        for row, index in enumerate(batch):
            found[index] = read(index, steps[row, : -(-lines[index].shape[1] // _STEP)])
    return [found[index] for index in range(len(lines))]


def _run(model: Model, data: npt.NDArray[np.float32]) -> Steps:
    from onnxruntime.capi.onnxruntime_pybind11_state import RuntimeException

    try:
        steps: Steps = model.session.run(None, {model.session.get_inputs()[0].name: data})[0]
    except RuntimeException as error:
        if "bad_alloc" in str(error):
            raise MemoryError from error
        raise
    return steps


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """The lines that are run together: of about one width, and no more than memory should bear."""
    batch: list[int] = []
    for index in sorted(range(len(widths)), key=lambda index: widths[index]):
        if batch and (
            widths[index] * (len(batch) + 1) > _MOST_AREA or widths[index] > _ALIKE * widths[batch[0]] + 2 * _STEP
        ):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def _to_line(strip: Pixels) -> Pixels:
    height, width = strip.shape
    wanted = min(_WIDEST, max(_NARROWEST, round(width * _HEIGHT / height / _STEP) * _STEP))
    how = cv2.INTER_AREA if height > _HEIGHT else cv2.INTER_CUBIC
    return cv2.resize(strip, (wanted, _HEIGHT), interpolation=how)
