"""Deleted opportunities that can still be restored, as far as a person may see them."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from pipeline import clock
from pipeline.domain import access
from pipeline.domain.opportunities import KEPT
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

MOST = 200


def to_restore(to: User) -> list[Opportunity]:
    """The latest deleted first."""
    return list(
        db.session.scalars(
            select(Opportunity)
            .options(joinedload(Opportunity.contact), joinedload(Opportunity.stage))
            .where(Opportunity.deleted_at >= clock.now() - KEPT, access.visible_opportunities(to))
            .order_by(Opportunity.deleted_at.desc(), Opportunity.id.desc())
            .limit(MOST)
        )
    )
