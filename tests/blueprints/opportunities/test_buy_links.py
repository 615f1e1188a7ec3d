"""A rep makes, extends, publishes and revokes buy-now links on the record, with JavaScript and without."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from pipeline import clock
from pipeline.domain import buy_links, lines, moves
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.buy_link import BuyLink, LinkState
from pipeline.models.opportunity import Share, Status
from pipeline.transaction import transaction
from tests import factories
from tests.support.counting import statements

FAR = "2031-05-06T07:08"
DAY = timedelta(days=1)


@pytest.fixture
def olive(visit, cast):
    return visit(cast.olive)


@pytest.fixture
def deal(cast):
    ana = factories.contact(email="ana@example.com")
    deal = factories.deal(factories.sales_pipeline(), "Acme", owner=cast.olive, contact=ana)
    factories.line(deal, factories.product("Books", 10_000, tax_rate=2000), quantity=2)
    return deal


@pytest.fixture
def link(deal, cast):
    return factories.buy_link(deal, by=cast.olive)


def home(deal, *more):
    return "/".join([f"/opportunities/{deal.id}/buy-links", *map(str, more)])


def soon(days=3):
    return f"{clock.now() + days * DAY:%Y-%m-%dT%H:%M}"


def links():
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(BuyLink).order_by(BuyLink.id)).all()


def section(olive, deal):
    return olive.soup(f"/opportunities/{deal.id}").find(id=f"opportunity-{deal.id}-buy-now")


def test_the_dialog_shows_what_would_be_offered(olive, deal):
    answer = olive.get(home(deal, "new"), htmx=True)
    assert "2 × Books" in answer.text
    assert "$240.00" in answer.text
    assert olive.soup(home(deal, "new")).find("h1").get_text() == "Create buy-now link"


def test_a_link_is_made_and_the_record_shows_its_address(olive, deal):
    answer = olive.post(home(deal), htmx=True, expires_at=soon(), skin_id=0, message="As agreed")
    [link] = links()
    assert (link.state, link.total, link.message) == (LinkState.ACTIVE, 24_000, "As agreed")
    assert buy_links.address(link) in answer.text
    assert f'id="opportunity-{deal.id}-buy-now"' in answer.text


def test_a_plain_browser_comes_back_to_the_record(olive, deal):
    answer = olive.post(home(deal), expires_at=soon(), skin_id=0)
    assert (answer.status_code, answer.location) == (303, f"/opportunities/{deal.id}")
    assert section(olive, deal).find("input", readonly=True)["value"] == buy_links.address(links()[0])


def test_the_time_is_meant_where_the_rep_is(olive, deal, cast):
    with transaction():
        cast.olive.time_zone = "Asia/Tokyo"
    wanted = clock.now() + 3 * DAY
    olive.post(home(deal), expires_at=f"{wanted + timedelta(hours=9):%Y-%m-%dT%H:%M}", skin_id=0)
    assert links()[0].expires_at == wanted.replace(second=0, microsecond=0)
    assert "(Tokyo time)" in section(olive, deal).get_text()


@pytest.mark.parametrize("wrong", [{"expires_at": ""}, {"expires_at": "soon"}, {"expires_at": FAR}, {"skin_id": "99"}])
def test_bad_input_is_asked_for_again_and_makes_nothing(olive, deal, wrong):
    for htmx in (True, False):
        answer = olive.post(
            home(deal), htmx=htmx, **({"expires_at": soon(), "skin_id": 0, "message": "Keep me"} | wrong)
        )
        assert answer.status_code == 422
        assert "Keep me" in answer.text
    assert links() == []


def test_who_did_not_see_anothers_link_is_told(olive, deal, cast):
    with transaction():
        buy_links.make(deal, by=cast.ada)
    answer = olive.post(home(deal), expires_at=soon(), skin_id=0, seen_id=0)
    assert answer.status_code == 409
    assert "Ada Admin made a buy-now link meanwhile" in answer.text
    answer = olive.post(home(deal), htmx=True, expires_at=soon(), skin_id=0, seen_id=0)
    assert buy_links.address(links()[0]) in answer.text
    assert len(links()) == 1


def test_a_deal_with_nothing_to_sell_says_so(olive, deal, cast):
    with transaction():
        lines.drop(lines.of(deal)[0], by=cast.olive)
    answer = olive.get(home(deal, "new"))
    assert answer.status_code == 422
    assert "Add products to the deal first" in answer.text
    assert section(olive, deal).has_attr("hidden")


def test_more_time_is_given(olive, deal, link):
    assert "Its address and its price stay the same" in olive.get(home(deal, link.id, "extension"), htmx=True).text
    olive.post(home(deal, link.id, "extension"), htmx=True, expires_at=soon(20))
    assert links()[0].expires_at > clock.now() + 19 * DAY
    answer = olive.post(home(deal, link.id, "extension"), expires_at=soon(-1))
    assert answer.status_code == 422
    assert "a moment to come" in answer.text


def test_an_expired_link_is_extended_from_the_record(olive, deal, link):
    with clock.travelled(15 * DAY):
        with transaction():
            buy_links.expire_due()
        assert "Expired" in section(olive, deal).get_text()
        olive.post(home(deal, link.id, "extension"), expires_at=soon(20))
    assert links()[0].state is LinkState.ACTIVE


def test_a_link_past_its_moment_is_shown_as_expired_at_once(olive, deal, link):
    with clock.travelled(15 * DAY):
        assert section(olive, deal).find(class_="chip").get_text(strip=True) == "Expired"


def test_changed_products_are_published_at_the_updated_price(olive, deal, link, cast):
    with transaction():
        lines.change(lines.of(deal)[0], by=cast.olive, quantity=3)
    assert "The products changed" in section(olive, deal).get_text()
    old, draft = links()
    assert "Preview" in section(olive, deal).find("a", href=buy_links.address(old)).get_text()
    olive.post(home(deal, draft.id, "publication"), htmx=True)
    assert [link.state for link in links()] == [LinkState.SUPERSEDED, LinkState.ACTIVE]
    assert "$360" in section(olive, deal).get_text()


def test_revoking_asks_first(olive, deal, link):
    assert "Nobody can buy by it any more" in olive.get(home(deal, link.id, "revocation")).text
    assert links()[0].state is LinkState.ACTIVE
    olive.post(home(deal, link.id, "revocation"), htmx=True)
    assert links()[0].state is LinkState.REVOKED
    assert olive.post(home(deal, link.id, "extension"), expires_at=soon()).status_code == 422


def test_the_code_is_a_drawing_of_the_address(olive, deal, link):
    answer = olive.get(home(deal, link.id, "code.svg"))
    assert answer.mimetype == "image/svg+xml"
    assert answer.text.startswith("<svg")


def test_a_lost_deal_says_that_its_link_sells_nothing(olive, deal, link, cast):
    with transaction():
        moves.set_status(deal, Status.LOST, by=cast.ada)
    assert "Not on offer: the deal is lost" in section(olive, deal).get_text()


def ways_to_win(deal):
    its = f"/opportunities/{deal.id}"
    won = factories.stage_named(deal.pipeline, "Won").id
    return [
        (f"{its}/moves", {"stage_id": won}),
        (f"{its}/status", {"status": "won"}),
        (f"{its}/cells/stage", {"stage_id": won}),
    ]


@pytest.mark.parametrize("way", range(3))
def test_who_wins_by_hand_is_told_that_the_link_can_still_be_paid(olive, deal, link, way):
    url, sent = ways_to_win(deal)[way]
    page = "/opportunities" if "cells" in url else "/board"
    said = olive.post(url, htmx=True, page=page, version=deal.version, **sent).text
    assert "Its buy-now link can still be paid." in said
    assert f'href="{home(deal, link.id, "revocation")}"' in said
    revoked = olive.post(home(deal, link.id, "revocation"), htmx=True, page=page).text
    assert f"opportunity-{deal.id}-buy-now" not in revoked
    assert "The link was revoked" in revoked
    assert links()[0].state is LinkState.REVOKED


@pytest.mark.parametrize("ended", ["lost", "expired"])
def test_what_can_not_be_paid_any_more_is_not_mentioned(olive, deal, link, ended):
    if ended == "expired":
        with transaction():
            link.expires_at = clock.now() - DAY
    status = "lost" if ended == "lost" else "won"
    said = olive.post(f"/opportunities/{deal.id}/status", htmx=True, version=deal.version, status=status).text
    assert "Acme is" in said
    assert "can still be paid" not in said


def test_strangers_find_nothing_and_readers_change_nothing(visit, deal, link, cast):
    stan = visit(cast.stan)
    gets = [("new",), (link.id, "extension"), (link.id, "revocation"), (link.id, "code.svg")]
    posts = [(), (link.id, "extension"), (link.id, "publication"), (link.id, "revocation")]
    assert {stan.get(home(deal, *path)).status_code for path in gets} == {404}
    assert {stan.post(home(deal, *path), expires_at=soon()).status_code for path in posts} == {404}
    with transaction():
        deal.shares.append(Share(user_id=cast.stan.id))
    assert [stan.get(home(deal, *path)).status_code for path in gets] == [403, 403, 403, 200]
    assert {stan.post(home(deal, *path), expires_at=soon()).status_code for path in posts} == {403}
    shown = stan.soup(f"/opportunities/{deal.id}").find(id=f"opportunity-{deal.id}-buy-now")
    assert not shown.find_all("form")
    assert [link.state for link in links()] == [LinkState.ACTIVE]


def test_a_link_of_another_deal_is_not_found(olive, deal, link, cast):
    other = factories.deal(deal.pipeline, "Other", owner=cast.olive)
    assert olive.get(home(other, link.id, "code.svg")).status_code == 404


def test_who_is_signed_out_signs_in(client, deal):
    assert "/sign-in" in client.get(home(deal, "new")).location


def test_the_mail_brings_the_link(olive, deal, link):
    page = olive.get(f"/opportunities/{deal.id}/mails/new?about=offer").text
    assert "{{ offer.link }}" in page


def test_the_history_tells_what_became_of_the_offer(olive, deal, link, cast):
    with transaction():
        buy_links.click(link)
        buy_links.extend(link, clock.now() + 20 * DAY, by=cast.olive)
        lines.change(lines.of(deal)[0], by=cast.olive, quantity=3)
        buy_links.publish(link.successor, by=None, via=Via.PURCHASE)
        buy_links.revoke(link.successor, by=cast.olive)
    told = olive.soup(f"/opportunities/{deal.id}").find(id=f"opportunity-{deal.id}-timeline").get_text(" ", strip=True)
    told = " ".join(told.split())
    assert "The buyer pressed Buy now on the offer" in told
    assert "Olive Owner made the buy-now link good until" in told
    assert "Olive Owner put an offer of $360 in the place of the one of $240" in told
    assert "The buyer put out a buy-now link for $360" in told
    assert "Olive Owner revoked the buy-now link" in told


def test_the_record_asks_no_more_of_the_database_for_many_links_than_for_none(olive, deal, cast):
    def asked():
        olive.get(f"/opportunities/{deal.id}")
        with statements() as said:
            olive.get(f"/opportunities/{deal.id}")
        return len(said)

    before = asked()
    for _ in range(5):
        factories.buy_link(deal, by=cast.olive)
    assert asked() == before
