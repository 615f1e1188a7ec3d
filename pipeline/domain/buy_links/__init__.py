"""Buy-now links: an offer with its price, good until a moment, at an address that only its holder knows.

A deal has one open link at most. Its verbs lock the deal, then the link.
"""

from pipeline.domain.buy_links.clicks import click
from pipeline.domain.buy_links.ending import AT_ONCE, EXPIRE, expire, expire_due, mark_purchased, revoke
from pipeline.domain.buy_links.finding import WhyNot, address, current, found, hold, latest, open_of, why_not_good
from pipeline.domain.buy_links.following import follow_lines
from pipeline.domain.buy_links.making import default_expiry, extend, make, publish
from pipeline.domain.buy_links.offering import LONGEST_MESSAGE, offered, why_not_on_offer

__all__ = [
    "AT_ONCE",
    "EXPIRE",
    "LONGEST_MESSAGE",
    "WhyNot",
    "address",
    "click",
    "current",
    "default_expiry",
    "expire",
    "expire_due",
    "extend",
    "follow_lines",
    "found",
    "hold",
    "latest",
    "make",
    "mark_purchased",
    "offered",
    "open_of",
    "publish",
    "revoke",
    "why_not_good",
    "why_not_on_offer",
]
