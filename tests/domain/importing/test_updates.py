"""A file imported again, after it changed, or after people worked the deals that came from it."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from pipeline.domain import moves, opportunities
from pipeline.domain.importing import batches, chunks, mapping, plans, reading
from pipeline.domain.importing.settings import ImportSettings
from pipeline.models.importing import ImportBatch
from pipeline.models.opportunity import Opportunity, Status
from pipeline.transaction import transaction
from tests import factories
from tests.domain.importing.conftest import Import

Find = Callable[[str], Opportunity]
HEADER = "id,title,company,email,owner,stage,value,tags,source,created,closed,reason,notes\n"


def file(**cells: str) -> str:
    row = {
        "id": "1",
        "title": "Roof",
        "company": "Acme",
        "email": "a@acme.example",
        "owner": "Olive",
        "stage": "Qualified",
        "value": "100",
        "tags": "hot;big",
        "source": "Fair",
        "created": "2026-01-05",
        "closed": "",
        "reason": "",
        "notes": "",
    }
    return HEADER + ",".join((row | cells).values()) + "\n"


@pytest.fixture(autouse=True)
def imported_once(bring_in: Import) -> None:
    factories.sales_pipeline()
    assert bring_in(file()).counts == (1, 0, 0, 0)


def test_what_changed_in_the_file_changes_here(bring_in: Import, titled: Find) -> None:
    changed = file(
        title="Big roof", company="Betacorp", owner="Tom", value="250", tags="big;new", source="Ads", notes="Called"
    )

    assert bring_in(changed).counts == (0, 1, 0, 0)
    assert bring_in(changed).counts == (0, 0, 1, 0)

    deal = titled("Big roof")
    assert (deal.contact.name, deal.owner and deal.owner.name, deal.value) == ("Betacorp", "Tom", 25000)
    assert [tag.name for tag in deal.tags] == ["big", "new"]
    assert (deal.source and deal.source.name) == "Ads"


def test_a_change_of_stage_is_a_move_with_its_time_from_the_file(bring_in: Import, titled: Find) -> None:
    assert bring_in(file(stage="Won", closed="2026-03-01")).counts == (0, 1, 0, 0)

    deal = titled("Roof")
    assert (deal.status, deal.stage.name) == (Status.WON, "Won")
    assert deal.closed_at == deal.entered_stage_at == deal.moves[-1].moved_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    assert [(move.target_name, move.via) for move in deal.moves] == [("Qualified", "import"), ("Won", "import")]
    assert deal.expected_close is None


def test_a_move_that_needs_a_reason_is_refused_until_the_file_gives_it(bring_in: Import, titled: Find) -> None:
    factories.loss_reasons(titled("Roof").pipeline, "Too dear")

    outcome = bring_in(file(stage="Lost", value="7"))
    assert outcome.counts == (0, 0, 0, 1)
    assert "choose a loss reason" in outcome.rejected[2]
    assert (titled("Roof").status, titled("Roof").value) == (Status.OPEN, 10000)

    assert bring_in(file(stage="Lost", value="7", reason="too dear")).counts == (0, 1, 0, 0)
    assert (titled("Roof").status, titled("Roof").value) == (Status.LOST, 700)


def test_an_old_file_does_not_undo_what_people_did_since(bring_in: Import, titled: Find) -> None:
    with transaction():
        deal = titled("Roof")
        moves.move(deal, factories.stage_named(deal.pipeline, "Closing"), by=None)
        opportunities.change(deal, by=None, typed_value=77700)

    assert bring_in(file()).counts == (0, 0, 1, 0)
    assert bring_in(file(title="Big roof")).counts == (0, 1, 0, 0)
    assert (titled("Big roof").stage.name, titled("Big roof").value) == ("Closing", 77700)


def test_an_emptied_cell_says_nothing(bring_in: Import, titled: Find) -> None:
    assert bring_in(file(value="", tags="", source="")).counts == (0, 0, 1, 0)
    assert titled("Roof").value == 10000


def test_created_and_closed_can_be_corrected(bring_in: Import, titled: Find) -> None:
    bring_in(file(stage="Won", closed="2026-03-01"))

    assert bring_in(file(stage="Won", closed="2026-03-02", created="2026-01-06")).counts == (0, 1, 0, 0)
    assert titled("Roof").closed_at == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert titled("Roof").created_at == datetime(2026, 1, 6, 10, tzinfo=UTC)


def test_a_close_date_that_changes_on_an_open_deal_is_its_expected_close(bring_in: Import, titled: Find) -> None:
    assert bring_in(file(closed="2026-12-24")).counts == (0, 1, 0, 0)
    assert titled("Roof").expected_close == date(2026, 12, 24)


def test_a_deal_that_was_deleted_here_stays_deleted(bring_in: Import, titled: Find) -> None:
    with transaction():
        opportunities.delete(titled("Roof"), by=None)

    assert bring_in(file()).counts == (0, 0, 1, 0)
    outcome = bring_in(file(value="5"))
    assert outcome.counts == (0, 0, 0, 1)
    assert "deleted here" in outcome.rejected[2]


def test_an_import_moves_nothing_to_another_pipeline(bring_in: Import) -> None:
    factories.sales_pipeline("Roofs")

    outcome = bring_in("id,title,pipeline\n1,Roof,Roofs\n")

    assert outcome.counts == (0, 0, 0, 1)
    assert "in Sales already" in outcome.rejected[2]


def test_an_import_that_was_killed_goes_on_where_it_was(bring_in: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "ROWS", 2)
    monkeypatch.setattr(chunks, "A_MOMENT", 60)
    text = b"id,title\n" + b"".join(b"n%d,Deal %d\n" % (number, number) for number in range(5))
    sheet = reading.read(text)
    settings = ImportSettings(columns=mapping.suggest(sheet.headers))
    plan = plans.plan(sheet, settings)
    with transaction():
        batch: ImportBatch = batches.draw_up("deals.csv", sheet, settings, by=None)
        batches.start(batch, plan, dry_run=False)
    with transaction():
        batches.advance(batch, plan, by=None)
    with pytest.raises(KeyboardInterrupt), transaction():
        batches.advance(batch, plan, by=None)
        raise KeyboardInterrupt
    assert batch.done == 2

    while batch.is_running:
        with transaction():
            batches.advance(batch, plan, by=None)

    assert (batch.imported, batch.unchanged) == (5, 0)
    assert bring_in(text).counts == (0, 0, 5, 0)


def test_a_value_in_the_file_leaves_products_that_were_put_on_here(bring_in: Import, titled: Find) -> None:
    factories.line(titled("Roof"), factories.product("Books", 4_000))
    assert bring_in(file(value="250", source="Ads")).counts == (0, 1, 0, 0)
    deal = titled("Roof")
    assert (deal.value, deal.typed_value, deal.source and deal.source.name) == (4_000, 10_000, "Ads")
