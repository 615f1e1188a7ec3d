"""Tags: short words that opportunities and contacts wear."""

from sqlalchemy import select

from pipeline import folding
from pipeline.domain import access, events
from pipeline.domain.facts import TagApplied, TagRemoved
from pipeline.domain.holding import hold
from pipeline.domain.rules import RuleBroken
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.contact import Contact, Tag
from pipeline.models.event import Event
from pipeline.models.opportunity import Opportunity
from pipeline.models.user import User

LONGEST = 60


def named(name: str) -> Tag:
    """The tag of that name, whatever its case; made when there is none."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise RuleBroken(f"A tag has between 1 and {LONGEST} letters.")
    found = db.session.scalar(select(Tag).where(folding.folded(Tag.name) == name.lower()))
    if found is None:
        found = Tag(name=name)
        db.session.add(found)
        db.session.flush()
    return found


def apply(
    tag: Tag, thing: Opportunity | Contact, *, by: User | None, via: Via = Via.RECORD, because: Event | None = None
) -> None:
    """Put a tag on. Wearing it already changes nothing."""
    _hold(thing, by)
    if tag in thing.tags:
        return
    thing.tags.append(tag)
    thing.version += 1
    events.record(TagApplied(tag_id=tag.id, tag=tag.name), about=thing, by=by, via=via, because=because)


def remove(
    tag: Tag, thing: Opportunity | Contact, *, by: User | None, via: Via = Via.RECORD, because: Event | None = None
) -> None:
    """Take a tag off. Not wearing it changes nothing."""
    _hold(thing, by)
    if tag not in thing.tags:
        return
    thing.tags.remove(tag)
    thing.version += 1
    events.record(TagRemoved(tag_id=tag.id, tag=tag.name), about=thing, by=by, via=via, because=because)


def wear(tags: list[Tag], thing: Opportunity | Contact, *, by: User | None, via: Via = Via.RECORD) -> None:
    """Make these the tags it wears, applying and removing what differs."""
    for tag in [tag for tag in thing.tags if tag not in tags]:
        remove(tag, thing, by=by, via=via)
    for tag in tags:
        apply(tag, thing, by=by, via=via)


def _hold(thing: Opportunity | Contact, by: User | None) -> None:
    hold(thing)
    if isinstance(thing, Opportunity):
        access.refuse_unless_editable(thing, by=by)
    else:
        access.refuse_unless_contact_editable(thing, by=by)
