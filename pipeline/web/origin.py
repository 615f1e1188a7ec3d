"""The page a person was on when they asked for something: htmx says it, a plain form carries it in `back`."""

from urllib.parse import parse_qsl, urlsplit

from flask import request

from pipeline.web.htmx import is_htmx
from pipeline.web.safety import address_here

Origin = str


def asked_from(default: str) -> Origin:
    """An address here, path and query."""
    return address_here(_told()) or default


def here() -> Origin | None:
    """The address that htmx says the page has; with a panel over it, that of the page beneath."""
    return address_here(_at(request.headers.get("HX-Current-URL"))) if is_htmx() else None


def path(origin: Origin) -> str:
    return urlsplit(origin).path


def query(origin: Origin) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(origin).query))


def _told() -> str | None:
    if carried := request.values.get("back"):
        return carried
    return _at(request.headers.get("HX-Current-URL") if is_htmx() else request.referrer)


def _at(told: str | None) -> str | None:
    if not told:
        return None
    parts = urlsplit(told)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
