"""What becomes of the rows of a file, whichever program wrote it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time

from sqlalchemy import func, select

from pipeline.extensions import db
from pipeline.models.contact import Contact
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.outbox import OutboxMessage
from pipeline.models.pipeline import Pipeline, StageKind
from pipeline.models.user import User
from tests import factories
from tests.cast import hire
from tests.domain.importing.conftest import Import

Find = Callable[[str], Opportunity]
FULL = """\
external_id,title,contact,company,email,phone,owner,stage,value,low,high,expected_close,created,source,product,tags,\
next_action,next_action_at,notes
7,New roof,Ana Lima,Acme,ANA@acme.example,+49 30 1,Olive Owner,Demo,100,50,200,2026-12-24,2026-11-01,Fair,\
Tiles;Nails,"hot, big",Call her,2026-11-30 14:30,Met at the fair
"""


def total(kind: type[Opportunity] | type[Contact] | type[Event] | type[OutboxMessage] | type[User]) -> int:
    return db.session.scalar(select(func.count()).select_from(kind)) or 0


def test_a_row_becomes_an_opportunity_with_all_that_it_says(bring_in: Import, titled: Find) -> None:
    cast = hire()

    assert bring_in(FULL).counts == (1, 0, 0, 0)

    deal = titled("New roof")
    assert (deal.contact.name, deal.contact.email, deal.contact.company_name) == (
        "Ana Lima",
        "ana@acme.example",
        "Acme",
    )
    assert (deal.owner, deal.stage.name, deal.status) == (cast.olive, "Demo", Status.OPEN)
    assert (deal.typed_value, deal.low, deal.high, deal.value) == (10000, 5000, 20000, 20000)
    assert deal.expected_close == date(2026, 12, 24)
    assert deal.created_at == deal.entered_stage_at == datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert deal.source is not None
    assert deal.source.name == "Fair"
    assert [product.name for product in deal.products] == ["Nails", "Tiles"]
    assert [tag.name for tag in deal.tags] == ["big", "hot"]
    assert (deal.next_action, deal.next_action_on, deal.next_action_at) == (
        "Call her",
        date(2026, 11, 30),
        time(14, 30),
    )
    assert (deal.system, deal.external_id) == ("import", "7")


def test_a_second_run_changes_nothing_and_writes_no_history(bring_in: Import) -> None:
    bring_in(FULL)
    before = total(Event)

    assert bring_in(FULL).counts == (0, 0, 1, 0)
    assert total(Event) == before


def test_rows_without_external_id_are_known_again_by_what_they_say(bring_in: Import) -> None:
    twins = "title,company\nRoof,Acme\nRoof,Acme\nDoor,Acme\n"

    assert bring_in(twins).counts == (3, 0, 0, 0)
    assert bring_in(twins).counts == (0, 0, 3, 0)


def test_external_ids_are_unique_per_system(bring_in: Import) -> None:
    row = "id,title\n1,Roof\n"

    assert bring_in(row, system="keap").counts == (1, 0, 0, 0)
    assert bring_in(row, system="other").counts == (1, 0, 0, 0)
    assert bring_in(row, system="keap").counts == (0, 0, 1, 0)


def test_a_header_of_keap_maps_by_itself(bring_in: Import, titled: Find) -> None:
    text = (
        "Id,OpportunityTitle,StageID,UserID,ProjectedRevenueLow,ProjectedRevenueHigh,EstimatedCloseDate,"
        "NextActionDate,NextActionNotes,Leadsource,Objection,DateCreated\n"
        "12,Roof,Negotiating,Olive,100.00,250.00,2026-12-24 00:00:00,"
        "2026-11-30 09:00:00,Call,Fair,,2026-11-01 08:00:00\n"
    )

    assert bring_in(text, system="keap").counts == (1, 0, 0, 0)

    deal = titled("Roof")
    assert (deal.stage.name, deal.owner and deal.owner.name, deal.high) == ("Negotiating", "Olive", 25000)
    assert (deal.expected_close, deal.next_action_on) == (date(2026, 12, 24), date(2026, 11, 30))
    assert (deal.next_action, deal.source and deal.source.name) == ("Call", "Fair")


def test_a_header_of_highlevel_maps_by_itself(bring_in: Import, titled: Find) -> None:
    text = (
        "Opportunity Name,Contact Name,email,phone,pipelineId,pipelineStageId,monetaryValue,status,assignedTo,source,"
        "lostReasonId,createdAt,id,forecastExpectedCloseDate\n"
        "Roof,Ana Lima,ana@acme.example,+49 30 1,Roofs,Demo,1054.5,lost,Olive,ads,Too dear,"
        "2026-11-01T14:30:00.000Z,Ab12,2026-12-24\n"
        "Door,Ben,,,Roofs,Demo,5,abandoned,,,,2026-11-01T14:30:00.000Z,Ab13,\n"
    )

    assert bring_in(text, system="highlevel").counts == (2, 0, 0, 0)

    roof, door = titled("Roof"), titled("Door")
    assert roof.pipeline.name == "Roofs"
    assert (roof.status, roof.reason and roof.reason.text) == (Status.LOST, "Too dear")
    assert roof.created_at == datetime(2026, 11, 1, 14, 30, tzinfo=UTC)
    assert (door.status, door.stage.name) == (Status.ABANDONED, "Demo")


def test_semicolons_a_mark_and_german_numbers_import(bring_in: Import, titled: Find) -> None:
    text = 'Titel;Firma;Betrag;Abschluss\nDach;Müller & Söhne;"1.054,50 €";24.12.2026\n'
    pairs = ("title=Titel", "company=Firma", "value=Betrag", "expected_close=Abschluss")
    factories.sales_pipeline(currency="EUR")

    assert bring_in(text.encode("utf-16"), pairs=pairs).counts == (1, 0, 0, 0)

    deal = titled("Dach")
    assert (deal.contact.name, deal.value, deal.expected_close) == ("Müller & Söhne", 105450, date(2026, 12, 24))


def test_each_wrong_row_says_all_that_is_wrong_with_it_and_the_rest_go_in(bring_in: Import) -> None:
    pipeline = factories.sales_pipeline()
    factories.loss_reasons(pipeline, "Too dear")
    text = (
        "title,stage,value,expected close,owner,company\n"
        "Fine,Qualified,1,2026-12-24,,Acme\n"
        "Bad,Nowhere,much,2026-13-01,Nobody,Acme\n"
        "Lost one,Lost,-5,,,Acme\n"
        "Short,Qualified\n"
    )

    outcome = bring_in(text, create_missing=False)

    assert outcome.counts == (1, 0, 0, 3)
    for problem in ("no stage called Nowhere", "“much” is not an amount", "2026-13-01", "no user called Nobody"):
        assert problem in outcome.rejected[3]
    assert "choose a loss reason" in outcome.rejected[4]
    assert "less than nothing" in outcome.rejected[4]
    assert "2 cells where the header has 6" in outcome.rejected[5]
    assert total(Opportunity) == 1


def test_what_a_rejected_row_would_have_made_is_not_made(bring_in: Import) -> None:
    outcome = bring_in("title,company,owner,value\nBad,Ghost Ltd,Ghost,x\nGood,Ghost Ltd,Ghost,1\n")

    assert outcome.counts == (1, 0, 0, 1)
    assert (total(Contact), total(User)) == (1, 1)


def test_what_could_not_be_made_for_one_row_is_made_for_another(bring_in: Import) -> None:
    outcome = bring_in("title,company,email\nBad,Acme,no mail\nWorse,Acme,no mail\nGood,Acme,a@acme.example\n")

    assert outcome.counts == (1, 0, 0, 2)
    assert "not a mail address" in outcome.rejected[2]


def test_the_same_external_id_twice_is_refused_unless_the_rows_are_equal(bring_in: Import) -> None:
    text = "id,title\n1,Roof\n1,Roof\n1,Door\n"

    for counts in ((1, 0, 1, 1), (0, 0, 2, 1)):
        outcome = bring_in(text)
        assert outcome.counts == counts
        assert "Line 2 has the same external id" in outcome.rejected[4]


def test_without_create_missing_unknown_names_are_refused(bring_in: Import) -> None:
    factories.sales_pipeline()

    outcome = bring_in("title,tags,product,source\nRoof,hot,Tiles,Fair\n", create_missing=False)

    assert "no tag called hot" in outcome.rejected[2]
    assert "no product called Tiles" in outcome.rejected[2]
    assert "no lead source called Fair" in outcome.rejected[2]


def test_an_import_without_any_pipeline_says_so(bring_in: Import) -> None:
    outcome = bring_in("title\nRoof\n", create_missing=False)

    assert outcome.batch.error is not None
    assert "no pipeline" in outcome.batch.error


def test_missing_stages_join_before_the_end_and_won_and_lost_keep_their_meaning(bring_in: Import) -> None:
    pipeline = factories.sales_pipeline()

    bring_in("title,stage\nA,Prospecting\nB,closed won\nC,LOST\nD,Paused\n")

    names = [stage.name for stage in pipeline.stages]
    assert names[-4:] == ["Prospecting", "Paused", "Won", "Lost"]
    assert sorted(deal.status for deal in db.session.scalars(select(Opportunity))) == ["lost", "open", "open", "won"]


def test_a_pipeline_that_is_missing_is_made_with_its_stages_in_order(bring_in: Import) -> None:
    bring_in("title,stage\nA,Won\nB,First\nC,Lost\nD,Second\n", pipeline="Roofs")

    pipeline = db.session.scalars(select(Pipeline)).one()
    assert pipeline.name == "Roofs"
    assert [(stage.name, stage.kind) for stage in pipeline.stages] == [
        ("First", StageKind.WORKING),
        ("Second", StageKind.WORKING),
        ("Won", StageKind.WON),
        ("Lost", StageKind.LOST),
    ]


def test_a_row_without_contact_gets_a_placeholder_of_its_own_or_is_refused(bring_in: Import, titled: Find) -> None:
    text = "id,product\nX1,Tiles\nX2,Tiles\n"

    outcome = bring_in(text, no_contact="reject")
    assert outcome.counts == (0, 0, 0, 2)
    assert "names no contact" in outcome.rejected[2]

    assert bring_in(text).counts == (2, 0, 0, 0)
    assert titled("Tiles (X1)").contact.name == "Unknown contact (X1)"
    assert titled("Tiles (X1)").contact is not titled("Tiles (X2)").contact


def test_a_title_is_the_contact_with_the_product_when_the_row_gives_none(bring_in: Import, titled: Find) -> None:
    bring_in("id,company,product\n1,Acme,Tiles\n2,Acme,\n")

    assert titled("Acme – Tiles").contact is titled("Acme").contact


def test_a_close_date_on_an_open_deal_is_when_it_is_expected_to_close(bring_in: Import, titled: Find) -> None:
    bring_in("title,stage,close date\nA,Demo,2026-12-24\nB,Won,2026-10-01\n")

    assert (titled("A").expected_close, titled("A").closed_at) == (date(2026, 12, 24), None)
    assert titled("B").closed_at == titled("B").entered_stage_at == datetime(2026, 10, 1, 10, tzinfo=UTC)


def test_a_row_closed_before_it_was_created_is_refused(bring_in: Import) -> None:
    outcome = bring_in("title,stage,created,closed\nA,Won,2026-10-02,2026-10-01\n")

    assert "before it was created" in outcome.rejected[2]


def test_a_status_at_odds_with_the_stage_is_refused(bring_in: Import) -> None:
    factories.sales_pipeline()

    outcome = bring_in("title,stage,status\nA,Won,lost\nB,Qualified,sleeping\nC,Qualified,won\n")

    assert "at odds" in outcome.rejected[2]
    assert "no status" in outcome.rejected[3]
    assert outcome.batch.imported == 1


def test_formulas_are_kept_as_text(bring_in: Import, titled: Find) -> None:
    bring_in("title,company\n=cmd|' /C calc'!A0,@Acme\n")

    assert titled("=cmd|' /C calc'!A0").contact.name == "@Acme"


def test_an_import_fires_nothing_unless_asked(bring_in: Import, titled: Find) -> None:
    factories.sales_pipeline()
    bring_in("id,title,stage\n1,A,Qualified\n")
    bring_in("id,title,stage\n1,A,Closing\n")
    assert total(OutboxMessage) == 0

    bring_in("id,title,stage\n1,A,Won\n", with_automation=True)
    assert total(OutboxMessage) > 0


def test_a_dry_run_says_the_same_and_keeps_nothing(bring_in: Import) -> None:
    text = "title,stage,value\nA,Demo,1\nB,Demo,x\n"

    assert bring_in(text, dry_run=True).counts == (1, 0, 0, 1)
    assert (total(Opportunity), total(Contact), total(Event)) == (0, 0, 0)
    assert bring_in(text).counts == (1, 0, 0, 1)


def test_a_row_without_a_date_that_can_be_costs_only_itself(bring_in: Import) -> None:
    rows = "Nobody knows,0001-01-01 00:00:00\nNowhere,2026-11-01 10:00 +99:00\nGood,2026-11-01 10:00 +02:00\n"
    outcome = bring_in(f"title,created\n{rows}", time_zone="Europe/Berlin")
    assert outcome.counts == (1, 0, 0, 2)
    assert "0001-01-01 00:00:00" in outcome.rejected[2]


def test_what_has_accents_is_made_once_however_many_files_name_it(bring_in: Import) -> None:
    for title in ("First", "Second"):
        counts = bring_in(f"title,owner,product,tags\n{title},Özlem Kaya,Übersee,Übersee\n").counts
        assert counts == (1, 0, 0, 0)
    assert db.session.scalars(select(User.name)).all() == ["Özlem Kaya"]
