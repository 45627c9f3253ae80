"""What may go wrong, as one small family.

Faults of a document are values (a status, a message, a finding); faults of ours or of the caller are exceptions, and
all of them descend from `WorkbenchError`. Every message says what is wrong, where, and what to do.
"""


class WorkbenchError(Exception):
    """Base of every error that the workbench raises on purpose."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the sentence, not the way through the package that led to it."""
        return [f"{type(self).__name__}: {self}"]


class UnreadableFileError(WorkbenchError):
    """A published file cannot be read; the message becomes the document's message."""


class KnowledgeError(WorkbenchError):
    """An entry of the knowledge shelf is malformed: our fault, never that of the data."""


class DatasetError(WorkbenchError):
    """A cleaned dataset is missing, damaged, or of another version."""


class ParameterError(WorkbenchError):
    """A report was asked for with a parameter that the dataset does not have."""


class NotebookError(WorkbenchError):
    """A notebook did not run to its end."""


class KernelDiedError(NotebookError):
    """A kernel died or did not start: of the notebook, or of the machine."""
