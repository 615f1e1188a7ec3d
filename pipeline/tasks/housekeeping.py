"""What keeps the house from filling up."""

from pipeline.domain import beats, outbox, submissions
from pipeline.extensions import db
from pipeline.kept import stage_sums
from pipeline.tasks import task


@task("housekeeping.tidy")
def tidy() -> None:
    """Forget promises kept over a month ago, and processes that are gone. What went wrong is never purged."""
    outbox.forget_the_kept()
    beats.forget_the_gone()
    submissions.forget_the_old()


@task("housekeeping.fold_sums")
def fold_sums() -> None:
    """Add up what the database appended to the sums of the stages."""
    stage_sums.fold(db.session.connection())
