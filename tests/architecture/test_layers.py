"""Imports point down: edges, then domain and queries, then models. Only edges know HTTP, and only they commit."""

import pytest

from tests.architecture.sources import imports, modules, named

EDGES = {"blueprints", "cli", "tasks", "web", "demo", "server"}
MAY_NOT_KNOW = {
    "models": EDGES | {"domain", "queries", "gateways"},
    "domain": EDGES | {"queries"},
    "queries": EDGES,
    "gateways": EDGES | {"queries"},
}
BELOW_THE_EDGES = ["models", "domain", "queries"]
OF_THE_WEB = {"flask", "flask_login", "flask_limiter", "werkzeug", "rq"}
OF_FORMS = {"wtforms", "flask_wtf"}


def imported(layer: str, packages: set[str]) -> list[str]:
    """What a layer's modules import of these packages."""
    return [
        f"{named(path)} imports {name}"
        for path in modules(layer)
        for name in sorted(imports(path))
        if name.partition(".")[0] in packages
    ]


@pytest.mark.parametrize("layer", MAY_NOT_KNOW)
def test_a_layer_knows_nothing_above_it(layer: str) -> None:
    above = tuple(f"pipeline.{name}" for name in MAY_NOT_KNOW[layer])
    wrong = [
        f"{named(path)} imports {name}"
        for path in modules(layer)
        for name in imports(path)
        if name in above or name.startswith(tuple(f"{one}." for one in above))
    ]
    assert not wrong, f"move what both need down into {layer}, or the caller up: {wrong}"


@pytest.mark.parametrize("layer", BELOW_THE_EDGES)
def test_nothing_below_the_edges_knows_http_or_the_queue(layer: str) -> None:
    wrong = imported(layer, OF_THE_WEB)
    assert not wrong, f"take what you need as an argument (`by=`, a plain value): {wrong}"


@pytest.mark.parametrize("layer", BELOW_THE_EDGES)
def test_nothing_below_the_edges_knows_a_form(layer: str) -> None:
    wrong = imported(layer, OF_FORMS)
    assert not wrong, f"put the form beside its view, and hand on plain values or a pydantic model: {wrong}"


def test_only_the_transaction_commits() -> None:
    wrong = [
        named(path) for path in modules() if "session.commit()" in path.read_text() and path.name != "transaction.py"
    ]
    assert not wrong, f"write inside `with transaction():` at the edge instead of committing: {wrong}"


def test_nobody_asks_the_machine_what_time_it_is() -> None:
    wrong = [
        named(path)
        for path in modules()
        if any(asked in path.read_text() for asked in ("datetime.now(", "date.today(", "utcnow("))
        and path.name != "clock.py"
    ]
    assert not wrong, f"ask `clock.now()` or `clock.today(person)`: {wrong}"


def test_no_database_folds_letters_by_itself() -> None:
    wrong = [named(path) for path in modules() if "func.lower(" in path.read_text()]
    assert not wrong, f"write `folding.folded(column)`: SQLite's own `lower` knows only A to Z: {wrong}"
