"""A file with all that is decided about it as a whole, before its first row is judged."""

import hashlib
from collections import Counter
from dataclasses import dataclass

from pipeline.domain.importing import amounts, dates, drafts, reading
from pipeline.domain.importing.drafts import Conventions, Said
from pipeline.domain.importing.fields import AMOUNTS, DATES, Field
from pipeline.domain.importing.mapping import Columns
from pipeline.domain.importing.reading import Sheet
from pipeline.domain.importing.settings import ImportSettings
from pipeline.domain.rules import RuleBroken

IDENTIFYING = {Field.EXTERNAL_ID, Field.TITLE, Field.CONTACT, Field.COMPANY, Field.EMAIL}


@dataclass(frozen=True)
class Plan:
    """For row n: `said[n]` is what it says, `keys[n]` knows it again, `repeats[n]` is an earlier row with its id."""

    sheet: Sheet
    settings: ImportSettings
    conventions: Conventions
    said: list[Said]
    keys: list[str]
    repeats: dict[int, int]


def plan(sheet: Sheet, settings: ImportSettings) -> Plan:
    """Decide dates and amounts over whole columns. Refuses a mapping without anything to know a deal by."""
    if not IDENTIFYING & settings.columns.keys():
        raise RuleBroken(
            "No column says what an opportunity is called or whose it is: map at least one of "
            f"{', '.join(sorted(IDENTIFYING))}. The file's columns are: {', '.join(sheet.headers)}."
        )
    said = [drafts.said_by(row, sheet.headers, settings.columns) for row in sheet.rows]
    keys, repeats = _keys(said)
    return Plan(sheet, settings, _conventions(sheet, settings), said, keys, repeats)


def headers_key(sheet: Sheet) -> str:
    """The same for two files with the same header."""
    return hashlib.sha256("\n".join(sheet.headers).encode()).hexdigest()


def _keys(rows: list[Said]) -> tuple[list[str], dict[int, int]]:
    keys: list[str] = []
    repeats: dict[int, int] = {}
    first: dict[str, int] = {}
    times: Counter[str] = Counter()
    for number, said in enumerate(rows):
        plain = drafts.identity(said, 0)
        key = drafts.identity(said, times[plain])
        times[plain] += 1
        if key in first:
            repeats[number] = first[key]
        first.setdefault(key, number)
        keys.append(key)
    return keys, repeats


def _conventions(sheet: Sheet, settings: ImportSettings) -> Conventions:
    said_format = dates.format_said(settings.date_format) if settings.date_format else None
    return Conventions(
        columns=settings.columns,
        orders={} if said_format else _orders(sheet, settings.columns),
        cents={
            wanted: amounts.decimal_sign(_column(sheet, settings.columns[wanted]))
            for wanted in AMOUNTS
            if wanted in settings.columns
        },
        date_format=said_format,
        time_zone=settings.time_zone,
    )


def _orders(sheet: Sheet, columns: Columns) -> dict[Field, dates.Order]:
    headers = [columns[wanted] for wanted in DATES if wanted in columns]
    decided = dates.decide({header: _column(sheet, header) for header in headers})
    return {wanted: decided[columns[wanted]] for wanted in DATES if columns.get(wanted) in decided}


def _column(sheet: Sheet, header: str) -> list[str]:
    place = sheet.headers.index(header)
    return [row.cells[place] for row in sheet.rows if len(row.cells) > place and row.cells[place]]


def read(content: bytes, settings: ImportSettings) -> Plan:
    return plan(reading.read(content), settings)
