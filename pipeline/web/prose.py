"""Markdown that an admin wrote for prospects, as HTML: `|prose`. HTML written in it is shown, not obeyed."""

from flask import Flask
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markupsafe import Markup

BENEATH_THE_PAGES_OWN = "h3"


def prepare(app: Flask) -> None:
    app.template_filter("prose")(prose)


def prose(markdown: str) -> Markup:
    """Paragraphs, lists, links and lesser headings; no pictures, for those would come from elsewhere."""
    return Markup(_markdown.render(markdown))  # noqa: S704 - the renderer escapes what it is given


def _lower_headings(state: StateCore) -> None:
    for token in state.tokens:
        if token.type.startswith("heading"):
            token.tag = BENEATH_THE_PAGES_OWN


_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable("image")
_markdown.core.ruler.push("lower_headings", _lower_headings)
