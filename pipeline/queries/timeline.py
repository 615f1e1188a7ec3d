"""What happened to an opportunity or a contact, newest first: one page of its history, by days of the reader.

Pages go by key: the next one begins after the last entry shown, however much is added on top meanwhile.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, or_, select

from pipeline.domain import access
from pipeline.domain.events import fact_of
from pipeline.domain.facts import (
    ActivityChanged,
    ActivityPlanned,
    ContactChanged,
    Fact,
    MailWritten,
    NoteWritten,
    OpportunityChanged,
    SettingChanged,
)
from pipeline.domain.rules import NotVisible
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.activity import Note
from pipeline.models.contact import Contact
from pipeline.models.event import Event
from pipeline.models.mail import Mail
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User
from pipeline.queries.changed_fields import ChangedField, read_back

PAGE = 30


def _id_in_subject(fact: type[Fact], thing: str) -> ColumnElement[int | None]:
    """The number of what such a fact is about, from an event's subject, such as `note:7`."""
    return case((Event.kind == fact.kind(), cast(func.substr(Event.subject, len(thing) + 2), Integer)))


NOTE_ID = _id_in_subject(NoteWritten, "note")
MAIL_ID = _id_in_subject(MailWritten, "mail")
NOBODY = {
    Via.AUTOMATION: "Automation",
    Via.IMPORT: "Import",
    Via.IMPORT_LIVE: "Import",
    Via.PURCHASE: "The buyer",
    Via.SCHEDULE: "Schedule",
    Via.UNDO: "Undo",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact, who did it and when. A note comes along as it reads now; `None` once it was taken back."""

    id: int
    kind: str
    fact: Fact
    at: datetime
    actor_id: int | None
    actor: str
    note: Note | None = None
    mail: Mail | None = None
    is_mine: bool = False
    deal_id: int | None = None
    deal: str | None = None

    @property
    def initials(self) -> str:
        words = self.actor.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def due_on(self) -> date | None:
        """The day something was planned for."""
        planned = self.fact.due_on if isinstance(self.fact, ActivityPlanned) else ""
        return date.fromisoformat(planned) if planned else None

    @property
    def changes(self) -> list[ChangedField]:
        if isinstance(self.fact, OpportunityChanged | ActivityChanged | ContactChanged | SettingChanged):
            return read_back(self.fact.changes)
        return []


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day. It continues the page before when that one ended on the same day."""

    on: date
    entries: list[Entry]
    is_continued: bool = False


@dataclass(frozen=True, slots=True)
class TimelinePage:
    about: Opportunity | Contact
    days: list[Day] = field(default_factory=list)
    before: int | None = None
    older: int | None = None

    @property
    def is_of_deal(self) -> bool:
        return isinstance(self.about, Opportunity)


def page(about: Opportunity | Contact, *, to: User, before: int | None = None, size: int = PAGE) -> TimelinePage:
    """The newest entries, or those older than the entry `before`. `older` is the key of the next page, if any."""
    entries = _entries(about, to, before, size + 2)
    last_seen = entries.pop(0) if before is not None and entries and entries[0].id == before else None
    shown = entries[:size]
    zone = ZoneInfo(to.time_zone)
    days = [Day(on, list(some)) for on, some in groupby(shown, key=lambda entry: entry.at.astimezone(zone).date())]
    if days and last_seen and days[0].on == last_seen.at.astimezone(zone).date():
        days[0] = Day(days[0].on, days[0].entries, is_continued=True)
    older = shown[-1].id if len(entries) > size else None
    return TimelinePage(about, days, before, older)


def entry_of(note: Note, *, to: User) -> Entry:
    """The one entry that a note stands in."""
    return _told_of(NoteWritten, f"note:{note.id}", note.opportunity_id, to)


def entry_of_mail(mail: Mail, *, to: User) -> Entry:
    """The entry that tells of a mail somebody wrote; there is none of a mail that an automation sent."""
    return _told_of(MailWritten, f"mail:{mail.id}", mail.opportunity_id, to)


def _told_of(fact: type[Fact], subject: str, opportunity_id: int | None, to: User) -> Entry:
    which = Event.opportunity_id == opportunity_id, Event.kind == fact.kind(), Event.subject == subject
    found = _read(_history().where(*which), to)
    if not found:
        raise NotVisible("entry")
    return found[0]


def _entries(about: Opportunity | Contact, to: User, before: int | None, count: int) -> list[Entry]:
    history = _history().where(_happened_to(about, to)).limit(count)
    entries = _read(history if before is None else history.where(Event.id <= before), to)
    return entries if isinstance(about, Opportunity) else _naming_deals(entries)


def _happened_to(about: Opportunity | Contact, person: User) -> ColumnElement[bool]:
    """What a contact's deals went through belongs to its history, as far as the person may see those deals."""
    if isinstance(about, Opportunity):
        return Event.opportunity_id == about.id
    seen = select(Opportunity.id).where(access.visible_opportunities(person), Opportunity.deleted_at.is_(None))
    return and_(Event.contact_id == about.id, or_(Event.opportunity_id.is_(None), Event.opportunity_id.in_(seen)))


def _naming_deals(entries: list[Entry]) -> list[Entry]:
    ids = {entry.deal_id for entry in entries if entry.deal_id}
    found = select(Opportunity.id, Opportunity.title).where(Opportunity.id.in_(ids))
    titles = {row.id: row.title for row in db.session.execute(found)} if ids else {}
    return [replace(entry, deal=titles.get(entry.deal_id)) for entry in entries]


def _history() -> Select[Event, str, Note, Mail]:
    """Each event with the name of who did it, and the note it tells of, if that stands, or the mail."""
    return (
        select(Event, User.name, Note, Mail)
        .outerjoin(User, User.id == Event.actor_id)
        .outerjoin(Note, and_(Note.id == NOTE_ID, Note.deleted_at.is_(None)))
        .outerjoin(Mail, Mail.id == MAIL_ID)
        .order_by(Event.id.desc())
    )


def _read(history: Select[Event, str, Note, Mail], to: User) -> list[Entry]:
    return [_entry(event, name, note, mail, to) for event, name, note, mail in db.session.execute(history)]


def _entry(event: Event, name: str | None, note: Note | None, mail: Mail | None, to: User) -> Entry:
    actor = name or NOBODY.get(Via(event.via), "Pipeline")
    is_mine = note is not None and note.author_id == to.id
    return Entry(
        event.id,
        event.kind,
        fact_of(event),
        event.happened_at,
        event.actor_id,
        actor,
        note,
        mail,
        is_mine,
        event.opportunity_id,
    )
