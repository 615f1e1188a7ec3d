"""What the settings of products and bundles show, and what can be put on a deal."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select, true
from sqlalchemy.orm import joinedload, selectinload

from pipeline import folding
from pipeline.domain.rules import NotVisible
from pipeline.extensions import db
from pipeline.models.line import OpportunityLine
from pipeline.models.product import Bundle, BundleLine, Product


class Shelf(NamedTuple):
    """Products by name, with on how many deals each is, and the bundles."""

    products: Sequence[tuple[Product, int]]
    archived: Sequence[Product]
    bundles: Sequence[Bundle]
    archived_bundles: Sequence[Bundle]


def shelf(text: str = "") -> Shelf:
    """All of it; with a text, the products whose name has it."""
    deals = select(func.count(OpportunityLine.opportunity_id.distinct())).where(
        OpportunityLine.product_id == Product.id
    )
    named = folding.contains(Product.name, text) if text else true()
    live = select(Product, deals.scalar_subquery()).where(Product.archived_at.is_(None), named)
    gone = select(Product).where(Product.archived_at.is_not(None), named)
    bundles = db.session.scalars(
        select(Bundle).options(selectinload(Bundle.lines).joinedload(BundleLine.product)).order_by(Bundle.name)
    ).all()
    return Shelf(
        [(row[0], row[1]) for row in db.session.execute(live.order_by(Product.name))],
        db.session.scalars(gone.order_by(Product.name)).all(),
        [bundle for bundle in bundles if bundle.archived_at is None],
        [bundle for bundle in bundles if bundle.archived_at is not None],
    )


def product(product_id: int) -> Product:
    found = db.session.get(Product, product_id)
    if found is None:
        raise NotVisible("product")
    return found


def bundle(bundle_id: int) -> Bundle:
    lines = selectinload(Bundle.lines).joinedload(BundleLine.product)
    found = db.session.scalar(select(Bundle).where(Bundle.id == bundle_id).options(lines))
    if found is None:
        raise NotVisible("bundle")
    return found


def bundle_line(bundle_id: int, line_id: int) -> BundleLine:
    found = db.session.get(BundleLine, line_id, options=[joinedload(BundleLine.product)])
    if found is None or found.bundle_id != bundle_id:
        raise NotVisible("line")
    return found


def sold() -> Sequence[Product]:
    """The products on offer, by name."""
    return db.session.scalars(select(Product).where(Product.archived_at.is_(None)).order_by(Product.name)).all()


def bundles_on_offer() -> Sequence[Bundle]:
    """The bundles in use that have something in them, by name."""
    return db.session.scalars(
        select(Bundle).where(Bundle.archived_at.is_(None), Bundle.lines.any()).order_by(Bundle.name)
    ).all()
