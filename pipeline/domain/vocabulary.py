"""The names deals are described with: lead sources and products of interest, found whatever their case, or added."""

from typing import TypeVar

from sqlalchemy import select

from pipeline import folding
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.opportunity import LeadSource
from pipeline.models.product import Product

Named = TypeVar("Named", LeadSource, Product)


def source(name: str) -> LeadSource:
    """The lead source of that name; made when there is none."""
    return _named(LeadSource, name, 60)


def product(name: str) -> Product:
    """The product of that name; made when there is none."""
    return _named(Product, name, 120)


def _named(kind: type[Named], name: str, longest: int) -> Named:
    name = " ".join(name.split())
    if not name or len(name) > longest:
        raise RuleBroken(f"Such a name has between 1 and {longest} letters.")
    found = db.session.scalar(select(kind).where(folding.folded(kind.name) == name.lower()).order_by(kind.id))
    if found is None:
        found = kind(name=name)
        db.session.add(found)
        db.session.flush()
    return found
