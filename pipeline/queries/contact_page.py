"""One contact with all that its page shows, to one person: in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from pipeline.domain import access
from pipeline.domain.access import Permission
from pipeline.extensions import db
from pipeline.models.contact import Contact, Tag
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.user import User
from pipeline.queries import opportunity_list, timeline
from pipeline.queries.opportunity_list import Line
from pipeline.queries.timeline import TimelinePage

MOST_PEOPLE = 50
MOST_DEALS = 50
MOST_TAGS = 200


@dataclass(frozen=True, slots=True)
class ContactPage:
    """`refusal` says why the person who reads may not change it; `None` when they may."""

    contact: Contact
    refusal: str | None
    may_delete: bool
    people: Sequence[Contact]
    deals: Sequence[Line]
    other_tags: Sequence[str]
    timeline: TimelinePage

    @property
    def initials(self) -> str:
        return self.contact.initials

    @property
    def may_edit(self) -> bool:
        return self.refusal is None


def whole(contact_id: int, *, to: User, before: int | None = None) -> ContactPage:
    """Everything about a contact that this person may see; its timeline from the entry `before` on."""
    contact = access.contact(contact_id, to=to)
    refusal = access.why_contact_not_editable(contact, by=to)
    return ContactPage(
        contact=contact,
        refusal=refusal,
        may_delete=refusal is None and access.can(to, Permission.OPPORTUNITY_DELETE),
        people=_people(contact, to),
        deals=_deals(contact, to),
        other_tags=_other_tags(contact),
        timeline=timeline.page(contact, to=to, before=before),
    )


def _people(contact: Contact, person: User) -> Sequence[Contact]:
    """Those at the company, or at the company of this one."""
    company_id = contact.id if contact.is_company else contact.company_id
    if company_id is None:
        return []
    return db.session.scalars(
        select(Contact)
        .where(
            Contact.company_id == company_id,
            Contact.id != contact.id,
            Contact.deleted_at.is_(None),
            access.visible_contacts(person),
        )
        .order_by(Contact.name, Contact.id)
        .limit(MOST_PEOPLE)
    ).all()


def _deals(contact: Contact, person: User) -> list[Line]:
    """Its opportunities, and for a company those of its people; open ones first, then the newest."""
    theirs = select(Contact.id).where(Contact.company_id == contact.id)
    found = db.session.scalars(
        select(Opportunity.id)
        .where(
            or_(Opportunity.contact_id == contact.id, Opportunity.contact_id.in_(theirs)),
            Opportunity.deleted_at.is_(None),
            access.visible_opportunities(person),
        )
        .order_by((Opportunity.status != Status.OPEN), Opportunity.created_at.desc(), Opportunity.id.desc())
        .limit(MOST_DEALS)
    ).all()
    return opportunity_list.lines_of(found, seen_by=person)


def _other_tags(contact: Contact) -> Sequence[str]:
    """Names of the tags it does not wear."""
    worn = [tag.id for tag in contact.tags]
    return db.session.scalars(select(Tag.name).where(Tag.id.not_in(worn)).order_by(Tag.name).limit(MOST_TAGS)).all()
