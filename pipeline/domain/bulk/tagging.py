"""Putting a tag on many, or taking it off."""

from typing import Any

from pipeline.domain import tags
from pipeline.domain.bulk import base
from pipeline.domain.bulk.base import Before
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.bulk_run import BulkVerb
from pipeline.models.contact import Tag
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User


class TagArguments(base.Arguments):
    tag_id: int


class AddTag(base.Change):
    verb = BulkVerb.ADD_TAG
    past = "tagged"
    Arguments = TagArguments

    def describe(self, arguments: TagArguments) -> str:
        return f"Add the tag “{_tag(arguments).name}”"

    def do(self, opportunity: Opportunity, arguments: TagArguments, *, by: User, via: Via) -> None:
        tags.apply(_tag(arguments), opportunity, by=by, via=via)

    def put_back(
        self, opportunity: Opportunity, arguments: TagArguments, before: Before, *, by: User, via: Via
    ) -> str | None:
        tags.remove(_tag(arguments), opportunity, by=by, via=via)
        return None


class RemoveTag(base.Change):
    verb = BulkVerb.REMOVE_TAG
    past = "changed"
    Arguments = TagArguments

    def describe(self, arguments: TagArguments) -> str:
        return f"Remove the tag “{_tag(arguments).name}”"

    def do(self, opportunity: Opportunity, arguments: TagArguments, *, by: User, via: Via) -> None:
        tags.remove(_tag(arguments), opportunity, by=by, via=via)

    def put_back(
        self, opportunity: Opportunity, arguments: TagArguments, before: Before, *, by: User, via: Via
    ) -> str | None:
        tags.apply(_tag(arguments), opportunity, by=by, via=via)
        return None


def _tag(arguments: Any) -> Tag:
    tag = db.session.get(Tag, arguments.tag_id)
    if tag is None:
        raise RuleBroken("There is no such tag; choose another.")
    return tag
