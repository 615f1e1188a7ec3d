"""Templates hold no code and no style of their own: the policy of the site would refuse both."""

import re

import pytest

from tests.architecture.sources import named, templates

FORBIDDEN = {
    r"\sstyle\s*=": "give it a class; colours by `hue-…`",
    r"<style": "put it in static/css/components",
    r"<script(?![^>]*\ssrc=)": "put it in static/js/elements as a custom element",
    r"\son[a-z]+\s*=\s*[\"']": "listen in a custom element",
    r"hx-on|data-hx-on": "listen in a custom element: htmx would evaluate it",
    r"=[\"']js:|javascript:": "the policy allows no evaluation",
    r"hx-trigger=\"[^\"]*\[": "a filter on a trigger is evaluated: listen in a custom element",
    r"(?:src|href)=[\"']https?://": "no third-party asset; links go by url_for",
    r"hx-target=\"(?:closest|next|previous|find)": "aim at an id: fragments find their own place",
    r"\|\s*safe\b": "return Markup from where it was made safe",
}


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_template_has_it(pattern: str) -> None:
    found = [
        f"{named(path)}: {match[0]!r}"
        for path in templates()
        for match in re.finditer(pattern, re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL))
    ]
    assert not found, f"{FORBIDDEN[pattern]}: {found}"


def test_forms_say_where_they_go_without_javascript() -> None:
    wrong = [
        f"{named(path)}: {form}"
        for path in templates()
        for form in re.findall(r"<form\b[^>]*>", path.read_text())
        if "hx-" in form and "action=" not in form
    ]
    assert not wrong, f"the plain form comes first: {wrong}"
