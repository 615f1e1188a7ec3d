"""The side panel: a record opened over the page it was chosen from, which stays beneath as it was.

While it is open the browser says with each request what the panel shows (`HX-Panel`) and gives the page beneath as the
one it is on. A record is opened there by asking for its own address; which step of the way that is, `HX-Panel-Step`
says: `open` makes an entry of history, `swap` puts another record into the same one, `return` goes along what is there.
"""

from flask import Response, request

from pipeline.web.htmx import is_htmx

SHOWN = "HX-Panel"
STEP = "HX-Panel-Step"
ENTRIES = {"open": "HX-Push-Url", "swap": "HX-Replace-Url"}


def is_open() -> bool:
    """Whether a panel is on the screen that this request comes from, or is being opened by it."""
    return shown() is not None


def shown() -> str | None:
    """The address of the record in the panel."""
    return request.headers.get(SHOWN) if is_htmx() else None


def entered(response: Response, address: str) -> Response:
    """Have the browser's history name the record, as this step of the way asks."""
    if header := ENTRIES.get(request.headers.get(STEP, "")):
        response.headers[header] = address
    return response
