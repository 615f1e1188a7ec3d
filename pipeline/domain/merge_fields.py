"""Merge fields: what a text for many may say of one. A closed list; nothing else can be asked or done in a text.

`{{ contact.first_name }}`, or with words for when it is empty: `{{ contact.first_name or "there" }}`, which may also
be written `{{ contact.first_name | default("there") }}`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from jinja2 import TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from pipeline import clock
from pipeline.domain import addresses, buy_links, installation, money, times
from pipeline.domain.rules import RuleBroken
from pipeline.models.buy_link import BuyLink
from pipeline.models.opportunity import Opportunity

Values = dict[str, str]

FIELDS: Mapping[str, tuple[str, str]] = {
    "contact.first_name": ("The contact's first name", "Ana"),
    "contact.name": ("The contact's name", "Ana Lima"),
    "contact.company": ("The contact's company", "Lima Ltd"),
    "contact.email": ("The contact's mail address", "ana@example.com"),
    "contact.phone": ("The contact's phone number", "+351 555 0100"),
    "opportunity.title": ("The opportunity's title", "Bookkeeping for Lima Ltd"),
    "opportunity.value": ("What it is worth, with its currency", "$1,200.00"),
    "opportunity.stage": ("The stage it is in", "Proposal pending"),
    "opportunity.expected_close": ("The day it is expected to close", "30 November 2026"),
    "owner.name": ("The owner's name", "Olive Owner"),
    "owner.first_name": ("The owner's first name", "Olive"),
    "owner.email": ("The owner's mail address", "olive@example.com"),
    "company.name": ("The name of your company", "Example Books"),
    "offer.link": ("The address of the deal's active buy-now link", "https://example.com/buy/Wp3Yx"),
    "offer.total": ("What the buy-now link asks for, with its currency", "$1,440.00"),
    "offer.expires": ("When the buy-now link expires, in the contact's zone", "30 November 2026, 14:00 (Lisbon time)"),
}
OF_OFFER = tuple(field for field in FIELDS if field.startswith("offer."))
ALLOWED = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Getattr, nodes.Name, nodes.Or, nodes.Const)
FIELD = re.compile(r"\{\{\s*([a-z_.]+)[^}]*\}\}")
TOKEN = re.compile(r"[A-Za-z0-9_-]+")
MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&])")

_texts = SandboxedEnvironment(autoescape=False)


def refuse_unknown(text: str) -> None:
    """Refuse what is no merge field, and anything that is more than a merge field."""
    try:
        tree = _texts.parse(text)
    except TemplateSyntaxError as error:
        raise RuleBroken(f"Line {error.lineno} has a merge field that is not closed or not complete.") from error
    for node in _walk(tree):
        _refuse_node(node)


def values_for(opportunity: Opportunity, *texts: str) -> Values:
    """What the fields say for one opportunity; what is not known is empty.

    With the texts that they are for, what these do not ask for is not looked up.
    """
    contact = opportunity.contact
    owner = opportunity.owner
    language = (owner.locale if owner else "en").replace("-", "_")
    amount = money.decimal(opportunity.value, opportunity.currency)
    closes = opportunity.expected_close
    return {
        "contact.first_name": "" if contact.is_company else contact.first_name,
        "contact.name": contact.name,
        "contact.company": contact.company_name or "",
        "contact.email": contact.email or "",
        "contact.phone": contact.phone or "",
        "opportunity.title": opportunity.title,
        "opportunity.value": format_currency(amount, opportunity.currency, locale=language),
        "opportunity.stage": opportunity.stage.name,
        "opportunity.expected_close": format_date(closes, "long", locale=language) if closes else "",
        "owner.name": owner.name if owner else "",
        "owner.first_name": owner.name.split()[0] if owner and owner.name.split() else "",
        "owner.email": owner.email if owner else "",
        "company.name": installation.current().company_name,
        **_offer(opportunity, language, texts),
    }


def needs_link(*texts: str) -> bool:
    """Whether one of the texts is nothing without a buy-now link: it names its address, with no other words for it."""
    return any(
        isinstance(part, nodes.Getattr) and isinstance(part.node, nodes.Name) and part.node.name == "offer"
        for text in texts
        for output in _texts.parse(text).find_all(nodes.Output)
        for part in output.nodes
        if isinstance(part, nodes.Getattr) and part.attr == "link"
    )


def lacks_link(opportunity: Opportunity, *texts: str) -> bool:
    """Whether the texts need a buy-now link, and the deal has none that is good."""
    return needs_link(*texts) and _good_link(opportunity) is None


def examples() -> Values:
    return {field: example for field, (_, example) in FIELDS.items()}


def merge(text: str, values: Values, *, escape: Callable[[str], str] = str) -> str:
    """The text with its fields filled in, each value passed through `escape`."""
    spaces: dict[str, dict[str, str]] = {}
    for field, value in values.items():
        space, _, name = field.partition(".")
        spaces.setdefault(space, {})[name] = escape(value)
    return _texts.from_string(text).render(spaces)


def said_of(opportunity: Opportunity, text: str) -> str:
    """The text with its fields filled in for one opportunity."""
    return merge(text, values_for(opportunity, text)) if "{{" in text else text


def spoken(text: str) -> str:
    """The text as people speak of it: “Call {{ contact.name }}” becomes “Call ‹contact name›”."""
    return FIELD.sub(lambda found: f"‹{found[1].replace('.', ' ').replace('_', ' ')}›", text)


def for_markdown(value: str) -> str:
    """A value that Markdown takes as it is, whatever signs it has, on one line; the address of an offer as a link."""
    if value.startswith(addresses.absolute("/buy/")) and TOKEN.fullmatch(value.rpartition("/")[2]):
        return f"<{value}>"
    return MARKDOWN.sub(r"\\\1", " ".join(value.split()))


def _good_link(opportunity: Opportunity) -> BuyLink | None:
    link = buy_links.current(opportunity)
    return link if link is not None and buy_links.why_not_good(link, clock.now()) is None else None


def _offer(opportunity: Opportunity, language: str, texts: Sequence[str]) -> Values:
    is_asked_for = not texts or any("offer." in text for text in texts)
    link = _good_link(opportunity) if is_asked_for else None
    if link is None:
        return dict.fromkeys(OF_OFFER, "")
    owner = opportunity.owner
    zone = ZoneInfo(opportunity.contact.time_zone or (owner.time_zone if owner else "UTC"))
    return {
        "offer.link": buy_links.address(link),
        "offer.total": format_currency(money.decimal(link.total, link.currency), link.currency, locale=language),
        "offer.expires": (
            f"{format_datetime(link.expires_at, 'd MMMM y, HH:mm', zone, locale=language)} ({times.clock_of(zone)})"
        ),
    }


def _default(value: object, fallback: str = "", boolean: bool = True) -> object:
    return value or fallback


_texts.filters = {"default": _default, "d": _default}


def _walk(node: nodes.Node) -> list[nodes.Node]:
    """The node and all in it; a field is taken whole, and its name not looked into."""
    if isinstance(node, nodes.Getattr):
        return [node]
    return [node, *(inner for child in node.iter_child_nodes() for inner in _walk(child))]


def _refuse_node(node: nodes.Node) -> None:
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        name = f"{node.node.name}.{node.attr}"
        if name not in FIELDS:
            raise RuleBroken(f"There is no merge field {name}. These can be used: {', '.join(FIELDS)}.")
    elif isinstance(node, nodes.Name):
        raise RuleBroken(f"There is no merge field {node.name}. These can be used: {', '.join(FIELDS)}.")
    elif isinstance(node, nodes.Filter):
        if node.name not in _texts.filters:
            raise RuleBroken(f"A merge field cannot be changed by “{node.name}”, only given a default.")
    elif not isinstance(node, ALLOWED) or isinstance(node, nodes.Getattr):
        raise RuleBroken('Only merge fields can stand in {{ }}, such as {{ contact.first_name or "there" }}.')
