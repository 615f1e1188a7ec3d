"""The people who work here, to choose from."""

from sqlalchemy import select

from pipeline.extensions import db
from pipeline.models.user import User


def who_can_sign_in() -> list[tuple[int, str]]:
    """Number and name, by name."""
    people = select(User.id, User.name).where(User.is_active).order_by(User.name, User.id)
    return [(id_, name) for id_, name in db.session.execute(people)]
