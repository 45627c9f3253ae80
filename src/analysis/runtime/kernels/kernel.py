"""The kernel of one notebook that runs from top to bottom.

Its driver may ask for a cell while the one before still runs. Where that one fails, nothing that was asked for runs any
more; ipykernel 7.4 forgets a failure as soon as it has dropped what had arrived by then, which it has no option for.
"""

from ipykernel.ipkernel import IPythonKernel


class Kernel(IPythonKernel):
    """A kernel that runs no cell after one that failed."""

    def _abort_queues(self, subshell_id: str | None = None) -> None:
        self._aborting = True
