"""How a notebook is run, and what it may take; and how its kernel is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field

KERNEL = "WORKBENCH_KERNEL"
STANDARD = "standard"
MEMORY = "WORKBENCH_KERNEL_MEMORY"


@dataclass(frozen=True, slots=True)
class RunLimits:
    """How a notebook is run.

    Attributes:
        kernel: "fork" where it can be had, or "standard".
        seconds: How long all its cells may take; None for as long as they need.
        memory: How many MiB its kernel may take beyond its imports; None for what the machine has.
        ahead: Whether work is done ahead: each cell is asked for while the one before it runs, and a kernel for another
            notebook starts as soon as this one has run. A cell that kills its kernel may then take with it what the
            one before had just put out.
        variables: What else stands in the environment of its kernel, for those who read it there.
    """

    kernel: str = "fork"
    seconds: int | None = 600
    memory: int | None = None
    ahead: bool = False
    variables: Mapping[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """What the kernel and its provisioner read of it."""
        kernel = {KERNEL: STANDARD} if self.kernel == STANDARD else {}
        memory = {MEMORY: str(self.memory)} if self.memory else {}
        return {**self.variables, **kernel, **memory}
