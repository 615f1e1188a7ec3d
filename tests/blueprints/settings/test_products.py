"""The settings of products and bundles, as an admin's browser meets them."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from pipeline.extensions import db
from pipeline.models.product import Bundle, Charge, Product
from pipeline.models.user import User
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

Visit = Callable[[User], Visitor]
ROOT = "/settings/products"
TERMS = {"name": "Bookkeeping", "price": "40.00", "currency": "USD", "tax_rate": "7.7", "charge": "once"}


@pytest.fixture
def ada(cast: Cast, visit: Visit) -> Visitor:
    ada = visit(cast.ada)
    ada.get(ROOT)
    return ada


def products() -> list[Product]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Product).order_by(Product.id)))


def test_an_empty_shelf_says_what_products_are_for(ada: Visitor) -> None:
    assert "Nothing to sell yet" in ada.get(ROOT).text


def test_a_subscription_is_made_changed_archived_and_sold_again(ada: Visitor) -> None:
    rhythm = {"charge": "subscription", "interval_months": 1, "trial_days": 14, "payments_count": 12}
    ada.get(f"{ROOT}/new")
    assert ada.post(ROOT, **{**TERMS, **rhythm}).location == ROOT
    made = products()[0]
    assert (made.price, made.tax_rate, made.charge, made.trial_days) == (4_000, 770, Charge.SUBSCRIPTION, 14)
    assert "every month, 12 times, first after 14 days" in " ".join(ada.get(ROOT).text.split())

    page = f"{ROOT}/{made.id}"
    ada.get(page)
    ada.post(page, **{**TERMS, "price": "50"})
    changed = products()[0]
    assert (changed.price, changed.charge, changed.interval_months) == (5_000, Charge.ONCE, None)

    ada.post(f"{page}/archive")
    assert "1 archived" in ada.get(ROOT).text
    ada.post(f"{page}/restoration")
    assert "1 archived" not in ada.get(ROOT).text


def test_the_price_is_read_in_the_currency_that_is_sent(ada: Visitor) -> None:
    ada.get(f"{ROOT}/new")
    ada.post(ROOT, **{**TERMS, "currency": "jpy", "price": "4,000"})
    assert (products()[0].price, products()[0].currency) == (4_000, "JPY")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "A product needs a name"),
        ({"name": "Audit"}, "There is a product called Audit already"),
        ({"price": "forty"}, "is not an amount in USD"),
        ({"currency": "ABC"}, "is not a currency"),
        ({"tax_rate": "101"}, "is not a percentage from 0 to 100"),
        ({"charge": "subscription", "interval_months": ""}, "every 1 to 36 months"),
    ],
)
def test_nonsense_is_refused_with_what_was_typed(ada: Visitor, wrong: dict[str, str], sentence: str) -> None:
    factories.product("Audit")
    ada.get(f"{ROOT}/new")
    answer = ada.post(ROOT, **{**TERMS, "description": "As typed", **wrong})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "As typed" in answer.text
    assert len(products()) == 1


def test_products_are_found_by_a_part_of_their_name(ada: Visitor) -> None:
    factories.product("Bookkeeping")
    factories.product("Audit")
    page = ada.get(f"{ROOT}?q=keep").text
    assert "Bookkeeping" in page
    assert "Audit" not in page
    assert "No product is called like" in ada.get(f"{ROOT}?q=zzz").text


def test_a_bundle_is_filled_emptied_renamed_and_put_away(ada: Visitor) -> None:
    books = factories.product("Books", 4_000)
    answer = ada.post(f"{ROOT}/bundles", name="Start")
    page = answer.location
    ada.get(page)
    sent = {"product_id": books.id, "quantity": 2, "discount": "12.5", "price_override": "35"}
    assert ada.post(f"{page}/lines", **sent).status_code == 303
    db.session.rollback()
    line = db.session.scalars(select(Bundle)).one().lines[0]
    assert (line.quantity, line.discount, line.price_override) == (2, 1_250, 3_500)

    assert ada.post(f"{page}/lines", **{**sent, "quantity": 0}).status_code == 422
    ada.post(page, name="Getting started")
    assert "Getting started" in ada.get(ROOT).text
    ada.post(f"{page}/lines/{line.id}/deletion")
    assert "Nothing yet." in ada.get(page).text
    ada.post(f"{page}/archive")
    assert ada.post(page, name="Again").status_code == 422
    ada.post(f"{page}/restoration")
    assert ada.post(page, name="Again").status_code == 303


@pytest.mark.parametrize("page", ["", "/new", "/bundles/1", "/1"])
def test_only_admins_see_it(cast: Cast, visit: Visit, page: str) -> None:
    factories.product()
    assert visit(cast.olive).get(f"{ROOT}{page}").status_code == 403


def test_what_is_not_there_is_404(ada: Visitor) -> None:
    assert ada.get(f"{ROOT}/99").status_code == 404
    assert ada.get(f"{ROOT}/bundles/99").status_code == 404
