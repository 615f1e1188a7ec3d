"""When someone leaves: everything they own goes to another, in one transaction."""

from sqlalchemy import select

from pipeline.domain import access, activities, events, owning
from pipeline.domain.access import Permission
from pipeline.domain.people import ADMINS_ONLY
from pipeline.domain.people_facts import DealsHandedOver
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.activity import Activity
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.user import User


def hand_over(person: User, to: User, *, by: User) -> int:
    """Give their open deals and open tasks to another sales rep; says how many deals. Closed deals keep their owner."""
    access.refuse_unless(by, Permission.ADMINISTER, ADMINS_ONLY)
    owning.refuse_owner(to, by=by)
    mine = select(Opportunity).where(Opportunity.owner_id == person.id, Opportunity.status == Status.OPEN)
    deals = db.session.scalars(mine.where(Opportunity.deleted_at.is_(None))).all()
    for deal in deals:
        owning.assign(deal, to, by=by, via=Via.BULK)
    for task in db.session.scalars(
        select(Activity).where(
            Activity.assignee_id == person.id, Activity.done_at.is_(None), Activity.deleted_at.is_(None)
        )
    ):
        activities.change(task, by=by, via=Via.BULK, assignee=to)
    fact = DealsHandedOver(user_id=person.id, name=person.name, to=to.name, deals=len(deals))
    events.record(fact, about=person, by=by)
    return len(deals)
