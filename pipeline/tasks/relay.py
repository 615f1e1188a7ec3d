"""The relay: hands what is due from the outbox to the queues, at once and at most a quarter of a second later.

It may be killed at any line, run twice, or lose the queue with all that is in it: promises are marked as handed, under
a lease, before the queue hears of them, and come back when the lease runs out.
"""

import signal
import threading
import time
from datetime import datetime
from types import FrameType

import structlog
from flask import Flask
from redis.exceptions import RedisError
from rq import Queue
from sqlalchemy.exc import DBAPIError

from pipeline import create_app, tasks
from pipeline.domain import beats, installation, promises
from pipeline.extensions import db
from pipeline.models.outbox import Lane, OutboxMessage
from pipeline.settings import Settings
from pipeline.tasks import queues, schedule
from pipeline.transaction import transaction

IDLE = 0.25
BEATS_EVERY = 5.0
LONGEST_PAUSE = 5.0
BATCH = 50
WAITING_JOBS = 20
LONELY_AFTER = 2
MARK = "pipeline:relayed"

log = structlog.get_logger(__name__)


class Relay:
    """One loop. `turn` does what there is to do now and says whether there was anything."""

    def __init__(self, app: Flask, redis_url: str) -> None:
        self.app = app
        self.connection = queues.connect(redis_url)
        self.queues = {lane: queues.queue(lane, self.connection) for lane in Lane}
        self.stopping = threading.Event()
        self.promised: dict[str, datetime] = {}
        self.beaten_at = 0.0

    def run(self) -> None:
        pause, troubled = IDLE, False
        while not self.stopping.is_set():
            try:
                busy = self.turn()
            except (DBAPIError, RedisError, OSError) as error:
                pause = min(max(pause, IDLE) * 2, LONGEST_PAUSE)
                if not troubled:
                    log.warning("relay waits for the database or the queue", error=str(error).splitlines()[0])
                troubled = True
            else:
                if troubled:
                    log.info("relay goes on")
                pause, troubled = (0.0 if busy else IDLE), False
            self.stopping.wait(pause)
        self.say_goodbye()

    def turn(self) -> bool:
        with self.app.app_context():
            try:
                installation.set_clock()
                self.beat()
                schedule.keep_promised(self.promised)
                self.recover()
                handed = [self.hand_over(lane) for lane in Lane]
                return any(handed)
            finally:
                db.session.remove()

    def beat(self) -> None:
        if time.monotonic() - self.beaten_at >= BEATS_EVERY:
            with transaction():
                beats.beat(beats.RELAY)
            self.beaten_at = time.monotonic()

    def recover(self) -> None:
        """Bring back what a queue that was emptied, or a worker that was killed, will never do."""
        if self.connection.set(MARK, 1, nx=True):
            with transaction():
                promises.take_back_all()
        if promises.anything_lost():
            with transaction():
                for message_id in promises.recover_handed() + promises.recover_begun():
                    message = db.session.get_one(OutboxMessage, message_id)
                    tasks.tell(message, message.last_error or "")

    def hand_over(self, lane: Lane) -> bool:
        """As much as the queue has room for: one promise a job when little is due, up to fifty when much is."""
        queue = self.queues[lane]
        room = WAITING_JOBS - queue.count
        due = promises.due(lane, room * BATCH) if room > 0 else []
        if not due:
            return False
        with transaction():
            taken = promises.hand_over([message_id for message_id, _ in due])
        batches = cut([(message_id, losses) for message_id, losses in due if message_id in taken], lane)
        try:
            enqueue(queue, batches)
        except RedisError:
            with transaction():
                promises.take_back(sorted(taken))
            raise
        return True

    def say_goodbye(self) -> None:
        try:
            with self.app.app_context(), transaction():
                beats.stop(beats.RELAY)
        except DBAPIError:
            log.warning("relay could not sign off")


def cut(due: list[tuple[int, int]], lane: Lane) -> list[list[int]]:
    """Batches of ids. Errands go singly, and so does what workers were lost over before."""
    alone = [[message_id] for message_id, losses in due if lane is Lane.OUTSIDE or losses >= LONELY_AFTER]
    together = [message_id for message_id, losses in due if lane is Lane.INSIDE and losses < LONELY_AFTER]
    size = min(max(len(together) // 8, 1), BATCH)
    return alone + [together[start : start + size] for start in range(0, len(together), size)]


def enqueue(queue: Queue, batches: list[list[int]]) -> None:
    stamp = time.time_ns()
    queue.enqueue_many(
        Queue.prepare_data(
            tasks.perform, (ids,), job_id=f"m{ids[0]}-{stamp}", result_ttl=0, failure_ttl=3600, timeout=queues.TIMEOUT
        )
        for ids in batches
    )


def run(settings: Settings, app: Flask | None = None) -> None:
    """The relay process, until it is told to stop; with an application of its own, unless one is given."""
    tasks.load()
    relay = Relay(app or create_app(settings), queues.address(settings))

    def stop(signum: int, frame: FrameType | None) -> None:
        relay.stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    relay.run()
