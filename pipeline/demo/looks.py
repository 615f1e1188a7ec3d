"""How the demo's offers look and speak: Harbor Bookkeeping's own skin, on every link of its pipeline."""

from pipeline.domain import pipelines, skins
from pipeline.domain.skins import Look
from pipeline.models.pipeline import Pipeline
from pipeline.models.user import User

HARBOR = Look(
    name="Harbor",
    accent="#0b6a52",
    background="#fffdf8",
    ink="#1d2623",
    header="Books in order, since 1998",
    footer="Harbor Bookkeeping, 12 Quay Street. Weekdays from 9 to 17.",
    terms=(
        "Work begins within five working days of your payment.\n\n"
        "You may end a subscription at the end of any month; what is paid for the month stays paid."
    ),
    thanks="We will call you within one working day to agree on how to begin.",
)


def dress(pipeline: Pipeline, *, by: User) -> None:
    """Let its links wear the house's skin."""
    pipelines.change(pipeline, by=by, skin=skins.create(HARBOR, by=by))
