"""Things an admin puts in order: positions count from 0 without gaps, and names are told apart whatever their case."""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from pipeline.domain.rules import RuleBroken


class Placed(Protocol):
    position: int


Thing = TypeVar("Thing", bound=Placed)


def put(thing: Thing, position: int, *, among: Sequence[Thing]) -> list[Thing]:
    """Put a thing at a place among its peers, the first or the last when that is beyond them; the new order."""
    order = [peer for peer in among if peer is not thing]
    order.insert(max(0, position), thing)
    return close_ranks(order)


def close_ranks(order: Sequence[Thing]) -> list[Thing]:
    """Number them from 0 without gaps."""
    for position, thing in enumerate(order):
        if thing.position != position:
            thing.position = position
    return list(order)


def tidy(text: str, *, what: str, longest: int) -> str:
    """A name without stray spaces. Refuses an empty or an overlong one."""
    text = " ".join(text.split())
    if not text:
        raise RuleBroken(f"{what} cannot be empty.")
    if len(text) > longest:
        raise RuleBroken(f"{what} has at most {longest} letters; this has {len(text)}.")
    return text


def refuse_taken(text: str, others: Iterable[str], *, where: str) -> None:
    """Refuse a name that another has already, in whatever case."""
    for other in others:
        if other.casefold() == text.casefold():
            raise RuleBroken(f"There is “{other}” {where} already; choose another name.")
