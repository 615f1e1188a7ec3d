"""Notes on an opportunity or a contact."""

from pipeline import clock
from pipeline.domain import access, events
from pipeline.domain.facts import NoteWritten
from pipeline.domain.rules import NotAllowed, NotVisible, RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.activity import Note
from pipeline.models.contact import Contact
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

LONGEST = 20_000


def write(
    about: Opportunity | Contact,
    body: str,
    *,
    by: User | None,
    via: Via = Via.RECORD,
    because: Event | None = None,
) -> Note:
    """Write something down about an opportunity or a contact. Refuses an empty note."""
    if isinstance(about, Opportunity):
        access.refuse_unless_editable(about, by=by)
    else:
        access.refuse_unless_contact_editable(about, by=by)
    body = _written(body)
    is_deal = isinstance(about, Opportunity)
    note = Note(
        opportunity_id=about.id if is_deal else None,
        contact_id=about.contact_id if isinstance(about, Opportunity) else about.id,
        body=body,
        author=by,
        written_at=clock.now(),
    )
    db.session.add(note)
    db.session.flush()
    events.record(NoteWritten(note_id=note.id, body=body), about=note, by=by, via=via, because=because)
    return note


def on(opportunity: Opportunity, note_id: int) -> Note:
    """One note of an opportunity, unless it was taken back."""
    note = db.session.get(Note, note_id)
    if note is None or note.opportunity_id != opportunity.id or note.deleted_at is not None:
        raise NotVisible("note")
    return note


def rewrite(note: Note, body: str, *, by: User) -> None:
    """Correct a note; only who wrote it may. The timeline keeps what it said first."""
    refuse_unless_author(note, by=by)
    note.body = _written(body)
    note.edited_at = clock.now()


def delete(note: Note, *, by: User) -> None:
    """Take a note back; only who wrote it, or an admin, may."""
    refuse_unless_author(note, by=by)
    note.deleted_at = clock.now()


def _written(body: str) -> str:
    body = body.strip()
    if not body or len(body) > LONGEST:
        raise RuleBroken(f"A note has between 1 and {LONGEST} letters.")
    return body


def refuse_unless_author(note: Note, *, by: User) -> None:
    """A note is its writer's own; an admin may take it in hand too."""
    if note.author_id != by.id and not by.is_admin:
        raise NotAllowed("Only who wrote a note, or an admin, can change it.")
