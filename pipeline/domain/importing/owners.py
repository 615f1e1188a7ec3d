"""Owners that a file names: found by name or mail address, made as sales reps when asked for.

Someone made by an import is a member of Sales reps who cannot sign in: no password, and where the file gave no mail
address, one under a domain that no mail ever reaches, until an admin corrects it and sends them their link.
"""

import re
import unicodedata

from sqlalchemy import or_, select

from pipeline import folding
from pipeline.domain import founding, people
from pipeline.domain.people import Newcomer
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.user import GroupKind, User


def find(name: str) -> User | None:
    """The user of that name or mail address, whatever the case. Refuses a name that several share."""
    wanted = name.lower()
    found = db.session.scalars(
        select(User).where(or_(folding.folded(User.name) == wanted, User.email == wanted)).order_by(User.id).limit(2)
    ).all()
    if len(found) > 1:
        raise RuleBroken(f"Several people are called {name}; name the owner by mail address.")
    return found[0] if found else None


def make(name: str, domain: str, *, by: User | None) -> User:
    """A sales rep of that name who cannot sign in yet."""
    newcomer = Newcomer(_name_of(name), _free_address(name, domain))
    return people.invite(newcomer, groups=[founding.meaningful(GroupKind.SALES_REPS)], by=by)


def _name_of(name: str) -> str:
    if "@" not in name:
        return name
    return " ".join(re.split(r"[._-]+", name.partition("@")[0])).title()


def _free_address(name: str, domain: str) -> str:
    if re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", name):
        return name.lower()
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    local = ".".join(re.findall(r"[a-z0-9]+", plain)) or "owner"
    taken = set(db.session.scalars(select(User.email).where(User.email.like(f"{local}%@{domain}"))))
    number, address = 1, f"{local}@{domain}"
    while address in taken:
        number += 1
        address = f"{local}.{number}@{domain}"
    return address
