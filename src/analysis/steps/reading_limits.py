"""What reading a file may take, and what is said of a file where it took more or its reader died."""

from analysis.errors import UnreadableFileError
from analysis.runtime.machine import available_memory
from analysis.runtime.work import FailureKind, TaskLimits, WorkError

# Of the processor: what is read must not depend on what else the machine does. Whatever hangs is stopped later.
_WORK = 60.0
_PATIENCE = 10
_MEBIBYTE = 2**20
_MOST_MEMORY = 1024 * _MEBIBYTE
_LEAST_MEMORY = 512 * _MEBIBYTE  # a reader that has read nothing has mapped 300 MiB


def reading_limits(workers: int, memory: int | None = None) -> TaskLimits:
    """The limits of each of some readers side by side.

    Args:
        workers: how many there are; this machine's memory is shared among them and their parent.
        memory: MiB that a reader may take, where a person says so.
    """
    available = available_memory()
    share = _MOST_MEMORY if available is None else available // (workers + 1)
    most = memory * _MEBIBYTE if memory else max(_LEAST_MEMORY, min(_MOST_MEMORY, share))
    return TaskLimits(most, _PATIENCE * _WORK, _WORK)


def explain(error: WorkError, limits: TaskLimits) -> str:
    """Why a file was not read, and what to do."""
    if error.error == UnreadableFileError.__name__:
        return error.words
    if error.kind is FailureKind.LATE:
        seconds = limits.work or limits.seconds or 0.0
        return (
            f"读取超过 {seconds:.0f} 秒，已中止；文件过大或构造异常，请另存或拆分后再放入。"
            f" / Reading took over {seconds:.0f} s and was stopped; save the file anew or split it."
        )
    if error.kind is FailureKind.MEMORY:
        most = "" if limits.memory is None else f"（{limits.memory // 2**20} MiB）"
        return (
            f"读取所需内存超过上限{most}，已中止；请拆分或另存，或以 --memory 放宽、减少 --workers 后重试。"
            " / Reading needed too much memory; split the file or save it anew, or allow more by --memory."
        )
    if error.error == RecursionError.__name__:
        return "文件结构嵌套过深，已中止；请拆分或另存。 / It is nested too deeply; split the file or save it anew."
    if error.kind is FailureKind.DIED:
        cause = _cause(error.code)
        return (
            f"读取程序因此文件中断（{cause}，已重试），多为文件损坏或构造异常，也可能是机器内存不足；请重新下载或另存。"
            f" / The reader died on this file twice ({error.code}): mostly it is damaged, or the machine lacks memory;"
            " download it again or save it anew."
        )
    return (
        f"读取程序遇到意外错误（{error.error}，{error.where}：{error.words}），未读取；请另存后重试，并报告此错误。"
        f" / An unexpected error ({error.error} at {error.where}); save the file anew, and report this."
    )


def _cause(code: int | None) -> str:
    if code is None:
        return "原因不明"
    return f"信号 {-code}" if code < 0 else f"退出码 {code}"
