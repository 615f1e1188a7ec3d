"""Contacts: people, companies, and people at companies."""

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import exists, select, true

from pipeline import clock
from pipeline.domain import access, changes, events
from pipeline.domain.access import Permission
from pipeline.domain.facts import ContactChanged, ContactCreated, ContactDeleted, ContactRestored
from pipeline.domain.holding import hold
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.folding import folded
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

CHANGEABLE = {"name", "is_company", "company", "email", "phone", "time_zone", "notes", "owner"}
LONGEST = 120


def create(
    name: str,
    *,
    by: User | None,
    is_company: bool = False,
    company: Contact | None = None,
    email: str | None = None,
    phone: str | None = None,
    time_zone: str | None = None,
    via: Via = Via.SCREEN,
) -> Contact:
    """A new contact, owned by its maker. Needs a name; refuses a mail address that cannot be one."""
    access.refuse_unless(by, Permission.OPPORTUNITY_ADD, "You may not add contacts. An admin can give you that right.")
    contact = Contact(
        name=_named(name),
        is_company=is_company,
        company=None if is_company else company,
        email=normalised_email(email),
        phone=(phone or "").strip() or None,
        phone_digits=digits(phone),
        time_zone=time_zone,
        notes="",
        owner=by,
        version=1,
        created_at=clock.now(),
    )
    db.session.add(contact)
    db.session.flush()
    events.record(ContactCreated(name=contact.name), about=contact, by=by, via=via)
    return contact


def company_named(name: str, *, by: User | None, via: Via = Via.SCREEN) -> Contact:
    """The company of that name, whatever its case, among those the person sees; made when there is none.

    Guessing a name must not open the page of a company one had no business with.
    """
    wanted = " ".join(name.split())
    seen = access.visible_contacts(by) if by else true()
    found = db.session.scalar(
        select(Contact)
        .where(Contact.is_company, Contact.deleted_at.is_(None), folded(Contact.name) == wanted.lower(), seen)
        .order_by(Contact.id)
    )
    return found or create(wanted, by=by, is_company=True, via=via)


def change(
    contact: Contact, *, by: User | None, seen_version: int | None = None, via: Via = Via.RECORD, **values: object
) -> list[str]:
    """Change some of the `CHANGEABLE` fields; names those that did change.

    A field that someone else changed since `seen_version` is a conflict; different fields merge.
    """
    if unknown := values.keys() - CHANGEABLE:
        raise TypeError(f"not changeable here: {', '.join(sorted(unknown))}")
    hold(contact)
    access.refuse_unless_contact_editable(contact, by=by)
    values = _normalised(contact, values)
    made = changes.between(contact, values)
    if not made:
        return []
    changes.refuse_if_overtaken(contact, seen_version, [change.field for change in made], told_by=ContactChanged)
    for change in made:
        setattr(contact, change.field, values[change.field])
    contact.phone_digits = digits(contact.phone)
    contact.version += 1
    events.record(ContactChanged(changes=made, version=contact.version), about=contact, by=by, via=via)
    return [change.field for change in made]


def delete(contact: Contact, *, by: User | None) -> None:
    """Put a contact away; it can be restored. Refused while it has opportunities that are not deleted."""
    hold(contact)
    access.refuse_unless_contact_editable(contact, by=by)
    access.refuse_unless(
        by, Permission.OPPORTUNITY_DELETE, "You may not delete contacts. An admin can give you that right."
    )
    held = exists().where(Opportunity.contact_id == contact.id, Opportunity.deleted_at.is_(None))
    if db.session.scalar(select(held)):
        raise RuleBroken(f"{contact.name} still has opportunities; delete those first, or give them another contact.")
    contact.deleted_at = clock.now()
    contact.version += 1
    events.record(ContactDeleted(name=contact.name), about=contact, by=by)


def restore(contact: Contact, *, by: User | None) -> None:
    """Bring a deleted contact back."""
    hold(contact, deleted=True)
    access.refuse_unless_contact_editable(contact, by=by)
    contact.deleted_at = None
    contact.version += 1
    events.record(ContactRestored(name=contact.name), about=contact, by=by)


def normalised_email(address: str | None) -> str | None:
    """The address in its normal form, or None for none. Refuses what cannot be one (RFC 5321 syntax)."""
    if not (address or "").strip():
        return None
    try:
        checked = validate_email(str(address).strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise RuleBroken(f"“{address}” is not a mail address.") from error
    return str(checked.normalized).lower()


def digits(phone: str | None) -> str | None:
    """Only the digits of a phone number, to search by."""
    return "".join(sign for sign in phone or "" if sign.isdigit()) or None


def _normalised(contact: Contact, values: dict[str, object]) -> dict[str, object]:
    if "name" in values:
        values["name"] = _named(str(values["name"]))
    if "email" in values:
        values["email"] = normalised_email(str(values["email"] or ""))
    if "phone" in values:
        values["phone"] = str(values["phone"] or "").strip() or None
    if values.get("is_company", contact.is_company):
        values["company"] = None
    elif values.get("company") is contact:
        raise RuleBroken("A contact cannot be its own company.")
    return values


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise RuleBroken(f"A contact needs a name of at most {LONGEST} letters.")
    return name
