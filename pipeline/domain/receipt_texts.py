"""What a receipt's mail says: in plain text, and the same as HTML. Names and amounts as they were bought."""

from babel.dates import format_date
from babel.numbers import format_currency
from markupsafe import Markup

from pipeline.domain import installation, money, pricing
from pipeline.models.order import Order, OrderState

WORDS = {
    OrderState.UNPAID: "Nothing is paid yet",
    OrderState.PARTLY_PAID: "Paid in part",
    OrderState.PAID: "Paid in full",
    OrderState.OVERPAID: "Paid in full",
    OrderState.PARTLY_REFUNDED: "Paid in full, refunded in part",
    OrderState.REFUNDED: "Refunded",
}
TEST = "This was a test: no real money moved."
ROW = Markup("<tr><td>{}</td><td align=right>{}</td></tr>")
PAGE = Markup("""<p>{greeting}</p>
<p>{thanks}</p>
<table cellpadding="4"><caption align="left"><b>{title}</b></caption>{rows}</table>
<p>{standing}</p>
<p><a href="{address}">Look at the receipt, or print it</a></p>
<p>{company}</p>
""")


class Words:
    """The words of one receipt, in the language of who sold it."""

    def __init__(self, order: Order, address: str) -> None:
        self.order = order
        self.address = address
        self.company = installation.current().company_name
        owner = order.opportunity.owner
        self.locale = (owner.locale if owner else "en").replace("-", "_")

    @property
    def subject(self) -> str:
        of = f" from {self.company}" if self.company else ""
        return f"Receipt for order {self.order.number}{of}"

    @property
    def greeting(self) -> str:
        contact = self.order.contact
        name = "" if contact.is_company else contact.first_name
        return f"Hello {name}," if name else "Hello,"

    @property
    def thanks(self) -> str:
        return "Thank you for your order. This is your receipt."

    @property
    def title(self) -> str:
        day = format_date(self.order.placed_at.date(), "long", locale=self.locale)
        return f"Order {self.order.number}, {day}"

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Each line, the tax of each rate, and the total."""
        lines = [(f"{line.quantity} × {line.name}", self.amount(line.net)) for line in self.order.lines]
        taxes = [
            (f"Tax {tax.rate / 100:g}% on {self.amount(tax.net)}", self.amount(tax.tax))
            for tax in pricing.taxes(self.order.lines)
        ]
        return [*lines, *taxes, ("Total", self.amount(self.order.total))]

    @property
    def standing(self) -> str:
        """What became of its money so far."""
        order = self.order
        said = [f"{WORDS[order.state]}."]
        if order.due_later and not order.due_now:
            said = [f"{WORDS[OrderState.PAID]}." if order.received else "Nothing is due yet."]
        said += [f"Balance due: {self.amount(order.due_now)}."] if order.due_now else []
        said += [f"Due after the trial: {self.amount(order.due_later)}."] if order.due_later else []
        return " ".join([*said, TEST] if self.order.is_test else said)

    @property
    def text(self) -> str:
        rows = "\n".join(f"{words}: {amount}" for words, amount in self.rows)
        look = f"Look at it or print it here:\n{self.address}"
        return "\n\n".join([self.greeting, self.thanks, f"{self.title}\n{rows}", self.standing, look, self.company])

    @property
    def html(self) -> str:
        return str(
            PAGE.format(
                greeting=self.greeting,
                thanks=self.thanks,
                title=self.title,
                rows=Markup("").join(ROW.format(*row) for row in self.rows),
                standing=self.standing,
                address=self.address,
                company=self.company,
            )
        )

    def amount(self, minor: int) -> str:
        currency = self.order.currency
        return str(format_currency(money.decimal(minor, currency), currency, locale=self.locale))
