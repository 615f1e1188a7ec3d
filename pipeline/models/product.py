"""What is sold: products, once or by subscription, and bundles of them that are put on a deal in one go."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Instant, Numbered, choice

WHOLE = 10_000
"""One hundred percent, in the hundredths of a percent in which discounts and tax rates are kept."""


class Charge(StrEnum):
    """How often a product is paid for."""

    ONCE = "once"
    SUBSCRIPTION = "subscription"


class Product(Numbered):
    """`price` in minor units of `currency`, without tax; with none, each line says what it costs there.

    `tax_rate` in hundredths of a percent. A subscription is paid every `interval_months`, first after `trial_days`, and
    `payments_count` times; without a count, until it is ended.
    """

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("price IS NULL OR price >= 0", name="price"),
        CheckConstraint("(price IS NULL) = (currency IS NULL)", name="priced"),
        CheckConstraint(f"tax_rate BETWEEN 0 AND {WHOLE}", name="tax_rate"),
        CheckConstraint("(charge = 'subscription') = (interval_months IS NOT NULL)", name="interval"),
        CheckConstraint("interval_months BETWEEN 1 AND 36", name="interval_months"),
        CheckConstraint("trial_days BETWEEN 0 AND 730", name="trial_days"),
        CheckConstraint("payments_count > 0", name="payments_count"),
    )

    name: Mapped[str] = mapped_column(String(120), unique=True)
    description: Mapped[str] = mapped_column(Text, default="", server_default="")
    charge: Mapped[Charge] = mapped_column(choice(Charge), default=Charge.ONCE, server_default="once")
    price: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))
    tax_rate: Mapped[int] = mapped_column(default=0, server_default="0")
    interval_months: Mapped[int | None]
    trial_days: Mapped[int] = mapped_column(default=0, server_default="0")
    payments_count: Mapped[int | None]
    archived_at: Mapped[datetime | None] = mapped_column(Instant)


class Bundle(Numbered):
    """Lines that are often sold together. Putting it on a deal copies them; later changes to it change no deal."""

    __tablename__ = "bundles"

    name: Mapped[str] = mapped_column(String(120), unique=True)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    lines: Mapped[list["BundleLine"]] = relationship(
        back_populates="bundle", order_by="BundleLine.position", cascade="all, delete-orphan"
    )


class BundleLine(Numbered):
    """`discount` in hundredths of a percent; `price_override` a piece, in minor units of the product's currency."""

    __tablename__ = "bundle_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint(f"discount BETWEEN 0 AND {WHOLE}", name="discount"),
        CheckConstraint("price_override >= 0", name="price_override"),
    )

    bundle_id: Mapped[int] = mapped_column(ForeignKey("bundles.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    position: Mapped[int]
    quantity: Mapped[int] = mapped_column(default=1)
    discount: Mapped[int] = mapped_column(default=0)
    price_override: Mapped[int | None] = mapped_column(BigInteger)
    bundle: Mapped[Bundle] = relationship(back_populates="lines")
    product: Mapped[Product] = relationship()
