"""The contacts that a typed name may mean, among those a person may see."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from pipeline.domain import access
from pipeline.extensions import db
from pipeline.folding import folded
from pipeline.models.contact import Contact
from pipeline.models.user import User
from pipeline.queries.matching import contacts_saying

MOST = 8


def like(text: str, *, seen_by: User) -> Sequence[Contact]:
    """A few that have it in their name, company, mail address or number; those whose name begins with it first."""
    if not text:
        return []
    said = text.lower()
    return db.session.scalars(
        select(Contact)
        .options(joinedload(Contact.company))
        .where(contacts_saying(text), Contact.deleted_at.is_(None), access.visible_contacts(seen_by))
        .order_by(folded(Contact.name) != said, ~folded(Contact.name).startswith(said, autoescape=True), Contact.name)
        .limit(MOST)
    ).all()


def exactly(text: str, *, seen_by: User) -> Sequence[Contact]:
    """Those of exactly that name or mail address, whatever its case."""
    said = text.lower()
    return db.session.scalars(
        select(Contact)
        .options(joinedload(Contact.company))
        .where(
            or_(folded(Contact.name) == said, Contact.email == said),
            Contact.deleted_at.is_(None),
            access.visible_contacts(seen_by),
        )
        .order_by(Contact.id)
        .limit(MOST)
    ).all()
