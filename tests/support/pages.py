"""What is true of every page: one heading, ids that stand once, forms that say where they go, labels on all fields."""

from collections import Counter

from bs4 import BeautifulSoup, Tag


def look_over(html: str) -> None:
    """Fail with what to mend, should the page break a rule that all pages keep."""
    page = _looked_over(html)
    for form in page.find_all("form", method="post"):
        assert form.find("input", {"name": "csrf_token"}), (
            f"a form that changes something has a token: {str(form)[:120]}"
        )


def look_over_in_public(html: str) -> None:
    """The same for prospects' pages, whose address is the only token: no script, no style within, nothing from afar."""
    page = _looked_over(html)
    assert not page.find("input", {"name": "csrf_token"}), "there is no session that a token could belong to"
    assert not page.find("script"), "it works without JavaScript"
    assert not page.find(style=True), "the policy allows no style within"
    afar = [each for each in page.find_all(src=True) if not each["src"].startswith("/")]
    assert not afar, f"nothing comes from another site: {afar}"


def _looked_over(html: str) -> BeautifulSoup:
    page = BeautifulSoup(html, "html.parser")
    headings = [heading.get_text(" ", strip=True) for heading in page.find_all("h1")]
    assert len(headings) == 1, f"a page has one h1, this one has {headings}"
    title = page.title.get_text(strip=True) if page.title else ""
    assert title.startswith(headings[0]), f"the title “{title}” begins with the heading “{headings[0]}”"
    ids = Counter(element["id"] for element in page.find_all(id=True))
    assert not [name for name, count in ids.items() if count > 1], f"an id stands once: {ids.most_common(3)}"
    for form in page.find_all("form"):
        assert form.get("action"), f"a form says where it goes: {str(form)[:120]}"
    for field in page.find_all(["input", "select", "textarea"]):
        assert _has_label(field, page), f"a field has a label or an aria-label: {field}"
    return page


def _has_label(field: Tag, page: BeautifulSoup) -> bool:
    if field.get("type") in {"hidden", "submit"} or field.get("aria-label") or field.get("aria-labelledby"):
        return True
    return bool(field.find_parent("label") or (field.get("id") and page.find("label", {"for": field["id"]})))
