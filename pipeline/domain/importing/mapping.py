"""Which column of a file holds which field: what the person says, and what the headers say by themselves."""

from collections.abc import Iterable, Mapping, Sequence

from pipeline.domain.importing.fields import SYNONYMS, Field
from pipeline.domain.rules import RuleBroken

Columns = dict[Field, str]
"""Field → the header of its column."""


def folded(header: str) -> str:
    """A header by its letters and digits alone, in small letters."""
    return "".join(sign for sign in header.casefold() if sign.isalnum())


KNOWN = {
    **{folded(word): field for field, words in SYNONYMS.items() for word in words.split(",")},
    **{folded(field): field for field in Field},
}


def suggest(headers: Sequence[str], said: Mapping[Field, str] | None = None) -> Columns:
    """The mapping that was said, completed by headers that speak for themselves; each column and field at most once."""
    columns: Columns = dict(said or {})
    taken = set(columns.values())
    exact = [(header, Field(header)) for header in headers if header in set(Field)]
    alike = [(header, KNOWN[folded(header)]) for header in headers if folded(header) in KNOWN]
    for header, field in exact + alike:
        if field not in columns and header not in taken:
            columns[field] = header
            taken.add(header)
    return columns


def parse(pairs: Iterable[str], headers: Sequence[str]) -> Columns:
    """`field=column` pairs, checked against the fields there are and the columns the file has."""
    columns: Columns = {}
    for pair in pairs:
        name, sign, header = pair.partition("=")
        if not sign or not header.strip():
            raise RuleBroken(f"“{pair}” is no mapping; write field=column, for example stage=deal_stage.")
        field = _field(name.strip())
        if field in columns:
            raise RuleBroken(f"The field {field} is mapped twice, to {columns[field]} and to {header.strip()}.")
        columns[field] = header.strip()
    return checked(columns, headers)


def checked(columns: Columns, headers: Sequence[str]) -> Columns:
    """The same mapping with each header as the file writes it. Refuses a column that the file does not have."""
    as_written = {header.casefold(): header for header in reversed(headers)}
    for field, header in columns.items():
        if header.casefold() not in as_written:
            raise RuleBroken(f"The file has no column “{header}” for {field}; its columns are: {', '.join(headers)}.")
    return {field: as_written[header.casefold()] for field, header in columns.items()}


def _field(name: str) -> Field:
    try:
        return Field(name)
    except ValueError:
        raise RuleBroken(f"There is no field “{name}”; the fields are: {', '.join(Field)}.") from None
