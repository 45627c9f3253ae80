"""HTML is made by templates in which every value is text, unless our own code made it markup.

The templates lie in assets/templates, a folder for each room, and are named after what they show. A value that is not
`Markup` is escaped where it stands; a name that a template uses and nobody gave is an error. `Markup` comes from a
template, from what sanitises, and from files of our own: never from a text that was put together around a document's
words.
"""

import json
import re
from collections.abc import Iterable

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

__all__ = ["HtmlRepr", "Markup", "compile_templates", "render", "script_json"]

_LINE_BREAK = re.compile(r"\n\s*")
_JSON_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_JSON_ESCAPED = re.compile("[<>&\u2028\u2029]")


class _JoinedLines(Extension):
    """Line breaks of a template, with the indentation after them, are for its reader alone: no page carries them."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        for token in stream:
            yield Token(token.lineno, "data", _LINE_BREAK.sub("", token.value)) if token.type == "data" else token


def script_json(value: object) -> Markup:
    """A value as JSON that can stand in a script element: nothing in it ends the element or begins another."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(_JSON_ESCAPED.sub(lambda sign: _JSON_ESCAPES[sign[0]], text))  # noqa: S704 - no sign of markup is left


_environment = Environment(
    loader=PackageLoader("analysis", "assets/templates"),
    autoescape=True,
    undefined=StrictUndefined,
    extensions=[_JoinedLines],
    auto_reload=False,
    cache_size=-1,
)
_environment.filters["script_json"] = script_json


def render(template: str, /, **values: object) -> Markup:
    """A template of assets/templates with its values; it is compiled once in a process.

    Raises:
        jinja2.UndefinedError: The template uses a name that is not among the values.
    """
    return Markup(_environment.get_template(template).render(values))  # noqa: S704 - escaped by the template


def compile_templates() -> None:
    """Compile all templates, for processes that are forked from this one."""
    for name in _environment.list_templates():
        _environment.get_template(name)


class HtmlRepr:
    """What shows itself as HTML: in a notebook, and in a template, which takes it as it is."""

    __slots__ = ()

    def __html__(self) -> Markup:
        raise NotImplementedError

    def _repr_html_(self) -> str:
        return str(self.__html__())
