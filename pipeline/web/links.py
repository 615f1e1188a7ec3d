"""Links that prove who holds them: signed, short-lived, and worth nothing once they were used."""

import hashlib
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from pipeline.extensions import db
from pipeline.models.user import User

HOUR = 60 * 60
FIRST_RUN = "first-run"


@dataclass(frozen=True)
class Kind:
    """What a link is for, and for how many seconds it is good."""

    salt: str
    seconds: int


RESET = Kind("password-reset", HOUR)
INVITATION = Kind("invitation", 7 * 24 * HOUR)


def password_link(person: User, kind: Kind) -> str:
    """Where this person chooses a new password. Setting one, by whichever link, spends it."""
    token = _signer(kind.salt).dumps([person.id, _fingerprint(person)])
    return _absolute("password_resets.edit", kind=kind.salt, token=token)


def holder(kind: Kind, token: str) -> User | None:
    """Whose link it is, while it is good."""
    try:
        person_id, fingerprint = _signer(kind.salt).loads(token, max_age=kind.seconds)
    except (BadData, ValueError, TypeError):
        return None
    person = db.session.get(User, person_id)
    if person is None or not person.is_active or _fingerprint(person) != fingerprint:
        return None
    return person


def first_run_link() -> str:
    """Where the first administrator is made. Good until there is one."""
    return _absolute("first_run.new", token=_signer(FIRST_RUN).dumps(FIRST_RUN))


def is_first_run(token: str) -> bool:
    try:
        return bool(_signer(FIRST_RUN).loads(token) == FIRST_RUN)
    except BadData:
        return False


def _signer(salt: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=salt)


def _fingerprint(person: User) -> str:
    standing = f"{person.email}:{person.password_hash}:{person.session_epoch}"
    return hashlib.sha256(standing.encode()).hexdigest()[:24]


def _absolute(endpoint: str, **values: Any) -> str:
    with current_app.test_request_context():
        path = url_for(endpoint, **values)
    return f"{current_app.config['SETTINGS'].public_url}{path}"
