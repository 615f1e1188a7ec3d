"""Reading a table out of a file as other programs export it: encodings, byte-order marks, delimiters, quotes.

Cells are text and stay text: nothing that looks like a formula is ever evaluated. A cell that was defused for
spreadsheets (an apostrophe before `= + - @` or tab) is read as what it was, so that our own files come back whole.
"""

import codecs
import csv
from collections import Counter
from dataclasses import dataclass
from io import StringIO

from pipeline.domain.rules import RuleBroken

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
DELIMITERS = ",;\t|"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
LONGEST_CELL = 1_000_000


@dataclass(frozen=True)
class Row:
    """A row of cells and the line of the file on which it begins; 1 is the header."""

    line: int
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    headers: list[str]
    rows: list[Row]


def read(content: bytes) -> Sheet:
    """The header and the rows that are not blank. Refuses what is empty, no text, or has no header."""
    text = _decoded(content)
    delimiter, text = _delimiter(text)
    try:
        rows = list(_rows(text, delimiter))
    except csv.Error as error:
        raise RuleBroken(f"The file cannot be read as a table: {error}.") from error
    if not rows:
        raise RuleBroken("The file is empty; its first line should name the columns.")
    headers = _headers(rows[0].cells)
    return Sheet(headers, [_fitted(row, len(headers)) for row in rows[1:]])


def defused(cell: str) -> str:
    """The cell as a spreadsheet may safely open it; `read` undoes this."""
    return f"'{cell}" if cell.startswith(DANGEROUS) else cell


def _fused(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(DANGEROUS) else cell


def _decoded(content: bytes) -> str:
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _as(content[len(mark) :], encoding)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text[:1000]:
        return _as(content, "utf-16-le" if text[1:2] == "\0" else "utf-16-be")
    return text


def _as(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise RuleBroken("The file is no text; save it as CSV (UTF-8) and try again.") from error


def _delimiter(text: str) -> tuple[str, str]:
    """The sign that parts the header's cells, and the text without a line that only names that sign (`sep=;`)."""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) in (4, 5):
        return first.rstrip("\r\n")[4:5] or "\t", rest
    for line in text.splitlines():
        if line.strip(DELIMITERS + " "):
            unquoted = "".join(line.split('"')[::2])
            counted = Counter(sign for sign in unquoted if sign in DELIMITERS)
            return (counted.most_common(1)[0][0] if counted else ","), text
    return ",", text


def _rows(text: str, delimiter: str) -> list[Row]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter, skipinitialspace=True)
    rows, begins = [], 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append(Row(begins, [_fused(cell.strip(" \r\n\xa0")) for cell in cells]))
        begins = reader.line_num + 1
    return rows


def _headers(cells: list[str]) -> list[str]:
    """Trimmed, without the empty ones at the end; a second column of the same name becomes “name (2)”."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    headers: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = " ".join(cell.split()) or f"Column {number}"
        times = sum(1 for header in headers if header == name or header.startswith(f"{name} ("))
        headers.append(f"{name} ({times + 1})" if times else name)
    if not headers:
        raise RuleBroken("The file's first line names no columns.")
    return headers


def _fitted(row: Row, width: int) -> Row:
    """Without the empty cells beyond the header. A row that then still has other than `width` cells is wrong."""
    cells = row.cells
    while len(cells) > width and not cells[-1]:
        cells = cells[:-1]
    return Row(row.line, cells)
