"""Importing a text as if it were a file, and looking at what became of each row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from pipeline.domain.importing import batches, mapping, plans, reading
from pipeline.domain.importing.settings import ImportSettings
from pipeline.extensions import db
from pipeline.models.importing import ImportBatch, ImportRow, Verdict
from pipeline.models.opportunity import Opportunity
from pipeline.transaction import transaction


@dataclass
class Outcome:
    batch: ImportBatch
    rejected: dict[int, str]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """Imported, updated, unchanged, rejected."""
        return self.batch.imported, self.batch.updated, self.batch.unchanged, self.batch.rejected


Import = Callable[..., Outcome]


@pytest.fixture
def bring_in(app: Flask) -> Import:
    """Import a text (or bytes); columns that speak for themselves map by themselves."""

    def run(content: str | bytes, *, pairs: tuple[str, ...] = (), dry_run: bool = False, **options: Any) -> Outcome:
        sheet = reading.read(content if isinstance(content, bytes) else content.encode())
        columns = mapping.suggest(sheet.headers, mapping.parse(pairs, sheet.headers))
        plan = plans.plan(sheet, ImportSettings(columns=columns, **{"create_missing": True, **options}))
        with transaction():
            batch = batches.draw_up("deals.csv", sheet, plan.settings, by=None)
            batches.start(batch, plan, dry_run=dry_run)
        while batch.is_running:
            with transaction():
                batches.advance(batch, plan, by=None)
        db.session.rollback()
        db.session.expire_all()
        rows = db.session.scalars(select(ImportRow).where(ImportRow.verdict == Verdict.REJECTED))
        return Outcome(batch, {row.line: row.reason or "" for row in rows if row.batch_id == batch.id})

    return run


@pytest.fixture
def titled(app: Flask) -> Callable[[str], Opportunity]:
    def find(title: str) -> Opportunity:
        return db.session.scalars(select(Opportunity).where(Opportunity.title == title)).one()

    return find
