"""A test client whose requests see nothing of the test's own session."""

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


class FreshClient(FlaskClient):
    """Runs every request in an application context of its own, as a server would."""

    def open(self, *arguments: Any, **options: Any) -> TestResponse:
        with self.application.app_context():
            return super().open(*arguments, **options)
