"""The relay and the workers as real processes that a test can kill, forked from one that has loaded the code."""

from collections.abc import Callable
from multiprocessing.process import BaseProcess
from typing import Any

from pipeline import create_app
from pipeline.domain import moves
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity
from pipeline.models.outbox import Lane
from pipeline.models.pipeline import Stage
from pipeline.settings import Settings
from pipeline.tasks import relay, worker
from pipeline.transaction import transaction
from tests.support.forks import forks


class House:
    """`house.start("relay")`, `house.kill("relay")`: always with SIGKILL, so that nobody can say goodbye."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.processes: dict[str, BaseProcess] = {}
        self.kills = 0
        self.jobs: dict[str, tuple[Callable[..., None], tuple[Any, ...]]] = {
            "relay": (relay.run, (settings,)),
            "second relay": (relay.run, (settings,)),
            "inside": (worker.run, (settings, (Lane.INSIDE,))),
            "outside": (worker.run, (settings, (Lane.OUTSIDE,))),
        }

    def start(self, name: str, run: Callable[..., None] | None = None, *arguments: Any) -> BaseProcess:
        target, known = (run, arguments) if run else self.jobs[name]
        process = forks.Process(target=target, args=known, daemon=True)
        process.start()
        self.processes[name] = process
        return process

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        process.join()
        self.kills += 1

    def kill_all(self) -> None:
        for name in list(self.processes):
            self.kill(name)


def move_all(settings: Settings, stage_id: int, opportunity_ids: list[int]) -> None:
    """Somebody moves a great many cards, one after the other."""
    with create_app(settings).app_context():
        for opportunity_id in opportunity_ids:
            with transaction():
                opportunity = db.session.get_one(Opportunity, opportunity_id)
                moves.move(opportunity, db.session.get_one(Stage, stage_id), by=None, via=Via.DRAG)
