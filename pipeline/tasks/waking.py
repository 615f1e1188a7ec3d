"""Waking deals at rest, as the workers do it."""

from pipeline.domain import waking
from pipeline.tasks import task


@task(waking.TASK)
def wake_the_due() -> None:
    waking.wake_the_due()
