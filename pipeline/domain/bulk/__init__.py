"""The same change to many opportunities, each through the verb that changes one of them.

To add a kind of change, give `BulkVerb` its word, and write a `Change` for it in a module here.
"""

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from pipeline.domain.bulk.base import Arguments, Change
from pipeline.models.bulk_run import BulkVerb

__all__ = ["Arguments", "Change", "change_of"]


@cache
def _all() -> dict[BulkVerb, Change]:
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return {kind.verb: kind() for kind in _kinds(Change)}


def _kinds(of: Any) -> Iterator[type[Change]]:
    for kind in of.__subclasses__():
        yield from [kind] if "verb" in vars(kind) else _kinds(kind)


def change_of(verb: BulkVerb) -> Change:
    return _all()[verb]
