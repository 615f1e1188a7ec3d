"""The company of the bench before it has a deal: its people, tags, sources and stages."""

from pipeline import clock
from pipeline.domain import installation, pipelines
from pipeline.domain.founding import meaningful
from pipeline.extensions import db
from pipeline.models.contact import Tag
from pipeline.models.opportunity import LeadSource
from pipeline.models.pipeline import Colour, Pipeline, Stage, StageKind
from pipeline.models.user import GroupKind, Membership, User
from pipeline.transaction import transaction

WORKING = ("New", "Contacting", "Engaging", "Qualified", "Proposal", "Negotiating")
REPS = 30  # each owns deals
TAGS = ("Urgent", "Partner", "Renewal", "Fair", "Referral", "Public sector", "Upsell", "Pilot")
SOURCES = ("Web", "Fair", "Referral", "Cold call", "Partner")
FIRST = ("Ada", "Björn", "Chen", "Dana", "Élise", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Lars")
LAST = ("Almeida", "Berg", "Costa", "Dubois", "Eriksen", "Fischer", "García", "Haas", "Ivanova", "Jansen", "Kowalski")


def found() -> tuple[Pipeline, list[User]]:
    """A pipeline of eight stages, and the reps: the first sees everything, the others what is theirs."""
    with transaction():
        reps = meaningful(GroupKind.SALES_REPS)
        people = [
            User(name=f"{FIRST[n % 12]} {LAST[n % 11]}", email=f"rep{n}@example.com", created_at=clock.now())
            for n in range(REPS)
        ]
        for person in people:
            person.memberships.append(Membership(group=reps))
        people[0].may_view_all = people[0].may_edit_all = True
        hues = list(Colour)
        db.session.add_all([*people, *(Tag(name=name, colour=hues[n]) for n, name in enumerate(TAGS))])
        installation.kept()
        db.session.add_all([LeadSource(name=name) for name in SOURCES])
        pipeline = pipelines.create("Sales", currency="USD", by=None)
        kinds = [*((name, StageKind.WORKING) for name in WORKING), ("Won", StageKind.WON), ("Lost", StageKind.LOST)]
        for position, (name, kind) in enumerate(kinds):
            chance = 100 if kind is StageKind.WON else 0 if kind is StageKind.LOST else 10 + 15 * position
            stage = Stage(name=name, kind=kind, position=position, probability=chance, colour=hues[position])
            stage.target_days = 14 if kind is StageKind.WORKING else 0
            pipeline.all_stages.append(stage)
    return pipeline, people
