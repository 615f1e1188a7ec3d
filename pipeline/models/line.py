"""Lines: what is offered on an opportunity, and the shape of a line that was offered or bought and stays as it was."""

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from pipeline.models.base import Base, Numbered, choice
from pipeline.models.opportunity import Opportunity
from pipeline.models.product import WHOLE, Charge, Product

LINE_CHECKS = (
    ("quantity > 0", "quantity"),
    (f"discount BETWEEN 0 AND {WHOLE}", "discount"),
)


class OpportunityLine(Numbered):
    """`price` is the product's when it was put here, per piece, in minor units of the deal's currency.

    `price_override` counts instead when there is one. `discount` in hundredths of a percent.
    """

    __tablename__ = "opportunity_lines"
    __table_args__ = (
        *(CheckConstraint(rule, name=name) for rule, name in LINE_CHECKS),
        CheckConstraint("price IS NOT NULL OR price_override IS NOT NULL", name="costs"),
        CheckConstraint("price >= 0", name="price"),
        CheckConstraint("price_override >= 0", name="price_override"),
    )

    opportunity_id: Mapped[int] = mapped_column(ForeignKey("opportunities.id"), index=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id"), index=True)
    position: Mapped[int]
    quantity: Mapped[int] = mapped_column(default=1)
    price: Mapped[int | None] = mapped_column(BigInteger)
    price_override: Mapped[int | None] = mapped_column(BigInteger)
    discount: Mapped[int] = mapped_column(default=0)
    opportunity: Mapped[Opportunity] = relationship()
    product: Mapped[Product] = relationship()

    @property
    def unit_price(self) -> int:
        """What a piece costs here, before discount and without tax."""
        return (self.price or 0) if self.price_override is None else self.price_override


class SnapshotLine(Base):
    """A line as it was when it was offered: whatever becomes of the product, it says and costs what it said and cost.

    `net` is without tax, `tax` the tax on it, both for the whole quantity, in minor units.
    """

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("products.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str] = mapped_column(Text, default="")
    charge: Mapped[Charge] = mapped_column(choice(Charge), default=Charge.ONCE)
    interval_months: Mapped[int | None]
    trial_days: Mapped[int] = mapped_column(default=0)
    payments_count: Mapped[int | None]
    quantity: Mapped[int] = mapped_column(default=1)
    unit_price: Mapped[int] = mapped_column(BigInteger)
    discount: Mapped[int] = mapped_column(default=0)
    tax_rate: Mapped[int] = mapped_column(default=0)
    net: Mapped[int] = mapped_column(BigInteger)
    tax: Mapped[int] = mapped_column(BigInteger, default=0)

    @property
    def total(self) -> int:
        return self.net + self.tax
