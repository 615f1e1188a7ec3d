"""Importing on pages: upload, mapping, dry run, the import itself, its result and its rejects."""

import csv
from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from pipeline.domain.importing import uploads
from pipeline.extensions import db
from pipeline.models.importing import ImportBatch, ImportFile, ImportState
from pipeline.models.opportunity import Opportunity
from pipeline.models.outbox import OutboxMessage
from pipeline.models.user import User
from pipeline.transaction import transaction
from tests import factories
from tests.cast import Cast
from tests.support.visiting import Visitor

DEALS = "Deal;Firma;Amount;Stage\nRoof;Acme;1.000,50;Qualified\n=Door;Acme;much;Qualified\n"
Visit = Callable[[User], Visitor]


@pytest.fixture
def ada(visit: Visit, cast: Cast) -> Visitor:
    factories.sales_pipeline()
    return visit(cast.ada)


def upload(visitor: Visitor, text: str = DEALS, name: str = "deals.csv") -> TestResponse:
    return visitor.post("/settings/imports", file=(BytesIO(text.encode()), name))


def begin(visitor: Visitor, url: str, *columns: str, **more: str) -> TestResponse:
    chosen = {f"columns-{place}": field for place, field in enumerate(columns)}
    fields = {"pipeline": "", "no_contact": "placeholder", "date_format": "", "system": "import"}
    return visitor.post(url.replace("/mapping", "/runs"), **{**fields, **chosen, **more})


def work() -> ImportBatch:
    """What the workers do with it."""
    db.session.rollback()
    batch_id = db.session.scalar(select(func.max(ImportBatch.id))) or 0
    for _ in range(2):
        with transaction():
            uploads.go_on(batch_id)
    return db.session.get_one(ImportBatch, batch_id)


def deals() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Opportunity.id))) or 0


def test_a_file_goes_from_upload_to_result(ada: Visitor) -> None:
    mapping = upload(ada).location
    page = ada.soup(mapping)
    chosen = {label.text: page.find(id=label["for"]).find("option", selected=True) for label in page.select("th label")}
    assert {name: option and option["value"] for name, option in chosen.items()} == {
        "Deal": "title",
        "Firma": "",
        "Amount": "value",
        "Stage": "stage",
    }
    assert "Roof · =Door" in page.text

    running = begin(ada, mapping, "title", "company", "value", "stage").location
    assert "Trying deals.csv" in ada.soup(running).text
    assert ada.get(f"{running}/progress", htmx=True).status_code == 200
    assert work().state is ImportState.DONE

    result = ada.soup(running)
    assert [each.get_text(" ", strip=True) for each in result.select(".verdicts > div")] == [
        "Imported 1",
        "Updated 0",
        "Unchanged 0",
        "Rejected 1",
    ]
    assert "“much” is not an amount of money" in result.text
    assert "Nothing was kept" in result.text
    assert deals() == 0

    assert ada.post(f"{running}/imports").status_code == 303
    work()
    assert deals() == 1
    assert "Rejected 1" in ada.soup(running).get_text(" ", strip=True)


def test_the_rejected_rows_are_a_file_that_a_spreadsheet_opens_safely(ada: Visitor) -> None:
    running = begin(ada, upload(ada).location, "title", "company", "value", "stage", for_good="yes").location
    work()

    answer = ada.get(f"{running}/rejects.csv")

    assert answer.mimetype == "text/csv"
    assert "deals-rejected.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(answer.data.decode("utf-8-sig").splitlines()))
    assert rows[0] == ["Deal", "Firma", "Amount", "Stage", "reject_reason"]
    assert rows[1][0] == "'=Door"


def test_a_mapping_is_remembered_for_files_with_the_same_columns(ada: Visitor) -> None:
    begin(ada, upload(ada).location, "contact", "company", "value", "", system="keap")
    work()

    page = ada.soup(upload(ada, name="deals-2.csv").location)

    chosen = [select.find("option", selected=True)["value"] for select in page.select("td select")]
    assert chosen == ["contact", "company", "value", ""]
    assert page.find("input", {"name": "system"})["value"] == "keap"


def test_progress_answers_with_the_result_once_there_is_one(ada: Visitor) -> None:
    running = begin(ada, upload(ada).location, "title", "company", "value", "stage").location
    assert "0 of 2 rows" in ada.get(f"{running}/progress", htmx=True).text

    work()

    assert ada.get(f"{running}/progress", htmx=True).headers["HX-Redirect"] == running


@pytest.mark.parametrize(
    ("text", "said"), [("", "empty"), ("Deal\n", "no rows"), ("\xff\xfe\x00", "no text")], ids=["empty", "bare", "none"]
)
def test_a_file_that_is_no_table_is_refused_in_words(ada: Visitor, text: str, said: str) -> None:
    answer = ada.post("/settings/imports", file=(BytesIO(text.encode("latin-1")), "deals.csv"))

    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.scalar(select(func.count(ImportFile.batch_id))) == 0


def test_no_file_at_all_is_refused(ada: Visitor) -> None:
    answer = ada.post("/settings/imports")

    assert answer.status_code == 422
    assert "Choose a file." in answer.text


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (("title", "title", "", ""), "Both “Deal” and “Firma” are mapped to Title"),
        (("", "", "value", "stage"), "No column says what an opportunity is called"),
        (("title", "created", "", ""), None),
        (("nonsense", "", "", ""), "Not a valid choice"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused_on_its_form(
    ada: Visitor, columns: tuple[str, ...], said: str | None
) -> None:
    answer = begin(ada, upload(ada).location, *columns)

    assert answer.status_code == (422 if said else 303)
    assert said is None or said in answer.text
    assert deals() == 0


def test_dates_that_could_be_both_are_asked_about(ada: Visitor) -> None:
    mapping = upload(ada, "Deal,Closed\nRoof,3/4/2026\n").location

    answer = begin(ada, mapping, "title", "closed")
    assert answer.status_code == 422
    assert "could be day/month or month/day" in answer.text

    assert begin(ada, mapping, "title", "closed", date_format="%d/%m/%Y").status_code == 303


def test_an_import_that_runs_is_not_begun_twice(ada: Visitor) -> None:
    mapping = upload(ada).location
    begin(ada, mapping, "title", "company", "value", "stage")

    assert begin(ada, mapping, "title", "company", "value", "stage").status_code == 422
    db.session.rollback()
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 1


def test_an_import_without_a_pipeline_stops_and_says_why(visit: Visit, cast: Cast) -> None:
    ada = visit(cast.ada)
    running = begin(ada, upload(ada).location, "title", "company", "value", "stage").location
    work()

    page = ada.soup(running).text

    assert "It stopped." in page
    assert "no pipeline" in page


def test_the_list_of_imports_teaches_when_it_is_empty_and_tells_what_was_imported(ada: Visitor) -> None:
    assert "No imports yet" in ada.soup("/settings/imports").text

    begin(ada, upload(ada).location, "title", "company", "value", "stage", for_good="yes")
    work()

    assert "deals.csv" in ada.soup("/settings/imports").text


@pytest.mark.parametrize("url", ["", "/1", "/1/mapping", "/1/progress", "/1/rejects.csv"])
def test_only_administrators_import(ada: Visitor, visit: Visit, cast: Cast, url: str) -> None:
    upload(ada)

    assert visit(cast.olive).get(f"/settings/imports{url}").status_code == 403


def test_an_import_that_is_not_there_is_not_found(ada: Visitor) -> None:
    assert ada.get("/settings/imports/99").status_code == 404
