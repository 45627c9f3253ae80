"""What the system refuses in the middle of work, as a sentence: a full disk, a missing right, a vanished folder.

Nothing is lost by it: whatever is written appears whole or not at all.
"""

import errno
import os
import re
import sys

_FULL = "磁盘已满；请腾出空间后重新运行，已完成的都在。 / The disk is full: make room and run again"
_FORBIDDEN = "没有读写权限，或为只读；请检查权限。 / It may not be read or written there: check the permissions"
_IN_THE_WAY = (
    "文件和文件夹同名，挡住了去路；请移走后再运行。 / A file stands where a folder should be, or a folder where a file"
)
_TOO_LONG = "路径过长，系统无法打开；请缩短文件夹名。 / The path is too long for the system: shorten it"
_VANISHED = "已不在原处；请待文件夹不再变动后重新运行。 / It is no longer there: run again when the folder rests"
_SENTENCES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT, errno.EFBIG), _FULL),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), _FORBIDDEN),
    **dict.fromkeys((errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY), _IN_THE_WAY),
    errno.ENAMETOOLONG: _TOO_LONG,
    errno.ENOENT: _VANISHED,
}
_NUMBER = re.compile(r"os error (\d+)")
_OTHER = "系统拒绝了读写（{0}）；请排除后重新运行。 / The system refused: {0}"
_DAMAGED = "数据集的文件已损坏，无法读取（{0}）；请重新运行 workbench clean。 / Damaged: clean again"


def system_errors() -> tuple[type[Exception], ...]:
    """The errors that tell of the system or of damaged files, of those libraries that are loaded."""
    found: list[type[Exception]] = [OSError]
    if "polars" in sys.modules:
        from polars.exceptions import PolarsError

        found.append(PolarsError)
    if "pyarrow" in sys.modules:
        from pyarrow import ArrowException

        found.append(ArrowException)
    if "xlsxwriter" in sys.modules:
        from xlsxwriter.exceptions import XlsxFileError

        found.append(XlsxFileError)
    return tuple(found)


def sentence(error: Exception) -> str:
    """What to say of one of `system_errors`, with the path where it is known."""
    cause = _system_error(error)
    if cause is None:
        return _DAMAGED.format(_first_line(error))
    words = _SENTENCES.get(cause.errno or 0) or _OTHER.format(cause.strerror or _first_line(cause))
    return words if cause.filename is None else f"{os.fsdecode(cause.filename)}：{words}"


def _system_error(error: BaseException | None) -> OSError | None:
    """The error itself, or what it tells of: libraries wrap what the system said, as an exception or in its words."""
    while error is not None:
        if isinstance(error, OSError) and error.errno is not None:
            return error
        inner = next((one for one in error.args if isinstance(one, OSError)), None)
        if inner is not None:
            return inner
        if told := _NUMBER.search(str(error)):
            return OSError(int(told[1]), os.strerror(int(told[1])))
        if isinstance(error, OSError):
            return error
        error = error.__cause__ or error.__context__
    return None


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
