"""Buy-now links of the demo, one tale each: asked about, bought, changed, run out, taken back."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select

from pipeline.demo import till
from pipeline.demo.life import LONG_AGO, Act, Life, Setting
from pipeline.domain import buy_links, lines, questions
from pipeline.extensions import db
from pipeline.gateways.sandbox_till import Choice
from pipeline.models.buy_link import BuyLink
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

Tale = tuple[tuple[float, str], ...]

ASKED: Tale = ((5.3, "make"), (4.8, "click"), (4.7, "ask"))
QUIET: Tale = ((2.1, "make"),)
LAST_DAY: Tale = ((13.9, "make"), (9.2, "click"))
CHANGED: Tale = ((6.2, "make"), (5.1, "click"), (1.2, "add"))
RENEWED: Tale = ((9.4, "make"), (3.2, "make"), (2.9, "click"))
RUN_OUT: Tale = ((15.3, "make"), (12.6, "click"), (1.3, "run_out"), (0.8, "want_fresh"))
TAKEN_BACK: Tale = ((7.4, "make"), (6.3, "revoke"))
BOUGHT: Tale = ((8.4, "make"), (7.3, "click"), (7.29, "pay"))
BOUGHT_TWICE: Tale = ((3.4, "make"), (2.6, "click"), (2.59, "pay_twice"))

TALES = {
    "olive": (RUN_OUT, LAST_DAY, BOUGHT, BOUGHT_TWICE, CHANGED, TAKEN_BACK, RENEWED, ASKED, QUIET),
    "tom": (RUN_OUT, BOUGHT, ASKED),
    "stan": (LAST_DAY, ASKED, QUIET),
}
QUESTION = "Does the price include last year's corrections, or would they come on top?"


def acts(lives: Sequence[Life], people: dict[str, User], setting: Setting) -> Iterator[Act]:
    """What happens to the links, each at its time; which deal it happens to is seen when it begins."""
    for name, tales in TALES.items():
        for tale in tales:
            offer = Offer(lives, people[name], setting)
            yield from ((setting.present - timedelta(days=days), offer.act(verb)) for days, verb in tale)


class Offer:
    """One link and those that follow it, on a deal of a rep that is still open at the end."""

    def __init__(self, lives: Sequence[Life], seller: User, setting: Setting) -> None:
        self.lives = [life for life in lives if life.owner is seller and life.age <= LONG_AGO and life.number % 4]
        self.seller = seller
        self.setting = setting
        self.link: BuyLink | None = None

    def act(self, verb: str) -> Callable[[], None]:
        def do() -> None:
            if verb == "make":
                self.make()
            elif self.link is not None:
                getattr(self, verb)(self.link)

        return do

    def make(self) -> None:
        deal = self.link.opportunity if self.link else self._deal()
        if deal is not None:
            self.link = buy_links.make(deal, by=self.seller, expires_at=self._expiry())

    def click(self, link: BuyLink) -> None:
        buy_links.click(link)

    def ask(self, link: BuyLink) -> None:
        questions.ask(link, QUESTION)

    def add(self, link: BuyLink) -> None:
        lines.add(link.opportunity, self.setting.products["Software training"], by=self.seller)

    def run_out(self, link: BuyLink) -> None:
        buy_links.expire(link)

    def want_fresh(self, link: BuyLink) -> None:
        questions.want_fresh(link)

    def revoke(self, link: BuyLink) -> None:
        buy_links.revoke(link, by=self.seller)

    def pay(self, link: BuyLink) -> None:
        till.pay(link)

    def pay_twice(self, link: BuyLink) -> None:
        till.pay(link, Choice.TWICE)

    def _deal(self) -> Opportunity | None:
        """One that is open and has no link yet; one with products before the others."""
        deals = [life for life in self.lives if life.opportunity and life.opportunity.is_open and not _linked(life)]
        for life in sorted(deals, key=lambda life: life.opportunity is None or life.opportunity.lines_total is None):
            life.quote()
            return life.opportunity
        return None

    def _expiry(self) -> datetime:
        """After two weeks; where that is today, in the evening of it."""
        after: datetime = buy_links.default_expiry(self.setting.pipeline)
        tonight = (self.setting.present + timedelta(hours=3)).replace(minute=0, second=0, microsecond=0)
        return tonight if after.date() == tonight.date() else after


def _linked(life: Life) -> Any:
    deal = life.opportunity
    return deal is not None and db.session.scalar(select(exists().where(BuyLink.opportunity_id == deal.id)))
