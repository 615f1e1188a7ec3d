"""The demo's people and pipelines: who works there, and how they sell."""

from sqlalchemy import select

from pipeline.demo import names
from pipeline.domain import founding, groups, owning, pipelines, saved_views
from pipeline.domain import people as invitations
from pipeline.domain.people import Newcomer
from pipeline.extensions import db
from pipeline.models.opportunity import Opportunity, ShareLevel
from pipeline.models.pipeline import ChecklistItem, Outcome, Pipeline, Reason
from pipeline.models.saved_view import Place
from pipeline.models.user import Group, GroupKind, User

PASSWORD = "demo-pipeline"  # noqa: S105 — known to everybody, which is why a demo listens on loopback only
NAMES = {"ada": "Ada Lindqvist", "olive": "Olive Park", "tom": "Tom Okoye", "stan": "Stan Keller"}
ADDRESSES = [f"{name}@example.com" for name in NAMES]


def people() -> dict[str, User]:
    """Ada administers; Olive leads a team with Tom in it; Stan sells on his own."""
    admins, reps = (founding.meaningful(kind) for kind in (GroupKind.ADMINISTRATORS, GroupKind.SALES_REPS))
    staff = {name: _person(name, admins if name == "ada" else reps) for name in NAMES}
    team = groups.create("Harbor team", GroupKind.TEAM, by=None)
    groups.change(team, name=team.name, members=[staff["olive"], staff["tom"]], managers=[staff["olive"]], by=None)
    return staff


def selling(*, by: User) -> Pipeline:
    """Two pipelines: new clients, with reasons and a checklist, and what clients say afterwards."""
    clients = pipelines.create("New clients", currency="USD", by=by, template="direct")
    pipelines.create("Client feedback", currency="USD", by=by, template="feedback")
    clients.requires_loss_reason = True
    clients.all_reasons = [
        Reason(outcome=outcome, text=text, position=position)
        for outcome, texts in ((Outcome.WON, names.WIN_REASONS), (Outcome.LOST, names.LOSS_REASONS))
        for position, text in enumerate(texts)
    ]
    engaging, qualified = clients.stages[2], clients.stages[3]
    engaging.all_items = [ChecklistItem(text="Consultation held", is_required=True, position=0)]
    qualified.all_items = [
        ChecklistItem(text="Last year's accounts received", is_required=True, position=0),
        ChecklistItem(text="References sent", position=1),
    ]
    db.session.flush()
    return clients


def share(people: dict[str, User]) -> None:
    """Olive lets Tom read two of her deals and work a third."""
    hers = db.session.scalars(select(Opportunity).where(Opportunity.owner == people["olive"]).limit(3)).all()
    for deal, level in zip(hers, (ShareLevel.READ, ShareLevel.READ, ShareLevel.WRITE), strict=True):
        owning.share(deal, people["tom"], level, by=people["olive"])


def _person(name: str, group: Group) -> User:
    person = invitations.invite(Newcomer(NAMES[name], f"{name}@example.com"), groups=[group], by=None)
    invitations.set_password(person, PASSWORD, by=None)
    return person


def keep_views(people: dict[str, User]) -> None:
    """Views that everyone may open, and one board of Olive's own."""
    soon = "columns=title,contact,stage,owner,value,close,next&close=month&sort=-value"
    saved_views.save("Closing this month", Place.LIST, soon, by=people["ada"], shared=True)
    left = "columns=title,contact,stage,owner,value,days&sort=-days&step=missing"
    saved_views.save("No next step", Place.LIST, left, by=people["ada"], shared=True)
    saved_views.save("Mine", Place.BOARD, "owner=mine", by=people["olive"])
