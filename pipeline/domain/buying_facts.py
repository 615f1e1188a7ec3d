"""What can happen between lines, links, prospects and their money. Amounts in minor units."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from pipeline.domain.facts import Change, Fact


@dataclass(frozen=True)
class LinesChanged(Fact):
    """Products on the deal were added, changed or taken away; `after` is what the lines come to now.

    Each change's field is the product's name. `version` is the deal's after it.
    """

    currency: str
    before: int | None
    after: int | None
    version: int
    line_ids: list[int] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class BuyLinkMade(Fact):
    link_id: int
    total: int
    currency: str
    expires_at: str

    @property
    def until(self) -> datetime:
        return datetime.fromisoformat(self.expires_at)


@dataclass(frozen=True)
class BuyLinkSuperseded(Fact):
    link_id: int
    successor_id: int | None
    before: int
    after: int
    currency: str


@dataclass(frozen=True)
class BuyLinkRevoked(Fact):
    link_id: int


@dataclass(frozen=True)
class BuyLinkExtended(Fact):
    link_id: int
    before: str
    after: str

    @property
    def until(self) -> datetime:
        return datetime.fromisoformat(self.after)


@dataclass(frozen=True)
class BuyLinkExpired(Fact):
    link_id: int
    total: int
    currency: str


@dataclass(frozen=True)
class BuyLinkClicked(Fact):
    """A prospect pressed the button of the offer's page."""

    link_id: int


@dataclass(frozen=True)
class QuestionAsked(Fact):
    link_id: int
    question_id: int
    text: str


@dataclass(frozen=True)
class FreshLinkWanted(Fact):
    """A prospect at a link that has ended asked for another."""

    link_id: int
    state: str


@dataclass(frozen=True)
class PaymentAnnounced(Fact):
    """A method that takes days: the money is on its way."""

    payment_id: int
    amount: int
    currency: str
    provider: str


@dataclass(frozen=True)
class PaymentReceived(Fact):
    payment_id: int
    amount: int
    currency: str
    provider: str
    flag: str
    is_test: bool = False


@dataclass(frozen=True)
class PaymentFailed(Fact):
    attempt_id: int
    amount: int
    currency: str
    provider: str
    error: str = ""


@dataclass(frozen=True)
class PaymentTakenBack(Fact):
    """What a person had written down did not come: a cheque bounced, or it was a mistake."""

    payment_id: int
    amount: int
    currency: str
    reason: str


@dataclass(frozen=True)
class PaymentAccepted(Fact):
    """A person decided that money which came late, or not as asked, shall count."""

    payment_id: int
    amount: int
    currency: str


@dataclass(frozen=True)
class RefundAsked(Fact):
    refund_id: int
    payment_id: int
    amount: int
    currency: str
    reason: str = ""


@dataclass(frozen=True)
class RefundSettled(Fact):
    is_receipt: ClassVar[bool] = True

    refund_id: int
    payment_id: int
    amount: int
    currency: str
    state: str
    error: str = ""


@dataclass(frozen=True)
class OrderPlaced(Fact):
    order_id: int
    number: int
    total: int
    currency: str


@dataclass(frozen=True)
class ReceiptNotSent(Fact):
    """Nobody could be sent the receipt."""

    is_receipt: ClassVar[bool] = True

    order_id: int
    number: int
    why: str


@dataclass(frozen=True)
class OpportunityPurchased(Fact):
    """The one transition on which the receipt and the *purchased* actions hang: won by this payment."""

    link_id: int
    order_id: int
    number: int
    payment_id: int | None
    total: int
    currency: str
