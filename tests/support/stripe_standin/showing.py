"""How a thing looks in an answer: related things by their id, or whole where `expand` asks for them."""

from typing import Any

from tests.support.stripe_standin.account import Account, Thing
from tests.support.stripe_standin.parameters import Fields, listed, whole
from tests.support.stripe_standin.refusals import Refusal, invalid

DEEPEST = 4
Tree = dict[str, Any]


def shown(account: Account, thing: Thing, fields: Fields) -> Thing:
    return _expanded(account, thing, _tree(listed(fields, "expand")))


def page(account: Account, things: list[Thing], fields: Fields, url: str) -> Thing:
    """A page of a list: at most 100, ten without a limit, after `starting_after`."""
    limit = whole(fields, "limit", least=1, most=100) if "limit" in fields else 10
    if after := fields.get("starting_after"):
        refs = [thing["id"] for thing in things]
        if after not in refs:
            raise invalid("starting_after", f"No such object: '{after}'", "resource_missing")
        things = things[refs.index(after) + 1 :]
    answer = {"object": "list", "url": url, "has_more": len(things) > limit, "data": things[:limit]}
    return _expanded(account, answer, _tree(listed(fields, "expand")))


def _tree(paths: list[str]) -> Tree:
    tree: Tree = {}
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST:
            raise Refusal(f"You cannot expand more than 4 levels of a property. Property: {path}", param="expand")
        place = tree
        for step in steps:
            place = place.setdefault(step, {})
    return tree


def _expanded(account: Account, thing: Thing, tree: Tree) -> Thing:
    seen = {name: value for name, value in thing.items() if not name.startswith("_")}
    if thing.get("object") == "list":
        seen["data"] = [_expanded(account, each, tree.get("data", {})) for each in thing["data"]]
        return seen
    for name, below in tree.items():
        if name == "payments" and thing.get("object") == "invoice":
            payments = account.all("invoice_payment", invoice=thing["id"])
            listing = {"object": "list", "url": "/v1/invoice_payments", "has_more": False, "data": payments}
            seen[name] = _expanded(account, listing, below)
        elif name not in seen:
            raise Refusal(f"This property cannot be expanded ({name}).", param="expand")
        elif isinstance(seen[name], dict):
            seen[name] = _expanded(account, seen[name], below)
        elif seen[name] is not None:
            seen[name] = _expanded(account, account.things[seen[name]], below)
    return seen
