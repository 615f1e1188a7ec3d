"""Which contacts and opportunities a few typed letters mean: by title, name, company, mail address and phone number."""

from sqlalchemy import ColumnElement, or_, select

from pipeline.domain.contacts import digits
from pipeline.folding import contains
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity

FEWEST_DIGITS = 3


def contacts_saying(text: str) -> ColumnElement[bool]:
    """Contacts with the text in their name, mail address or company's name, or with these digits in their number."""
    company = Contact.__table__.alias("company_by_name")
    companies = select(company.c.id).where(company.c.is_company, contains(company.c.name, text))
    said = [contains(Contact.name, text), contains(Contact.email, text), Contact.company_id.in_(companies)]
    if number := _number(text):
        said.append(contains(Contact.phone_digits, number))
    return or_(*said)


def opportunities_saying(text: str) -> ColumnElement[bool]:
    """Opportunities with the text in their title, or whose contact has it."""
    theirs = select(Contact.id).where(contacts_saying(text))
    return or_(contains(Opportunity.title, text), Opportunity.contact_id.in_(theirs))


def _number(text: str) -> str | None:
    """The digits of what may be a phone number; none when it holds a letter or too few digits."""
    found = digits(text) or ""
    return found if len(found) >= FEWEST_DIGITS and not any(sign.isalpha() for sign in text) else None
