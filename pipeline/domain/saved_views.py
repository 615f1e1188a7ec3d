"""Saved views: a filter, an order and columns, kept by name. Shared ones are everybody's to open, not to change.

A view carries what is asked, never what is found: whoever opens it sees of it what they may see.
"""

from sqlalchemy import ColumnElement, and_, or_, select

from pipeline import clock, folding
from pipeline.domain import changes, events
from pipeline.domain.facts import Change
from pipeline.domain.rules import NotAllowed, NotVisible, RuleBroken
from pipeline.domain.view_facts import ViewChanged, ViewDeleted, ViewRestored, ViewSaved
from pipeline.extensions import db
from pipeline.models.saved_view import Habit, Place, SavedView
from pipeline.models.user import User

LONGEST = 60
LONGEST_ASKED = 4000


class Misnamed(RuleBroken):
    """It needs another name."""


def visible(to: User) -> ColumnElement[bool]:
    """The WHERE clause of the views this person may open: their own, and shared ones."""
    return and_(SavedView.deleted_at.is_(None), or_(SavedView.owner_id == to.id, SavedView.is_shared))


def view(view_id: int, *, to: User, deleted: bool = False) -> SavedView:
    """The view, if this person may open it; a deleted one, if it was theirs to delete."""
    there = visible(to) if not deleted else SavedView.deleted_at.is_not(None)
    found = db.session.scalar(select(SavedView).where(SavedView.id == view_id, there))
    if found is None or (deleted and not may_change(to, found)):
        raise NotVisible("view")
    return found


def may_change(person: User, view: SavedView) -> bool:
    """Its owner may, and of what is shared an admin."""
    return view.owner_id == person.id or (view.is_shared and person.is_admin)


def save(name: str, place: Place, asked: str, *, by: User, shared: bool = False) -> SavedView:
    """Keep a view. Refuses a name that another there has already, of one's own or of the shared ones."""
    made = SavedView(owner_id=by.id, place=place, name="", asked=asked, is_shared=shared, created_at=clock.now())
    made.name = _named(name)
    _refuse_taken(made.name, made)
    _refuse_too_long(asked)
    db.session.add(made)
    db.session.flush()
    events.record(ViewSaved(view_id=made.id, name=made.name, place=place, shared=shared), about=made, by=by)
    return made


def change(
    view: SavedView, *, by: User, name: str | None = None, asked: str | None = None, shared: bool | None = None
) -> None:
    """Rename it, have it ask for something else, share it or keep it to its owner.

    A name that a colleague's shared view has taken since may stay until this one is renamed or shared.
    """
    _hold(view, by)
    wanted = {"name": name if name is None else _named(name), "asked": asked, "is_shared": shared}
    values = {field: value for field, value in wanted.items() if value is not None}
    _refuse_too_long(asked or "")
    if not (made := changes.between(view, values)):
        return
    if "name" in (fields := {one.field for one in made}) or (shared and "is_shared" in fields):
        _refuse_taken(str(values.get("name", view.name)), view)
    for field, value in values.items():
        setattr(view, field, value)
    told = [Change("shared" if one.field == "is_shared" else one.field, one.before, one.after) for one in made]
    events.record(ViewChanged(view_id=view.id, name=view.name, changes=told), about=view, by=by)


def delete(view: SavedView, *, by: User) -> None:
    """Put it away. Lists and boards that opened with it open as they did before."""
    _hold(view, by)
    view.deleted_at = clock.now()
    events.record(ViewDeleted(view_id=view.id, name=view.name), about=view, by=by)


def restore(view: SavedView, *, by: User) -> None:
    """Bring a deleted one back, under another name when its own was taken meanwhile."""
    _hold(view, by)
    if view.deleted_at is None:
        return
    if _namesake(view.name, view):
        view.name = f"{view.name[: LONGEST - 7]} (back)"
    view.deleted_at = None
    events.record(ViewRestored(view_id=view.id, name=view.name), about=view, by=by)


def open_with(view: SavedView | None, place: Place, *, by: User) -> None:
    """Have one's list or board open with this view; with none, as it does for everyone."""
    habit_of(by, place).view_id = view.id if view else None


def opens_with(view: SavedView, *, by: User) -> bool:
    """Whether this person's list or board begins with it."""
    found = db.session.get(Habit, (by.id, view.place))
    return found is not None and found.view_id == view.id


def keep_columns(columns: str, *, by: User) -> None:
    """Which columns one's list has, in their order."""
    habit_of(by, Place.LIST).columns = columns


def columns_of(person: User) -> str:
    found = db.session.get(Habit, (person.id, Place.LIST))
    return found.columns if found else ""


def habit_of(person: User, place: Place) -> Habit:
    found = db.session.get(Habit, (person.id, place))
    if found is None:
        found = Habit(user_id=person.id, place=place, columns="")
        db.session.add(found)
    return found


def _hold(view: SavedView, by: User) -> None:
    db.session.refresh(view, with_for_update=True)
    if not may_change(by, view):
        raise NotAllowed(
            f"{view.name} is {view.owner.name}'s view. They or an admin can change it; save yours as another."
        )


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise Misnamed(f"Give the view a name of at most {LONGEST} letters.")
    return name


def _refuse_taken(name: str, view: SavedView) -> None:
    other = _namesake(name, view)
    if other is None:
        return
    if other.owner_id == view.owner_id:
        raise Misnamed(f"There is already a view {name}; choose another name, or update that one.")
    raise Misnamed(f"{other.owner.name} shares a view {other.name} with everyone; choose another name.")


def _namesake(name: str, view: SavedView) -> SavedView | None:
    """Another that lies under this name beside the view, where its owner sees both."""
    alike = select(SavedView).where(
        or_(SavedView.owner_id == view.owner_id, SavedView.is_shared),
        SavedView.place == view.place,
        SavedView.deleted_at.is_(None),
        folding.folded(SavedView.name) == name.lower(),
    )
    return next((found for found in db.session.scalars(alike) if found.id != view.id), None)


def _refuse_too_long(asked: str) -> None:
    if len(asked) > LONGEST_ASKED:
        raise RuleBroken("This asks for too much to be kept as a view; take some conditions away.")
