"""`pipeline import`: a file of opportunities, from the command line."""

import time
from pathlib import Path
from typing import Any

import click

from pipeline import migrations
from pipeline.cli import frame
from pipeline.domain.importing import batches, mapping, plans, reading
from pipeline.domain.importing import rejects as rejected_rows
from pipeline.domain.importing.plans import Plan
from pipeline.domain.importing.settings import ImportSettings, NoContact
from pipeline.domain.rules import RuleBroken
from pipeline.extensions import db
from pipeline.models.importing import ImportBatch, ImportState
from pipeline.queries import imports
from pipeline.transaction import transaction

BREATH = 0.05
"""Seconds between two chunks, so that others who want to write get their turn."""


class Misuse(click.ClickException):
    """The command was asked for something it cannot begin."""

    exit_code = 2


class SeveralPairs(click.Command):
    """A command whose `--map` takes all the pairs that follow it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        spread: list[str] = []
        for before, arg in zip(["", *args], args, strict=False):
            follows = len(spread) > 1 and spread[-2] == "--map" and before != "--map"
            is_pair = follows and "=" in arg and not arg.startswith("-")
            spread += ["--map", arg] if is_pair else [arg]
        return super().parse_args(ctx, spread)


@click.command("import", cls=SeveralPairs)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN …", help="Which column holds which field.")
@click.option("--pipeline", metavar="NAME", help="The pipeline for rows that name none; without it, the default one.")
@click.option(
    "--create-missing",
    is_flag=True,
    help="Make what rows name and is not there: pipeline, stages, owners, tags, products, sources, reasons.",
)
@click.option("--dry-run", is_flag=True, help="Do all of it, take it back, and tell.")
@click.option(
    "--no-contact",
    type=click.Choice([each.value for each in NoContact]),
    default=NoContact.PLACEHOLDER.value,
    help="What becomes of rows without person, company and mail address.",
)
@click.option("--date-format", metavar="FORMAT", help="How dates are written: month/day/year, %d.%m.%Y, …")
@click.option("--system", metavar="NAME", default="import", help="Where the external ids come from; unique in it.")
@click.option("--owner-domain", default="import.example", help="The mail domain of owners made without an address.")
@click.option("--with-automation", is_flag=True, help="Let automation react to what is imported.")
@click.option("--rejects", type=click.Path(path_type=Path), help="Where to write rejected rows.")
def import_command(file: Path, pairs: tuple[str, ...], rejects: Path | None, dry_run: bool, **options: Any) -> None:
    """Import opportunities from a CSV file.

    Columns whose header speaks for itself need no --map. Running it twice changes nothing: rows are known again by
    external id, or by all they say. Rejected rows go to a file with a reason each; the others go in.
    """
    try:
        with frame.application(current=False):
            migrations.upgrade(db.engine)
            _import(file, pairs, options, rejects, dry_run)
    except RuleBroken as broken:
        raise Misuse(broken.message) from broken


def _import(file: Path, pairs: tuple[str, ...], options: dict[str, Any], target: Path | None, dry_run: bool) -> None:
    sheet = reading.read(_content(file))
    columns = mapping.suggest(sheet.headers, mapping.parse(pairs, sheet.headers))
    plan = plans.plan(sheet, ImportSettings(columns=columns, **options))
    _tell_columns(plan)
    batch = _begun(file, plan, dry_run)
    _run(batch, plan)
    if batch.state is ImportState.FAILED:
        with transaction():
            batches.discard(batch)
        raise RuleBroken(batch.error or "The import failed.")
    if batch.rejected:
        path = target or _free_path(file)
        path.write_bytes(rejected_rows.written(sheet.headers, imports.every_reject(batch)))
        click.echo(f"Rejected rows, each with its reason: {path}")
    if dry_run:
        with transaction():
            batches.discard(batch)
        click.echo("A dry run: nothing was kept.")
    click.echo(
        f"imported {batch.imported}, updated {batch.updated}, unchanged {batch.unchanged}, rejected {batch.rejected}"
    )


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise RuleBroken(f"{file} cannot be read: {error.strerror}.") from error


def _begun(file: Path, plan: Plan, dry_run: bool) -> ImportBatch:
    with transaction():
        batch = batches.draw_up(file.name, plan.sheet, plan.settings, by=None)
        batches.start(batch, plan, dry_run=dry_run)
    return batch


def _run(batch: ImportBatch, plan: Plan) -> None:
    with click.progressbar(length=len(plan.sheet.rows), label="Importing", show_pos=True) as bar:
        while batch.is_running:
            before = batch.done
            with transaction():
                batches.advance(batch, plan, by=None)
            bar.update(batch.done - before)
            time.sleep(BREATH)


def _tell_columns(plan: Plan) -> None:
    click.echo("Columns: " + ", ".join(f"{field}={header}" for field, header in plan.settings.columns.items()))
    ignored = [header for header in plan.sheet.headers if header not in plan.settings.columns.values()]
    if ignored:
        click.echo(f"Columns that are left out: {', '.join(ignored)}")


def _free_path(file: Path) -> Path:
    """`deals-rejected.csv` in the working directory, or the next free name: an earlier one may be half mended."""
    number, path = 1, Path(f"{file.stem}-rejected.csv")
    while path.exists():
        number += 1
        path = Path(f"{file.stem}-rejected-{number}.csv")
    return path
