"""A text in Markdown as HTML that runs nothing and loads nothing."""

from collections.abc import Mapping
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from analysis.display.templating import Markup
from analysis.pages.sanitising import sanitise


def markdown_to_html(text: str, attachments: Mapping[str, Any] | None = None) -> Markup:
    """The text as a fragment of HTML, sanitised; every heading has an identifier and a link to itself.

    Args:
        text: Markdown, with mathematics as JupyterLab takes it.
        attachments: The pictures that a cell of a notebook carries, by their names.
    """
    renderer = IPythonRenderer(escape=False, attachments=dict(attachments or {}))
    return sanitise(MarkdownWithMath(renderer=renderer).render(text))
