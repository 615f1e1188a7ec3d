"""The rejected rows as a file of their own: the columns they had, and why; mended, it can be imported again."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from pipeline.domain.importing.reading import defused

REASON = "reject_reason"


def written(headers: Sequence[str], rejected: Iterable[tuple[Sequence[str], str]]) -> bytes:
    """Comma-separated UTF-8 with a byte-order mark, for spreadsheets' sake.

    Cells that a spreadsheet would run as a formula are defused by an apostrophe, which an import takes off again.
    """
    kept = [place for place, header in enumerate(headers) if header != REASON]
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([defused(headers[place]) for place in kept] + [REASON])
    for cells, reason in rejected:
        padded = [*cells, *[""] * len(headers)]
        beyond = list(cells[len(headers) :])
        writer.writerow([defused(cell) for cell in [*(padded[place] for place in kept)]] + [reason] + beyond)
    return text.getvalue().encode("utf-8-sig")
