"""A text in Markdown as HTML that runs nothing and loads nothing."""

from nbconvert.filters import markdown2html

from analysis.pages.sanitising import sanitise


def markdown_to_html(text: str) -> str:
    """The text as a fragment of HTML, sanitised."""
    return sanitise(markdown2html(text))
