"""How templates are drawn: what every template may say is one dictionary, read by all of them."""

from collections.abc import MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment


class Templates(Environment):
    """Jinja gives each template a chain of two dictionaries, to change for itself. Ours change nothing, and to read
    through a chain costs more than to draw a small fragment.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


def prepare(app: Flask) -> None:
    """Before anything asks for the app's templates."""
    app.jinja_environment = Templates
