"""Nothing is left lying about: every template is drawn, every icon, element and class is on some page."""

import re
from collections.abc import Iterable
from pathlib import Path

from tests.architecture.sources import PACKAGE, modules, named, templates

STATIC = PACKAGE / "static"
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
MADE = re.compile(r"([\w/-]+[-/_])(?:\{|[\"'] *~)")
"""The beginning of a name whose end is only known when a page is drawn: `hue-{{ … }}`, `timeline/" ~ …`."""
BY_HTMX = {"htmx-request"}


def scripts() -> list[Path]:
    return sorted((STATIC / "js").rglob("*.js"))


def said(paths: Iterable[Path]) -> str:
    return "\n".join(path.read_text() for path in paths)


PAGES = said([*templates(), *modules()])
BEGINNINGS = tuple(set(MADE.findall(PAGES)))


def is_named(word: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) is not None


def test_every_template_is_drawn() -> None:
    names = {path.relative_to(PACKAGE / "templates").as_posix(): path for path in templates()}
    left = [named(path) for name, path in names.items() if name not in PAGES and not name.startswith(BEGINNINGS)]
    assert not left, f"include or render it, or delete it: {left}"


def test_every_icon_is_drawn() -> None:
    left = [path.stem for path in sorted((STATIC / "icons").glob("*.svg")) if f'"{path.stem}"' not in PAGES]
    assert not left, f'draw it by `icon("…")`, or delete the file: {left}'


def test_every_element_stands_on_a_page() -> None:
    defined = re.findall(r'customElements\.define\("([\w-]+)"', said(scripts()))
    left = [name for name in defined if f"<{name}" not in PAGES]
    assert not left, f"put it on a page, or delete its file: {left}"


def test_every_class_is_worn() -> None:
    worn = PAGES + said(scripts())
    styled = set(CLASS.findall(COMMENT.sub("", said(STATIC.rglob("*.css"))))) - BY_HTMX
    left = sorted(name for name in styled if not is_named(name, worn) and not name.startswith(BEGINNINGS))
    assert not left, f"wear it, or take its rule out of the stylesheet: {left}"
