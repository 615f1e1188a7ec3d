"""Contacts that seem to be the same one: those a person may see with the same mail address or phone number."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from pipeline.domain import access
from pipeline.domain.contacts import digits, normalised_email
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.folding import contains
from pipeline.models.contact import Contact
from pipeline.models.user import User

MOST = 5
FEWEST_DIGITS = 6


def like(email: str | None, phone: str | None, *, seen_by: User) -> Sequence[Contact]:
    """A few of them. Numbers are compared by their digits; very short ones say nothing."""
    same = []
    if address := _address(email):
        same.append(Contact.email == address)
    if len(number := digits(phone) or "") >= FEWEST_DIGITS:
        same.append(Contact.phone_digits == number)
    if not same:
        return []
    return db.session.scalars(
        select(Contact)
        .options(joinedload(Contact.company))
        .where(or_(*same), Contact.deleted_at.is_(None), access.visible_contacts(seen_by))
        .order_by(Contact.id)
        .limit(MOST)
    ).all()


def companies_like(text: str, *, seen_by: User) -> Sequence[str]:
    """Names of companies that begin to look like what is being typed."""
    return db.session.scalars(
        select(Contact.name)
        .where(
            Contact.is_company,
            Contact.deleted_at.is_(None),
            contains(Contact.name, text),
            access.visible_contacts(seen_by),
        )
        .order_by(Contact.name)
        .limit(MOST * 2)
    ).all()


def _address(email: str | None) -> str | None:
    try:
        return normalised_email(email)
    except RuleBroken:
        return None
