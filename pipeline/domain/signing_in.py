"""Who someone is, by mail address and password. Unknown, inactive and mistaken all look alike, and take as long."""

from sqlalchemy import select

from pipeline.domain import passwords
from pipeline.extensions import db
from pipeline.models.user import User


def recognised(email: str, password: str) -> User | None:
    """The active user with this address and password, or nobody."""
    user = db.session.scalar(select(User).where(User.email == normalised(email)))
    known = passwords.matches(password, user.password_hash if user else None)
    return user if user is not None and known and user.is_active else None


def normalised(email: str) -> str:
    """Addresses are compared without case and surrounding space."""
    return email.strip().lower()
