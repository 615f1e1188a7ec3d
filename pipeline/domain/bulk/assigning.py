"""Handing many over to one rep, who is told once."""

from typing import Any

from pipeline.domain import notifications, owning
from pipeline.domain.bulk import base
from pipeline.domain.bulk.base import Before
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.bulk_run import BulkVerb
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User


class OwnerArguments(base.Arguments):
    owner_id: int


class Assign(base.Change):
    verb = BulkVerb.ASSIGN
    past = "assigned"
    Arguments = OwnerArguments

    def describe(self, arguments: OwnerArguments) -> str:
        owner = _owner(arguments)
        owning.refuse_owner(owner, by=None)
        return f"Assign to {owner.name}"

    def do(self, opportunity: Opportunity, arguments: OwnerArguments, *, by: User, via: Via) -> None:
        owning.assign(opportunity, _owner(arguments), by=by, via=via)

    def remember(self, opportunity: Opportunity) -> Before:
        return {"owner_id": opportunity.owner_id}

    def put_back(
        self, opportunity: Opportunity, arguments: OwnerArguments, before: Before, *, by: User, via: Via
    ) -> str | None:
        owner = db.session.get(User, before["owner_id"]) if before["owner_id"] else None
        owning.give_back(opportunity, owner, taken_by=_owner(arguments), by=by, via=via)
        return None

    def afterwards(self, arguments: OwnerArguments, count: int, *, by: User, purpose: str) -> None:
        owner = _owner(arguments)
        if owner.id == by.id or not count or not owner.is_active:
            return
        deals = "an opportunity" if count == 1 else f"{count} opportunities"
        notifications.tell(owner, f"{by.name} made you the owner of {deals}.", purpose=purpose)


def _owner(arguments: Any) -> User:
    owner = db.session.get(User, arguments.owner_id)
    if owner is None:
        raise RuleBroken("Choose who is to own them.")
    return owner
