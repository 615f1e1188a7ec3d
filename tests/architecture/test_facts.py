"""All that can happen has its line among the side effects and its sentence on the timeline; what follows exists."""

import pytest

from pipeline.domain.facts import Fact
from pipeline.subscriptions import SUBSCRIPTIONS
from pipeline.tasks import TASKS, load
from pipeline.tasks.schedule import RECURRING
from tests.architecture.sources import PACKAGE

FACTS = sorted(
    (fact for fact in Fact.KINDS.values() if fact.__module__.startswith("pipeline.")), key=lambda fact: fact.kind()
)


def test_every_fact_has_its_line_among_the_side_effects() -> None:
    missing = [fact.__name__ for fact in FACTS if fact not in SUBSCRIPTIONS]
    assert not missing, f"add to SUBSCRIPTIONS, with () if nothing follows: {missing}"


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.kind())
def test_every_fact_has_its_sentence(fact: type[Fact]) -> None:
    sentence = PACKAGE / "templates" / "timeline" / f"{fact.kind()}.html"
    assert sentence.exists(), f"write the sentence that tells it: templates/timeline/{sentence.name}"


@pytest.fixture(autouse=True)
def loaded() -> None:
    load()


def test_what_follows_from_a_fact_is_a_task() -> None:
    unknown = {name for names in SUBSCRIPTIONS.values() for name in names} - set(TASKS)
    assert not unknown, f"register it with @task: {unknown}"


def test_what_is_done_again_and_again_is_a_task() -> None:
    unknown = {recurring.task for recurring in RECURRING} - set(TASKS)
    assert not unknown, f"register it with @task: {unknown}"
