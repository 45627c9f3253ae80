"""What a server of kernels imports and calls before it forks any: said by whoever knows what the notebooks need."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Preload:
    """What all kernels of a server share.

    Attributes:
        modules: Names of modules; a package stands for all that is in it. One that is not there is left out.
        calls: Importable functions without arguments that keep what they found, as `functools.cache` does. They must
            leave nothing behind but plain values: no thread, no Polars operation, no figure.
    """

    modules: tuple[str, ...] = ()
    calls: tuple[Callable[[], object], ...] = ()
