"""The page a person was on when they asked for something: htmx says it, a plain form carries it in `back`."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import request
from werkzeug.datastructures import MultiDict

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


def query(origin: Origin) -> MultiDict[str, str]:
    return MultiDict(parse_qsl(urlsplit(origin).query))


def asking(origin: Origin, words: Mapping[str, str], *, forget: Iterable[str] = ()) -> Origin:
    """The same address asking for these words besides its own, from its first page; without what is to be forgotten."""
    dropped = {*forget, *words, "page"}
    kept = [(name, word) for name, word in parse_qsl(urlsplit(origin).query) if name not in dropped]
    asked = urlencode([*kept, *words.items()])
    return f"{path(origin)}?{asked}" if asked else path(origin)


def _told() -> str | None:
    if carried := request.values.get("back"):
        return carried
    return _at(request.headers.get("HX-Current-URL") if is_htmx() else request.referrer)


def _at(told: str | None) -> str | None:
    if not told:
        return None
    parts = urlsplit(told)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
