"""New processes in no time: each is forked from one that has loaded the code, and that has done nothing else."""

import multiprocessing

from pipeline.blueprints import BLUEPRINTS
from pipeline.cli import COMMANDS

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(
    [
        "pytest",
        "tests.support.house",
        *(f"pipeline.blueprints.{name}" for name in BLUEPRINTS),
        *sorted({f"pipeline.cli.{name}" for name in COMMANDS.values()}),
    ]
)
