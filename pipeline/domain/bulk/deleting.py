"""Putting many away; each can be restored."""

from typing import Any

from pipeline.domain import opportunities
from pipeline.domain.bulk import base
from pipeline.domain.bulk.base import Before
from pipeline.domain.via import Via
from pipeline.models.bulk_run import BulkVerb
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User


class Delete(base.Change):
    verb = BulkVerb.DELETE
    past = "deleted"

    def describe(self, arguments: Any) -> str:
        return "Delete"

    def do(self, opportunity: Opportunity, arguments: Any, *, by: User, via: Via) -> None:
        opportunities.delete(opportunity, by=by, via=via)

    def put_back(self, opportunity: Opportunity, arguments: Any, before: Before, *, by: User, via: Via) -> str | None:
        opportunities.restore(opportunity, by=by, via=via)
        return None
