"""Who gives no sign of life, as this browser was told last: its pages say so from the start, and nothing jumps."""

from collections.abc import Sequence

from flask import session

from pipeline.web.auth import unread

TOLD = "silence"


def told() -> list[str]:
    roles: list[str] = session.get(TOLD, [])
    return roles


def tell(roles: Sequence[str]) -> None:
    """Remember whom the browser is told of now."""
    if not roles:
        session.pop(TOLD, None)
    elif told() != roles:
        session[TOLD] = list(roles)


def known(count: int | None = None) -> str:
    """What a page knows that is drawn now: how much is unread, and who is silent."""
    return "-".join([str(unread() if count is None else count), *told()])
