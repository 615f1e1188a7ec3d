"""The same change to many opportunities, each through the verb that changes one of them.

To add a kind of change, give `BulkVerb` its word, and write a `Change` for it in a module here.
"""

import pkgutil
from functools import cache
from importlib import import_module

from pipeline.domain.bulk.base import Arguments, Change
from pipeline.models.bulk_run import BulkVerb

__all__ = ["Arguments", "Change", "change_of"]


@cache
def _all() -> dict[BulkVerb, Change]:
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return {subclass.verb: subclass() for subclass in Change.__subclasses__()}


def change_of(verb: BulkVerb) -> Change:
    return _all()[verb]
