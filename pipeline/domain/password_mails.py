"""The mails that carry a link to choose a password: for those who forgot theirs, and for those who are invited."""

import secrets

from pipeline.domain import installation, mails
from pipeline.models.mail import Mail
from pipeline.models.user import User

FORGOTTEN = """Hello {name},

somebody, hopefully you, asked for a new password for Pipeline. Choose it here within an hour:

{link}

If it was not you, do nothing: your password stays as it is."""

INVITED = """Hello {name},

{inviter} invites you to Pipeline{company}. Choose your password here within a week:

{link}"""


def forgotten(person: User, link: str) -> Mail:
    """Promise the mail that lets someone choose a new password."""
    return _write(person, "Choose a new password", FORGOTTEN.format(name=person.name, link=link))


def invitation(person: User, link: str, *, by: User) -> Mail:
    """Promise the mail that lets someone in."""
    company = installation.current().company_name
    text = INVITED.format(name=person.name, inviter=by.name, company=f" at {company}" if company else "", link=link)
    return _write(person, f"{by.name} invites you to Pipeline", text)


def _write(person: User, subject: str, text: str) -> Mail:
    purpose = f"password:{person.id}:{secrets.token_hex(8)}"
    return mails.write(purpose=purpose, to_address=person.email, to_name=person.name, subject=subject, text=text)
