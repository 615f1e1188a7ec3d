"""Logging is set up by each command, and may be set up again in the same process."""

import logging
from collections.abc import Iterator

import pytest
import structlog
from structlog.testing import capture_logs

from pipeline import logs


@pytest.fixture
def afterwards_as_before() -> Iterator[None]:
    root, kept = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers, root.level
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.configure(**kept)


@pytest.mark.usefixtures("afterwards_as_before")
def test_who_has_spoken_is_heard_when_logging_was_set_up_again() -> None:
    log = structlog.get_logger("a part that lives long")
    logs.configure("CRITICAL")
    log.info("before")
    logs.configure("CRITICAL")
    with capture_logs() as entries:
        log.info("after")
    assert [entry["event"] for entry in entries] == ["after"]
