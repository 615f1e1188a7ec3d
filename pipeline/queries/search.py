"""What a few typed letters find, in groups, as far as a person may see it; what begins with them comes first."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, SQLColumnExpression, case, select

from pipeline.domain import access
from pipeline.extensions import db
from pipeline.folding import begins, contains
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.user import User
from pipeline.queries import contact_list, opportunity_list
from pipeline.queries.matching import contacts_saying, opportunities_saying

FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Found:
    """The first few of each group; `more` says that there are others."""

    text: str
    opportunities: Sequence[opportunity_list.Line] = ()
    contacts: Sequence[contact_list.Line] = ()
    more_opportunities: bool = False
    more_contacts: bool = False

    @property
    def is_too_short(self) -> bool:
        return len(self.text) < FEWEST_LETTERS

    @property
    def is_nothing(self) -> bool:
        return not (self.opportunities or self.contacts)


def found(text: str, *, seen_by: User, most: int) -> Found:
    """Up to `most` opportunities, open ones first, and as many contacts. A single letter finds nothing."""
    if len(text) < FEWEST_LETTERS:
        return Found(text)
    deals, people = _opportunities(text, seen_by, most + 1), _contacts(text, seen_by, most + 1)
    return Found(
        text,
        opportunity_list.lines_of(deals[:most], seen_by=seen_by),
        contact_list.lines_of(people[:most], seen_by=seen_by),
        more_opportunities=len(deals) > most,
        more_contacts=len(people) > most,
    )


def _opportunities(text: str, person: User, most: int) -> Sequence[int]:
    return db.session.scalars(
        select(Opportunity.id)
        .where(access.visible_opportunities(person), Opportunity.deleted_at.is_(None), opportunities_saying(text))
        .order_by(Opportunity.status != Status.OPEN, _how_near(Opportunity.title, text), Opportunity.id.desc())
        .limit(most)
    ).all()


def _contacts(text: str, person: User, most: int) -> Sequence[int]:
    return db.session.scalars(
        select(Contact.id)
        .where(access.visible_contacts(person), Contact.deleted_at.is_(None), contacts_saying(text))
        .order_by(_how_near(Contact.name, text), Contact.name, Contact.id)
        .limit(most)
    ).all()


def _how_near(name: SQLColumnExpression[str], text: str) -> ColumnElement[int]:
    """Names that begin with the text, then names that hold it, then what was found by something else."""
    return case((begins(name, text), 0), (contains(name, text), 1), else_=2)
