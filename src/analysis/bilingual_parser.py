"""The command line's own words in two languages, as all that the workbench says: Chinese first.

What argparse says by itself is English; its headings are named anew, and what it complains of is said in both.
"""

import argparse
import re
import sys
from typing import Any, NoReturn

from analysis.terminal import visible

# What argparse complains of, and the same in Chinese; the groups are what it names.
_COMPLAINTS = (
    (r"the following arguments are required: (.+)", r"缺少参数：\1"),
    (r"argument (.+): invalid choice: (.+) \(choose from (.+)\)", r"参数 \1 没有 \2 这一项；可选：\3"),
    (r"argument (.+): expected one argument", r"参数 \1 要有一个值"),
    (r"argument (.+): expected at least one argument", r"参数 \1 至少要有一个值"),
    (r"argument (.+): expected (\d+) arguments", r"参数 \1 要有 \2 个值"),
    (r"argument (.+): invalid \w+ value: (.+)", r"参数 \1 的值 \2 无效"),
    (r"argument (.+): at least (\d+)", r"参数 \1 至少为 \2"),
    (r"unrecognized arguments: (.+)", r"不认识的参数：\1"),
)


class BilingualParser(argparse.ArgumentParser):
    """A parser whose headings and complaints are Chinese and English."""

    def __init__(self, add_help: bool = True, **more: Any) -> None:
        """As argparse has it; the help of `-h` is said in both languages."""
        super().__init__(add_help=False, **more)
        self._positionals.title = "参数 arguments"
        self._optionals.title = "选项 options"
        if add_help:
            self.add_argument("-h", "--help", action="help", help="show this help 显示帮助")

    def error(self, message: str) -> NoReturn:
        """Say the usage and what is wrong, and leave with 2."""
        self.print_usage(sys.stderr)
        # What was typed may be the name of a file, which a shell put there.
        self.exit(2, f"{self.prog}: 用法错误 error: {_in_both(visible(message))}\n")


def _in_both(message: str) -> str:
    for pattern, chinese in _COMPLAINTS:
        found = re.fullmatch(pattern, message)
        if found:
            return f"{found.expand(chinese)} / {message}"
    return message
