"""Names that only one of a kind can have, whatever their case."""

from typing import TypeVar

from sqlalchemy import select

from pipeline import folding
from pipeline.domain import ordering
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.mail import MailTemplate
from pipeline.models.pipeline import Pipeline
from pipeline.models.product import Bundle, Product
from pipeline.models.skin import Skin
from pipeline.models.user import Group

T = TypeVar("T", Bundle, Group, MailTemplate, Pipeline, Product, Skin)


def free(kind: type[T], name: str, *, noun: str, longest: int, but: T | None = None) -> str:
    """The name, tidied. Refuses an empty or overlong one, and one that another of that kind has."""
    name = ordering.tidy(name, what=f"A {noun}’s name", longest=longest)
    taken = db.session.scalar(select(kind).where(folding.folded(kind.name) == name.lower()))
    if taken is not None and taken is not but:
        raise RuleBroken(f"There is a {noun} called {taken.name} already; choose another name.")
    return name
