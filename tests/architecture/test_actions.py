"""A kind of action that an automation takes is a word, a module that does it and a form that asks for it."""

from importlib import import_module

import pytest

from pipeline.blueprints.settings.automations.action_forms import FORMS
from pipeline.domain import actions
from pipeline.domain.actions import ActionType
from pipeline.models.automation import ActionKind
from tests.architecture.sources import PACKAGE

DOMAIN = PACKAGE / "domain" / "actions"
NO_KIND = {"__init__", "base"}


@pytest.mark.parametrize("kind", ActionKind)
def test_every_kind_of_action_has_its_module(kind: ActionKind) -> None:
    where = f"pipeline/domain/actions/{kind}.py"
    assert (DOMAIN / f"{kind}.py").exists(), f"write what it does, an ActionType: {where}"
    module = import_module(f"{actions.__name__}.{kind}")
    done = [each.kind for each in ActionType.__subclasses__() if each.__module__ == module.__name__]
    assert done == [kind], f"write one ActionType in {where}, whose kind is ActionKind.{kind.name}: {done}"


@pytest.mark.parametrize("kind", ActionKind)
def test_every_kind_of_action_has_its_form(kind: ActionKind) -> None:
    assert FORMS.get(kind), f"write what it asks, an ActionForm, and add it to FORMS in action_forms.py: {kind}"


def test_every_module_of_an_action_has_its_word() -> None:
    nameless = {path.stem for path in DOMAIN.glob("*.py")} - NO_KIND - set(ActionKind)
    assert not nameless, f"add its word to ActionKind in pipeline/models/automation.py: {nameless}"
