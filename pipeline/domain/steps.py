"""What becomes of one step of a run: its state, and a permanent receipt on the opportunity's timeline."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from pipeline import clock
from pipeline.domain import events
from pipeline.domain.facts import StepSettled
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.automation import Run, Step, StepState
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

_DEAL = joinedload(Step.run).joinedload(Run.opportunity)
_WITH_ALL_IT_NEEDS = select(Step).options(
    joinedload(Step.run).joinedload(Run.event),
    joinedload(Step.run).joinedload(Run.automation),
    _DEAL.joinedload(Opportunity.owner).lazyload(User.memberships),
    _DEAL.joinedload(Opportunity.contact),
    _DEAL.joinedload(Opportunity.stage),
)


def in_hand(*which: ColumnElement[bool]) -> Step | None:
    """A step with all that is needed to take or settle it, in one reading."""
    return db.session.scalar(_WITH_ALL_IT_NEEDS.where(*which))


def settle(step: Step, state: StepState, receipt: str, *, by: User | None = None) -> None:
    """The step came to an end. A mail thought lost may yet turn out to have gone: then it is settled again."""
    step.state = state
    step.receipt = receipt
    step.settled_at = clock.now()
    fact = StepSettled(
        step_id=step.id,
        automation=step.run.automation.name,
        action=step.description,
        state=state,
        receipt=receipt,
    )
    via = Via.SCREEN if by else Via.AUTOMATION
    events.record(fact, about=step.run.opportunity, by=by, via=via, because=step.run.event)
