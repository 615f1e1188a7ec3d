"""The page where a payer pays: what it costs, and a button for each way in which it can go."""

from decimal import Decimal
from html import escape

from tests.support.stripe_standin.account import Thing
from tests.support.stripe_standin.baskets import ALWAYS_TENS, NO_DECIMALS

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width"></head><body><main><h1>{title}</h1>{inside}</main></body></html>"""
BUTTONS = (("card", "Pay"), ("delayed", "Pay by bank debit"), ("declined", "Pay with a card that is declined"))


def page(session: Thing, complaint: str = "") -> str:
    if session["status"] != "open":
        return PAGE.format(title="This page has expired", inside="<p>Nothing can be paid here any more.</p>")
    lines = "".join(f"<li>{escape(line['name'])} × {line['quantity']}</li>" for line in session["_lines"])
    total = worded(session["amount_total"], session["currency"])
    buttons = "".join(f'<button name="method" value="{value}">{words}</button> ' for value, words in BUTTONS)
    back = f'<p><a href="{escape(session["cancel_url"])}">Back</a></p>' if session["cancel_url"] else ""
    spoken = f'<p role="alert">{complaint}</p>' if complaint else ""
    inside = f'<ul>{lines}</ul><p>Due now: {total}</p>{spoken}<form method="post">{buttons}</form>{back}'
    return PAGE.format(title="Checkout", inside=inside)


def worded(amount: int, currency: str) -> str:
    places = 0 if currency in NO_DECIMALS else 3 if currency in ALWAYS_TENS else 2
    return f"{Decimal(amount).scaleb(-places)} {currency.upper()}"
