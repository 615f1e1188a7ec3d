"""Whether the product does its work: the database answers, workers and relay give signs of life, nothing waits long."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from pipeline.domain import beats, installation, promises

LONGEST_SILENCE = timedelta(seconds=60)
LONGEST_WAIT = timedelta(minutes=5)
ROLES = (beats.WORKER, beats.RELAY)


@dataclass(frozen=True)
class Health:
    """`troubles` in words for an admin; none means ready."""

    database: bool
    silent: list[str]
    waiting_seconds: int

    @property
    def troubles(self) -> list[str]:
        if not self.database:
            return ["the database cannot be reached"]
        found = [f"no {role} has given a sign of life for a minute" for role in self.silent]
        if self.waiting_seconds > LONGEST_WAIT.total_seconds():
            found.append(f"work has been waiting for {self.waiting_seconds} s")
        return found


def health() -> Health:
    """How things stand now. Signs of life are counted in the machine's own time, which no demo moves."""
    try:
        installation.set_clock()
        return Health(database=True, silent=_silent(), waiting_seconds=_waiting())
    except SQLAlchemyError:
        return Health(database=False, silent=list(ROLES), waiting_seconds=0)


def is_anybody_at_work() -> bool:
    """Whether a worker or relay has given a sign of life within the last minute."""
    silences = [beats.silent_for(role) for role in ROLES]
    return any(silence is not None and silence <= LONGEST_SILENCE for silence in silences)


def _silent() -> list[str]:
    silences = {role: beats.silent_for(role) for role in ROLES}
    return [role for role, silence in silences.items() if silence is None or silence > LONGEST_SILENCE]


def _waiting() -> int:
    """With the queue gone or no worker at it, what was handed over waits just the same."""
    return int(promises.oldest_due_for().total_seconds())
