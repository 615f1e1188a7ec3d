"""Files that fit on a screen or two, named after things."""

from pathlib import Path

import pytest

from tests.architecture.sources import PACKAGE, ROOT, modules, named

LONGEST = (
    (PACKAGE, "*.py", 300),
    (ROOT / "tests", "*.py", 300),
    (PACKAGE / "templates", "*.html", 120),
    (PACKAGE / "static" / "css", "*.css", 200),
    (PACKAGE / "static" / "js", "*.js", 110),
)
MIGRATIONS = PACKAGE / "migrations" / "versions"
"""As long as what they change: they are written by Alembic, and read once."""
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base_utils", "shared"}


@pytest.mark.parametrize(("folder", "kind", "lines"), LONGEST)
def test_no_file_is_longer_than_its_kind_may_be(folder: Path, kind: str, lines: int) -> None:
    files = (path for path in folder.rglob(kind) if path.parent != MIGRATIONS)
    long = {named(path): count for path in files if (count := path.read_text().count("\n")) > lines}
    assert not long, f"over {lines} lines: find the second idea in it and give that a file of its own: {long}"


def test_a_fragment_is_a_screenful() -> None:
    fragments = {path: path.read_text() for path in (PACKAGE / "templates").rglob("_*.html")}
    long = [named(path) for path, text in fragments.items() if "{% macro" not in text and text.count("\n") > 50]
    assert not long, f"over 50 lines: include its parts from files of their own: {long}"


def test_no_file_is_named_after_a_kind() -> None:
    wrong = [named(path) for path in modules() if path.stem in NO_NAMES]
    assert not wrong, f"name it after the thing it is about: {wrong}"
