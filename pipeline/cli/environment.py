"""What the environment says a command is to do its work with."""

import os

from pipeline import logs
from pipeline.settings import Settings


def settings(**more: str) -> Settings:
    """The settings of the environment and of options that mean the same, with logs set up as they say."""
    found = Settings.from_environment({**os.environ, **more})
    logs.configure(found.log_level)
    return found
