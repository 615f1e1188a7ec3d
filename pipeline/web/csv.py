"""Writing CSV that a spreadsheet opens safely: in UTF-8 with its mark, and no cell is a formula."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
BATCH = 200


def written(rows: Iterable[list[object]]) -> Iterator[str]:
    """The file, some rows at a time."""
    buffer = StringIO(MARK)
    buffer.seek(0, 2)
    writer = csv.writer(buffer)
    for number, row in enumerate(rows, start=1):
        writer.writerow([_cell(value) for value in row])
        if number % BATCH == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _cell(value: object) -> object:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers."""
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return "" if value is None else value
