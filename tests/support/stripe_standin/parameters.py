"""What a request says: Stripe's bracketed form fields, read and held against the parameters that Stripe documents.

Which parameters an endpoint knows comes from the official package, where they are written down from Stripe's own
specification.
"""

import re
import sys
from typing import Any
from urllib.parse import parse_qsl

from stripe._request_options import RequestOptions

from tests.support.stripe_standin.refusals import invalid, missing, unknown

NESTED = re.compile(r"\b(\w+Params\w+)\b")
INDEX = re.compile(r"^\d+$")
OPTIONS = frozenset(RequestOptions.__annotations__)

Fields = dict[str, Any]


def read(text: str) -> Fields:
    """`a[b][0]=c` as `{"a": {"b": {"0": "c"}}}`."""
    fields: Fields = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *path, last = [name.split("[")[0], *re.findall(r"\[([^\]]*)\]", name)]
        place = fields
        for step in path:
            place = place.setdefault(step, {})
        place[last or str(len(place))] = value
    return fields


def check(fields: Fields, documented: type, under: str = "") -> None:
    """Refuse what Stripe does not know, and what it cannot do without."""
    known = {name: str(kind) for name, kind in documented.__annotations__.items() if name not in OPTIONS}
    for name, value in fields.items():
        if name not in known:
            raise unknown(_named(under, name))
        if inner := _inner(known[name], documented):
            if not isinstance(value, dict):
                raise invalid(_named(under, name), "Invalid object")
            for where, part in _parts(_named(under, name), value):
                check(part, inner, where)
    for name in known:
        if name in getattr(documented, "__required_keys__", ()) and name not in fields:
            raise missing(_named(under, name))


def whole(fields: Fields, name: str, under: str = "", *, least: int = 0, most: int | None = None) -> int:
    """A whole number, as Stripe understands one."""
    value = fields.get(name)
    if value is None:
        raise missing(_named(under, name))
    if not re.fullmatch(r"-?\d+", str(value)):
        raise invalid(_named(under, name), f"Invalid integer: {value}", "parameter_invalid_integer")
    if int(value) < least:
        raise invalid(_named(under, name), f"This value must be greater than or equal to {least}.")
    if most is not None and int(value) > most:
        raise invalid(_named(under, name), f"This value must be less than or equal to {most}.")
    return int(value)


def listed(fields: Fields, name: str) -> list[Any]:
    """A list in the order of its indices."""
    return [value for _, value in sorted(fields.get(name, {}).items(), key=lambda item: int(item[0]))]


def check_metadata(metadata: dict[str, str], under: str) -> None:
    for key, value in metadata.items():
        if len(key) > 40:
            raise invalid(under, f"Metadata keys can have at most 40 characters: {key}")
        if len(value) > 500:
            raise invalid(under, f"Metadata values can have at most 500 characters: {key}")


def _named(under: str, name: str) -> str:
    return f"{under}[{name}]" if under else name


def _inner(kind: str, documented: type) -> type | None:
    found = NESTED.search(kind)
    return getattr(sys.modules[documented.__module__], found[1], None) if found else None


def _parts(where: str, value: Fields) -> list[tuple[str, Fields]]:
    """An object is one part, a list of objects as many as it has."""
    if value and all(INDEX.match(key) for key in value):
        return [(f"{where}[{key}]", part) for key, part in value.items()]
    return [(where, value)]
