"""Who is asking, and whether they may: every view says `@requires(Permission.X)` or `@public`, or it is refused.

A session is bound to the user's epoch (changing the password ends all of them), ends when idle, and ends at last.
It keeps real time, not the application's clock: moving the clock of a demo must not sign anybody out.
"""

import time
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from sqlalchemy.orm.attributes import instance_state

from pipeline.domain.access import Permission, can
from pipeline.domain.rules import NotAllowed
from pipeline.extensions import sign_in
from pipeline.models.installation import Installation
from pipeline.models.user import User
from pipeline.queries import arrivals
from pipeline.transaction import stay_true
from pipeline.web.configuration import ABSOLUTE_END
from pipeline.web.htmx import go, is_htmx

View = TypeVar("View", bound=Callable[..., Any])

IDLE_END = 24 * 60 * 60
NOTED_EVERY = 5 * 60


class Visitor:
    """The signed-in user, as the session knows them: by number and epoch. With them comes what the first query told."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, person: User, unread: int = 0, here: Installation | None = None) -> None:
        self.person = person
        self.unread = unread
        self.here = here  # at hand for as long as somebody holds on to it

    def get_id(self) -> str:
        return f"{self.person.id}.{self.person.session_epoch}"


def prepare(app: Flask) -> None:
    sign_in.init_app(app)
    sign_in.session_protection = None  # the epoch, the ends and SameSite do it; networks change under a phone
    sign_in.user_loader(visitor)
    app.before_request(guard)


def requires(permission: Permission) -> Callable[[View], View]:
    """Mark a view as open to those who are signed in and have this permission."""

    def mark(view: View) -> View:
        view.__dict__["permission"] = permission
        return view

    return mark


def public(view: View) -> View:
    """Mark a view as open to everybody."""
    view.__dict__["is_public"] = True
    return view


def unattended(view: View) -> View:
    """Mark a view that pages ask by themselves: no sign of presence; it keeps no session alive and leads nobody off."""
    view.__dict__["is_unattended"] = True
    return view


def me() -> User:
    """The person who is signed in, read again at once where a transaction forgot. Only views not public may ask."""
    return _as_now(known_already() or current_user)


def _as_now(visitor: Visitor) -> User:
    if (state := instance_state(visitor.person)).expired and state.identity:
        arrivals.of(state.identity[0])
    return visitor.person


def me_or_nobody() -> User | None:
    if known := known_already():
        return _as_now(known)
    return me() if current_user.is_authenticated else None


def open_session(person: User) -> None:
    """Begin a session that shares nothing with the one before it."""
    session.clear()
    session.permanent = True
    session["began"] = session["seen"] = time.time()
    login_user(Visitor(person))


def close_session() -> None:
    logout_user()
    session.clear()


def forget_visitor() -> None:
    """Finish this request as nobody's, without asking the database who it is."""
    g._login_user = sign_in.anonymous_user()


def visitor(visitor_id: str) -> Visitor | None:
    """Whoever the session names, unless it has ended, they were deactivated, or their epoch has passed."""
    number, _, epoch = visitor_id.partition(".")
    if has_ended() or not number.isdecimal():
        return None
    arrival = arrivals.of(int(number))
    if arrival is None or not arrival.person.is_active or str(arrival.person.session_epoch) != epoch:
        return None
    memberships = arrival.person.memberships
    stay_true(arrival.person, *memberships, *(each.group for each in memberships), arrival.here)
    return Visitor(*arrival)


def known_already() -> Visitor | None:
    """Who is signed in, if this request has found that out: asks the database nothing."""
    found = g.get("_login_user")
    return found if isinstance(found, Visitor) else None


def unread() -> int:
    """How many notifications waited for the visitor when the request began."""
    return current_user.unread if current_user.is_authenticated else 0


def has_ended() -> bool:
    now = time.time()
    began, seen = session.get("began", 0), session.get("seen", 0)
    return bool(now - seen > IDLE_END or now - began > ABSOLUTE_END.total_seconds())


def guard() -> ResponseReturnValue | None:
    """Refuse what is not marked; ask strangers to sign in; refuse what the person may not do."""
    if request.endpoint is None:
        return None
    view = current_app.view_functions[request.endpoint]
    if getattr(view, "is_public", False):
        return None
    permission: Permission | None = getattr(view, "permission", None)
    if permission is None:
        abort(500, f"{request.endpoint} names no permission: add @requires(Permission.…) or @public")
    is_unattended = getattr(view, "is_unattended", False)
    if not current_user.is_authenticated:
        return Response(status=401) if is_unattended and is_htmx() else ask_to_sign_in()
    if not can(me(), permission):
        raise NotAllowed("You do not have the right to do this. An administrator can give it to you.")
    if not is_unattended:
        note_presence()
    return None


def note_presence() -> None:
    if time.time() - session["seen"] > NOTED_EVERY:
        session["seen"] = time.time()


def ask_to_sign_in() -> ResponseReturnValue:
    wanted = request.full_path.rstrip("?") if request.method == "GET" and not is_htmx() else None
    address = url_for("sessions.new", next=wanted if wanted != "/" else None)
    if is_htmx():
        return Response(status=401, headers={"HX-Redirect": address})
    return go(address)
