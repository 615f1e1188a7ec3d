"""The kinds of action an automation can take: one module each, and each adds itself by being here.

To add a kind, give `ActionKind` its word, write its module here under that name with one `ActionType`, and give it
its form at the edge, in `blueprints/settings/automations/action_forms.py`.
"""

import pkgutil
from functools import cache
from importlib import import_module

from pipeline.domain.actions.base import ActionType, Ending, Reversal
from pipeline.models.automation import ActionKind

__all__ = ["ActionType", "Ending", "Reversal", "all_types", "of_kind"]


@cache
def all_types() -> dict[ActionKind, ActionType]:
    """Every kind, in the order in which `ActionKind` names them."""
    for module in pkgutil.iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    found = {subclass.kind: subclass() for subclass in ActionType.__subclasses__()}
    return {kind: found[kind] for kind in ActionKind}


def of_kind(kind: ActionKind) -> ActionType:
    return all_types()[kind]
