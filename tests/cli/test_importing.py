"""`pipeline import`, from the outside: what it prints, what it writes, how it ends."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import func, select

from pipeline.cli import importing
from pipeline.extensions import db
from pipeline.models.importing import ImportBatch
from pipeline.models.opportunity import Opportunity, Status
from pipeline.models.product import Product

EXPORT = Path(__file__).parents[1] / "data" / "sales_pipeline.csv"
MAPPING = [
    "--map",
    "external_id=opportunity_id",
    "owner=sales_agent",
    "product=product",
    "company=account",
    "stage=deal_stage",
    "created=engage_date",
    "closed=close_date",
    "value=close_value",
]
BEGINNING = 650
Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on the test's database, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", app.config["SETTINGS"].database_url)
    monkeypatch.setenv("SECRET_KEY", "for tests only, and long enough")

    def invoke(*arguments: str | Path) -> Result:
        db.session.rollback()
        result = CliRunner().invoke(importing.import_command, [str(each) for each in arguments])
        db.session.expire_all()
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return invoke


def last_line(result: Result) -> str:
    return result.stdout.strip().splitlines()[-1]


@pytest.mark.once
@pytest.mark.long
def test_a_real_export_of_8800_rows_adds_up_and_a_second_run_changes_nothing(run: Run) -> None:
    first = run(EXPORT, "--create-missing", *MAPPING)

    assert last_line(first) == "imported 8800, updated 0, unchanged 0, rejected 0"
    totals = db.session.execute(
        select(Opportunity.status, func.count(), func.sum(Opportunity.value)).group_by(Opportunity.status)
    )
    assert {status: (count, int(value)) for status, count, value in totals} == {
        Status.WON: (4238, 10_005_534_00),
        Status.LOST: (2473, 0),
        Status.OPEN: (2089, 0),
    }
    stages = [deal.name for deal in db.session.scalars(select(Opportunity).limit(1)).one().pipeline.stages]
    assert stages == ["Engaging", "Prospecting", "Won", "Lost"]
    assert db.session.scalar(select(func.count(Opportunity.owner_id.distinct()))) == 30
    assert db.session.scalar(select(func.count(Product.id))) == 7

    second = run(EXPORT, "--create-missing", *MAPPING)
    assert last_line(second) == "imported 0, updated 0, unchanged 8800, rejected 0"


def test_the_beginning_of_a_real_export_adds_up_and_a_second_run_changes_nothing(run: Run) -> None:
    """Some of its hundreds of rows, each hundred in a transaction of its own: the whole of it is more of the same."""
    beginning = Path("beginning.csv")
    beginning.write_text("".join(EXPORT.read_text().splitlines(keepends=True)[: 1 + BEGINNING]))
    rows = list(csv.DictReader(beginning.read_text().splitlines()))

    first = run(beginning, "--create-missing", *MAPPING)

    assert last_line(first) == f"imported {BEGINNING}, updated 0, unchanged 0, rejected 0"
    won = [int(float(row["close_value"]) * 100) for row in rows if row["deal_stage"] == "Won"]
    totals = select(func.count(), func.sum(Opportunity.value)).where(Opportunity.status == Status.WON)
    count, value = db.session.execute(totals).one()
    assert (count, int(value)) == (len(won), sum(won))
    assert db.session.scalar(select(func.count(Product.id))) == len({row["product"] for row in rows})

    second = run(beginning, "--create-missing", *MAPPING)
    assert last_line(second) == f"imported 0, updated 0, unchanged {BEGINNING}, rejected 0"


def test_rejected_rows_go_to_a_file_that_imports_once_mended(run: Run) -> None:
    file = Path("deals.csv")
    file.write_text("Deal,Company,Amount\nRoof,Acme,1\n=Door,Acme,x\n")

    result = run(file, "--create-missing")

    assert last_line(result) == "imported 1, updated 0, unchanged 0, rejected 1"
    assert "deals-rejected.csv" in result.stdout
    rejects = Path("deals-rejected.csv")
    rows = list(csv.DictReader(rejects.read_text(encoding="utf-8-sig").splitlines()))
    assert rows == [
        {"Deal": "'=Door", "Company": "Acme", "Amount": "x", "reject_reason": "Value: “x” is not an amount of money."}
    ]

    rejects.write_text(rejects.read_text(encoding="utf-8-sig").replace(",x,", ",5,"))
    assert last_line(run(rejects)) == "imported 1, updated 0, unchanged 0, rejected 0"
    assert db.session.scalar(select(Opportunity.value).where(Opportunity.title == "=Door")) == 500


def test_a_rejects_file_is_never_written_over(run: Run) -> None:
    file = Path("deals.csv")
    file.write_text("Deal,Amount\nRoof,x\n")

    assert "deals-rejected.csv" in run(file, "--create-missing").stdout
    assert "deals-rejected-2.csv" in run(file, "--create-missing").stdout


def test_a_dry_run_keeps_nothing(run: Run) -> None:
    Path("deals.csv").write_text("Deal\nRoof\n")

    result = run("deals.csv", "--create-missing", "--dry-run")

    assert last_line(result) == "imported 1, updated 0, unchanged 0, rejected 0"
    assert db.session.scalar(select(func.count(Opportunity.id))) == 0
    assert db.session.scalar(select(func.count(ImportBatch.id))) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv"], "nowhere.csv cannot be read"),
        (["empty.csv"], "empty"),
        (["deals.csv", "--map", "shoe=Deal"], "no field “shoe”"),
        (["deals.csv", "--map", "stage=Shoe"], "no column “Shoe”"),
        (["deals.csv", "--map", "stage"], "field=column"),
        (["deals.csv", "--date-format", "soon"], "no date format"),
        (["dates.csv"], "--date-format"),
        (["deals.csv"], "no pipeline"),
        (["deals.csv", "--pipeline", "Roofs"], "no pipeline called Roofs"),
        (["shoes.csv"], "map at least one of"),
    ],
)
def test_a_mistake_gets_one_line_and_exit_code_two(run: Run, arguments: list[str], said: str) -> None:
    Path("empty.csv").write_text("")
    Path("deals.csv").write_text("Deal\nRoof\n")
    Path("dates.csv").write_text("Deal,Close date\nRoof,3/4/2026\n")
    Path("shoes.csv").write_text("Shoe\n42\n")

    result = run(*arguments)

    assert result.exit_code == 2
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_pairs_may_follow_one_map_or_several(run: Run) -> None:
    Path("deals.csv").write_text("a,b,c\nRoof,Acme,7\n")

    assert run("--create-missing", "--map", "title=a", "company=b", "--map", "value=c", "deals.csv").exit_code == 0
    assert db.session.scalar(select(Opportunity.value)) == 700
