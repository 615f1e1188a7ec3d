"""Answers made of fragments: each is put in the place of the element on the page that has its id.

    return fragments(("board/_column.html", {"column": column}), otherwise=url_for("board.show"))

With htmx the fragments travel as partials, wherever the request came from; a plain browser gets a 303 to `otherwise`.
What was said with `flash(text, tone)` comes along as toasts.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import Response, current_app, g, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

Fragment = tuple[str, Mapping[str, Any]]

TOASTS: Fragment = ("components/_toasts.html", {})
NO_DIALOG: Fragment = ("components/_no_dialog.html", {})
"""Closes the open dialog, if there is one."""

ROOT_ID = re.compile(r'<[a-z][^>]*?\sid="([^"]+)"')


def is_htmx() -> bool:
    """Whether a part of a page is asked for. Going back in history asks for a whole page."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def fragments(*parts: Fragment, otherwise: str, status: int = 200) -> ResponseReturnValue:
    """Answer a change with the fragments it touched, or send a plain browser on."""
    if not is_htmx():
        return redirect(otherwise, 303)
    return partials(*parts, status=status)


def partials(*parts: Fragment, status: int = 200) -> Response:
    """The fragments themselves, each aimed at the element it replaces, with the toasts."""
    *bodies, toasts = drawn(*parts, TOASTS)
    return make_response("\n".join([*(aimed(body) for body in bodies), toasts]), status)


def morphed(*parts: Fragment) -> Response:
    """The fragments, each blended into the element it updates: what is the same there stays, and keeps its state."""
    return make_response("\n".join(aimed(body, swap="outerMorph") for body in drawn(*parts)))


def page(template: str, *, status: int = 200, **context: Any) -> ResponseReturnValue:
    """A whole page, with a status that tells the truth."""
    return render_template(template, **context), status


def form_page(page_template: str, part: Fragment, *, status: int = 422) -> ResponseReturnValue:
    """A form that was refused: its own fragment with htmx, the whole page around it without."""
    if is_htmx():
        return partials(part, status=status)
    return render_template(page_template, **part[1]), status


def dialog_page(template: str, *parts: Fragment, page: str, status: int, **context: Any) -> ResponseReturnValue:
    """A dialog that asks something back, beside other fragments; without htmx a page that holds the same dialog."""
    if not is_htmx():
        return render_template(page, dialog=template, level=1, **context), status
    asked = {"dialog": template, "level": 2, **context}
    return partials(*parts, ("components/_in_dialog.html", asked), status=status)


def go(url: str) -> ResponseReturnValue:
    """Leave this page for another, with htmx or without."""
    if not is_htmx():
        return redirect(url, 303)
    return Response(status=204, headers={"HX-Redirect": url})


def again() -> ResponseReturnValue:
    """The page that asked, drawn anew where it stands."""
    return Response(status=204, headers={"HX-Refresh": "true"})


def on_refusal(draw: Callable[[], list[Fragment]]) -> None:
    """Say which fragments show the truth again, should a rule refuse what follows in this request."""
    g.on_refusal = draw


def truth_again() -> list[Fragment]:
    """The fragments promised by `on_refusal`, drawn after the transaction was rolled back."""
    draw: Callable[[], list[Fragment]] | None = g.pop("on_refusal", None)
    return draw() if draw else []


def drawn(*parts: Fragment) -> list[Markup]:
    """Each by itself; what Flask gives every template is put together once for all of them."""
    given: dict[str, Any] = {}
    current_app.update_template_context(given)
    templates = current_app.jinja_env.get_template
    return [Markup(templates(name).render({**given, **context})) for name, context in parts]  # noqa: S704 - they escape


def aimed(html: Markup, swap: str = "outerHTML") -> Markup:
    """A fragment on its way to the element whose id its root carries, unless it says itself where it goes."""
    if html.startswith("<hx-partial"):
        return html
    root = ROOT_ID.search(html)
    if root is None:
        raise RuntimeError(f"a fragment needs an id on its root element: {html[:80]!r}")
    return Markup('<hx-partial id="%s" hx-swap="%s">%s</hx-partial>') % (root[1], swap, html)
