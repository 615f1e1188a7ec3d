"""A skin before it is saved: the prospects' own pages, with an example offer of nobody's."""

from base64 import b64encode
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import render_template, url_for
from markupsafe import Markup

from pipeline import clock
from pipeline.blueprints.settings.skins.form import SkinForm
from pipeline.blueprints.shop import page as shop
from pipeline.blueprints.shop.question_form import QuestionForm
from pipeline.domain import pricing, skins
from pipeline.domain.logos import Logo
from pipeline.domain.rules import RuleBroken
from pipeline.domain.skins import Look, Pair
from pipeline.models.buy_link import BuyLink, LinkLine, LinkState
from pipeline.models.contact import Contact
from pipeline.models.opportunity import Opportunity
from pipeline.models.order import Order
from pipeline.models.product import Charge
from pipeline.models.skin import Skin
from pipeline.queries import offer as offers
from pipeline.queries.offer import Offer, Standing
from pipeline.web.auth import me

EXAMPLE = "example"


@dataclass(frozen=True)
class Preview:
    """Two pages of an example as this skin would have them, and how well its colours can be told apart."""

    offer: Markup
    thanks: Markup
    pairs: list[Pair]


def of(form: SkinForm, skin: Skin | None) -> Preview:
    look, logo = form.tried, _logo(form, skin)
    offer = example()
    bought = replace(offer, standing=Standing.PURCHASED, order=Order(number=1042))
    return Preview(
        offer=_page("shop/offer.html", look, logo, offer),
        thanks=_page("shop/thanks.html", look, logo, bought),
        pairs=skins.pairs(look),
    )


def example() -> Offer:
    """An offer that nobody was made, with something of everything on it."""
    setup = _line("Setup", 48_000, discount=1000, description="We bring your books over, and show you around.")
    care = _line("Monthly care", 9_900, interval_months=1, trial_days=14, charge=Charge.SUBSCRIPTION)
    price = pricing.total((setup, care))
    link = BuyLink(
        token=EXAMPLE,
        state=LinkState.ACTIVE,
        currency="USD",
        net=price.net,
        tax=price.tax,
        message="As we said on the phone: this is all you need to begin.",
        expires_at=clock.now() + timedelta(days=14),
        opportunity=Opportunity(contact=Contact(name="Ana Lima")),
        lines=[setup, care],
    )
    return Offer(
        link=link,
        standing=Standing.GOOD,
        due_now=setup.total,
        taxes=pricing.taxes(link.lines),
        renewals=offers.renewals(link.lines),
        rep=me(),
        zone=me().time_zone,
        newer=None,
        order=None,
    )


def _line(name: str, unit_price: int, *, discount: int = 0, **known: object) -> LinkLine:
    price = pricing.of_line(unit_price, 1, discount=discount, tax_rate=1900)
    usual = {"description": "", "trial_days": 0, "interval_months": None, "payments_count": None}
    return LinkLine(
        **{**usual, **known},
        name=name,
        unit_price=unit_price,
        discount=discount,
        quantity=1,
        tax_rate=1900,
        net=price.net,
        tax=price.tax,
    )


def _page(template: str, look: Look, logo: str | None, offer: Offer) -> Markup:
    """What a prospect would get. Its colours are asked for by themselves, for a page may hold no style."""
    tones = {field: getattr(look, field) for field in skins.COLOURS}
    around = shop.surroundings(skins.drafted(look)) | {
        "skin_style": url_for("skins.style", **tones),
        "logo": logo,
        "back": None,
    }
    form = QuestionForm(formdata=None)
    return Markup(render_template(template, **around, offer=offer, form=form, said=""))  # noqa: S704 - it escapes


def _logo(form: SkinForm, skin: Skin | None) -> str | None:
    """The address of the picture: the file that came along itself, else the one that hangs there."""
    try:
        picture = form.picture
    except RuleBroken:
        picture = None
    if picture is not None:
        return _within(picture)
    if skin is None or skin.logo_type is None or form.takes_logo_away.data:
        return None
    return url_for("shop.logo", skin_id=skin.id, version=skin.version)


def _within(picture: Logo) -> str:
    return f"data:{picture.type};base64,{b64encode(picture.content).decode()}"
