"""What is done again and again. The relay keeps exactly one future promise of each."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import IntegrityError

from pipeline import clock
from pipeline.domain import outbox
from pipeline.extensions import db
from pipeline.transaction import transaction

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Recurring:
    """Due at every whole multiple of `every` since the epoch, shifted by `past`."""

    task: str
    every: timedelta
    past: timedelta = timedelta()

    def next_after(self, moment: datetime) -> datetime:
        begun = (moment - EPOCH - self.past) // self.every
        return EPOCH + self.past + (begun + 1) * self.every


RECURRING = (
    Recurring("buy_links.expire_due", every=timedelta(minutes=1)),
    Recurring("housekeeping.fold_sums", every=timedelta(minutes=1)),
    Recurring("housekeeping.tidy", every=timedelta(days=1), past=timedelta(hours=3)),
    Recurring("payments.reconcile", every=timedelta(minutes=2), past=timedelta(seconds=30)),
    Recurring("waking.wake_the_due", every=timedelta(minutes=15)),
)


def keep_promised(already: dict[str, datetime]) -> None:
    """See that the next turn of each is promised, by this relay or by another. Missed turns are not made up.

    `already` remembers what this relay knows to be promised.
    """
    for recurring in RECURRING:
        due_at = recurring.next_after(clock.now())
        if already.get(recurring.task) != due_at:
            _promise(recurring.task, due_at)
            already[recurring.task] = due_at


def _promise(task: str, due_at: datetime) -> None:
    try:
        with transaction():
            outbox.put(task, due_at=due_at, key=f"{task}@{due_at:%Y%m%dT%H%M%S}")
            db.session.flush()
    except IntegrityError:
        """Another relay was first, or this one before it was restarted."""
