"""The sandbox calls, as a provider does: over HTTP, signed, again and again until it is heard."""

from flask import current_app

from pipeline.gateways import sandbox_calls
from pipeline.tasks import inquiry


def call(event: str, session: str) -> None:
    sandbox_calls.make(event, session, current_app.config["SETTINGS"])


def heard(answer: None, event: str, session: str) -> None:
    """Nothing is left to do."""


inquiry(sandbox_calls.TASK, ask=call, heed=heard)
