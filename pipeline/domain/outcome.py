"""How work in the world outside can come out."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Carried:
    """It happened; `reply` is what the other side said."""

    reply: str = ""


@dataclass(frozen=True)
class Impossible:
    """It did not happen and never will this way."""

    why: str


@dataclass(frozen=True)
class Later:
    """It surely did not happen; it may on another try."""

    why: str


@dataclass(frozen=True)
class Uncertain:
    """It may have happened; nobody can say."""

    why: str


Outcome = Carried | Impossible | Later | Uncertain
