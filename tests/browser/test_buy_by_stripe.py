"""A prospect pays on Stripe's own page, here the stand-in's, and is led back; the product hears of it twice."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from pipeline import create_app
from pipeline.domain import buy_links
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink
from pipeline.settings import Settings
from tests.browser.waiting import until
from tests.cast import Cast
from tests.support import buying, postgres, product
from tests.support.stripe_standin.standin import StripeStandin

Browse = Callable[..., Page]
SCRIPTS = pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])


@pytest.fixture(scope="module")
def stripe() -> Iterator[StripeStandin]:
    standin = StripeStandin()
    standin.start()
    yield standin
    standin.stop()


@pytest.fixture(scope="module")
def product_settings(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_name: str
) -> Iterator[Settings]:
    """Of a product of its own, with a database of its own."""
    instance = tmp_path_factory.mktemp("product by stripe")
    if request.config.getoption("database") == "sqlite":
        yield Settings(instance=instance, database_url=f"sqlite:///{instance / 'pipeline.db'}", secret_key="by stripe")
        return
    with postgres.server() as server:
        url = postgres.fresh_database(server, f"pipeline_stripe_{worker_name}")
        yield Settings(instance=instance, database_url=url, secret_key="by stripe")


@pytest.fixture(scope="module")
def address(product_settings: Settings, stripe: StripeStandin) -> Iterator[str]:
    settings = product_settings
    keys = {
        "SECRET_KEY": settings.secret_key,
        "STRIPE_SECRET_KEY": stripe.key,
        "STRIPE_WEBHOOK_SECRET": stripe.secret,
        "STRIPE_API_BASE": stripe.address,
    }
    with product.running(settings.instance, settings.database_url, **keys) as address:
        stripe.webhook_url = f"{address}/hooks/stripe"
        yield address


@pytest.fixture(scope="module")
def product_application(product_settings: Settings, address: str) -> Iterator[Flask]:
    application = create_app(product_settings)
    yield application
    with application.app_context():
        db.engine.dispose()


@pytest.fixture
def link(cast: Cast) -> BuyLink:
    return buying.offer(owner=cast.olive)


def at_stripe(browse: Browse, link: BuyLink, stripe: StripeStandin, **how: bool) -> Page:
    """The prospect's browser, led to Stripe's page by the button."""
    ana = browse(None, **how)
    ana.goto(f"/buy/{link.token}")
    ana.get_by_role("button", name="Pay $119.00").click()
    ana.wait_for_url(f"{stripe.address}/c/pay/**")
    expect(ana.get_by_role("main")).to_contain_text("Due now: 119.00 USD")
    return ana


@SCRIPTS
def test_a_prospect_pays_at_stripe_and_is_thanked(
    browse: Browse, cast: Cast, stripe: StripeStandin, link: BuyLink, javascript: bool
) -> None:
    ana = at_stripe(browse, link, stripe, javascript=javascript)
    ana.get_by_role("button", name="Pay", exact=True).click()
    expect(ana.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert ana.url.startswith(stripe.webhook_url.removesuffix("/hooks/stripe"))

    olive = browse(cast.olive, javascript=javascript)
    olive.goto(f"/opportunities/{link.opportunity_id}")
    expect(olive.get_by_role("region", name="Buy now")).to_contain_text("Purchased")
    olive.goto("/orders")
    expect(olive.get_by_role("row").filter(has_text="$119")).to_have_count(1)


def test_a_card_that_is_declined_can_be_followed_by_another(
    browse: Browse, stripe: StripeStandin, link: BuyLink
) -> None:
    ana = at_stripe(browse, link, stripe, phone=True)
    ana.get_by_role("button", name="Pay with a card that is declined").click()
    expect(ana.get_by_role("alert")).to_contain_text("declined")
    ana.get_by_role("link", name="Back").click()
    ana.get_by_role("button", name="Pay $119.00").click()
    ana.get_by_role("button", name="Pay", exact=True).click()
    expect(ana.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert len(stripe.account.all("checkout.session", client_reference_id=named(link, stripe))) == 1


def test_money_that_takes_days_is_waited_for_and_then_wins(
    browse: Browse, cast: Cast, stripe: StripeStandin, link: BuyLink
) -> None:
    ana = at_stripe(browse, link, stripe)
    ana.get_by_role("button", name="Pay by bank debit").click()
    expect(ana.get_by_role("main")).to_contain_text("on its way")
    stripe.settle(stripe.account.all("checkout.session")[0]["id"])
    until(ana, f"/buy/{link.token}", "Thank you")


def named(link: BuyLink, stripe: StripeStandin) -> str:
    """What the latest session is called on our books."""
    latest = stripe.account.all("checkout.session")[0]
    assert buy_links.address(link).rpartition("/")[2] in latest["success_url"]
    return str(latest["client_reference_id"])
