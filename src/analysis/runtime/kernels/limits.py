"""How a notebook is run, and what it may take; and how its kernel is told."""

from dataclasses import dataclass

KERNEL = "WORKBENCH_KERNEL"
STANDARD = "standard"
MEMORY = "WORKBENCH_KERNEL_MEMORY"
PICTURES = "WORKBENCH_PICTURES"


@dataclass(frozen=True, slots=True)
class Limits:
    """How a notebook is run.

    Attributes:
        kernel: "fork" where it can be had, or "standard".
        seconds: How long all its cells may take; None for as long as they need.
        memory: How many MiB its kernel may take beyond its imports; None for what the machine has.
        png: Whether its charts are drawn as png too.
        ahead: Whether work is done ahead: each cell is asked for while the one before it runs, and a kernel for another
            notebook starts as soon as this one has run. A cell that kills its kernel may then take with it what the
            one before had just put out.
    """

    kernel: str = "fork"
    seconds: int | None = 600
    memory: int | None = None
    png: bool = False
    ahead: bool = False

    def environment(self) -> dict[str, str]:
        """What the kernel and its provisioner read of it."""
        kernel = {KERNEL: STANDARD} if self.kernel == STANDARD else {}
        memory = {MEMORY: str(self.memory)} if self.memory else {}
        return kernel | memory | ({PICTURES: "png"} if self.png else {})
