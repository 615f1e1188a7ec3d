"""Snapshots: lines as they stand, copied so that an offer or an order keeps them whatever changes later."""

from typing import Any

from pipeline.domain import pricing
from pipeline.models.line import OpportunityLine, SnapshotLine

COPIED = (
    "position",
    "product_id",
    "name",
    "description",
    "charge",
    "interval_months",
    "trial_days",
    "payments_count",
    "quantity",
    "unit_price",
    "discount",
    "tax_rate",
    "net",
    "tax",
)


def of(line: OpportunityLine) -> dict[str, Any]:
    """What a `SnapshotLine` is made from, with the price that the line comes to now."""
    product = line.product
    price = pricing.of_line(line.unit_price, line.quantity, discount=line.discount, tax_rate=product.tax_rate)
    return {
        "position": line.position,
        "product_id": product.id,
        "name": product.name,
        "description": product.description,
        "charge": product.charge,
        "interval_months": product.interval_months,
        "trial_days": product.trial_days,
        "payments_count": product.payments_count,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount": line.discount,
        "tax_rate": product.tax_rate,
        "net": price.net,
        "tax": price.tax,
    }


def again(line: SnapshotLine) -> dict[str, Any]:
    """The same line for another document: an order takes what the link offered."""
    return {field: getattr(line, field) for field in COPIED}
