"""Numbers in addresses: `<int:…>` in a rule is the number of a row. One that no row can have leads nowhere."""

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

from pipeline.queries.reading import LARGEST_ID


class RowNumber(IntegerConverter):
    """A whole number that a database can hold."""

    regex = f"[0-9]{{1,{len(str(LARGEST_ID))}}}"

    def __init__(self, url_map: Map, **options: Any) -> None:
        super().__init__(url_map, **{"max": LARGEST_ID, **options})


def prepare(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
