"""Things to test with, made by the domain's own verbs, each in a transaction of its own, by nobody in particular."""

from typing import Any

from sqlalchemy import insert

from pipeline import clock
from pipeline.domain import (
    automations,
    buy_links,
    contacts,
    installation,
    lines,
    mail_templates,
    opportunities,
    pipelines,
)
from pipeline.domain.actions.base import ActionSettings
from pipeline.domain.automations import Trigger
from pipeline.domain.opportunities import Details
from pipeline.domain.via import Via
from pipeline.extensions import db
from pipeline.models.automation import ActionKind, Automation, DelayUnit, TriggerKind
from pipeline.models.buy_link import BuyLink
from pipeline.models.contact import Contact
from pipeline.models.line import OpportunityLine
from pipeline.models.mail import MailTemplate
from pipeline.models.opportunity import Opportunity
from pipeline.models.pipeline import ChecklistItem, Outcome, Pipeline, Reason, Stage
from pipeline.models.product import Charge, Product
from pipeline.models.user import User
from pipeline.transaction import transaction


def sales_pipeline(name: str = "Sales", *, template: str = "direct", currency: str = "USD") -> Pipeline:
    with transaction():
        return pipelines.create(name, currency=currency, by=None, template=template)


def stage_named(pipeline: Pipeline, name: str) -> Stage:
    return next(stage for stage in pipeline.stages if stage.name == name)


def contact(name: str = "Ana Lima", **known: Any) -> Contact:
    with transaction():
        return contacts.create(name, by=None, **known)


def deal(
    pipeline: Pipeline,
    title: str = "Acme",
    *,
    stage: str | None = None,
    owner: User | None = None,
    contact: Contact | None = None,
    **details: Any,
) -> Opportunity:
    """An opportunity on top of the named stage, else of the first one."""
    with transaction():
        return opportunities.create(
            pipeline,
            contact or contacts.create(f"{title} person", by=None),
            by=None,
            stage=stage_named(pipeline, stage) if stage else None,
            owner=owner,
            details=Details(title=title, **details),
            via=Via.SYSTEM,
        )


def product(name: str = "Bookkeeping", price: int | None = 10_000, *, currency: str = "USD", **known: Any) -> Product:
    """Something to sell once; with `interval_months`, by subscription."""
    charge = Charge.SUBSCRIPTION if known.get("interval_months") else Charge.ONCE
    with transaction():
        made = Product(name=name, price=price, currency=currency if price is not None else None, charge=charge, **known)
        db.session.add(made)
    return made


def line(opportunity: Opportunity, product: Product, quantity: int = 1, **known: Any) -> OpportunityLine:
    with transaction():
        return lines.add(opportunity, product, quantity=quantity, by=None, via=Via.SYSTEM, **known)


def many_deals(pipeline: Pipeline, count: int, *, owner: User | None = None, company: Contact | None = None) -> None:
    """So many opportunities, each with a contact at the company, written at once: for tests of size."""
    present = clock.now()
    stages = [stage.id for stage in pipeline.stages if stage.outcome is None]
    person = {"is_company": False, "company_id": company and company.id, "notes": "", "created_at": present}
    row = {"pipeline_id": pipeline.id, "currency": pipeline.currency, "owner_id": owner.id if owner else None}
    moments = {"created_at": present, "entered_stage_at": present}
    with transaction():
        people = insert(Contact).returning(Contact.id)
        ids = db.session.scalars(people, [person | {"name": f"Person {number}"} for number in range(count)]).all()
        deals = [
            {"title": f"Deal {id_}", "contact_id": id_, "stage_id": stages[id_ % len(stages)], "rank": f"a{id_:05}"}
            for id_ in ids
        ]
        db.session.execute(insert(Opportunity), [row | moments | {"reason_note": ""} | deal for deal in deals])


def mail_template(
    name: str = "Proposal", subject: str = "Hello", body: str = "Dear {{ contact.name }}"
) -> MailTemplate:
    with transaction():
        return mail_templates.create(name, subject=subject, body=body, by=None)


def automation(
    pipeline: Pipeline,
    *does: tuple[ActionKind, ActionSettings] | tuple[ActionKind, ActionSettings, int, DelayUnit],
    source: str | None = None,
    target: str | None = None,
    only_by_person: bool = False,
    trigger: TriggerKind = TriggerKind.STAGE_MOVE,
    name: str = "Proposal sent",
) -> Automation:
    """An automation that is on: each action is its kind and settings, and maybe its delay and unit."""
    sets_off = Trigger(
        kind=trigger,
        source=stage_named(pipeline, source) if source else None,
        target=stage_named(pipeline, target) if target else None,
        only_by_person=only_by_person,
    )
    with transaction():
        made = automations.create(pipeline, name, sets_off, by=None)
        for kind, settings, *later in does:
            delay, unit = later or (0, DelayUnit.MINUTES)
            automations.add_action(made, kind, settings, delay=delay, unit=unit, by=None)
        automations.switch_on(made, by=None)
    return made


def buy_link(opportunity: Opportunity, *, by: User | None = None, **terms: Any) -> BuyLink:
    """A link that is active. A deal without lines is given one: a product of 100 in its currency."""
    if not buy_links.offered(opportunity):
        title = f"Bookkeeping for {opportunity.title} {opportunity.id}"
        line(opportunity, product(title, currency=opportunity.currency))
    with transaction():
        return buy_links.make(opportunity, by=by, **terms)


def no_undo() -> None:
    """Let nothing wait for being undone."""
    with transaction():
        installation.kept().undo_seconds = 0


def loss_reasons(pipeline: Pipeline, *texts: str, required: bool = True) -> list[Reason]:
    return _reasons(pipeline, Outcome.LOST, texts, required)


def win_reasons(pipeline: Pipeline, *texts: str, required: bool = True) -> list[Reason]:
    return _reasons(pipeline, Outcome.WON, texts, required)


def required_item(stage: Stage, text: str = "Budget confirmed") -> ChecklistItem:
    with transaction():
        item = ChecklistItem(stage=stage, text=text, is_required=True)
        db.session.add(item)
    return item


def _reasons(pipeline: Pipeline, outcome: Outcome, texts: tuple[str, ...], required: bool) -> list[Reason]:
    with transaction():
        if outcome is Outcome.WON:
            pipeline.requires_win_reason = required
        else:
            pipeline.requires_loss_reason = required
        reasons = [
            Reason(pipeline=pipeline, outcome=outcome, text=text, position=position)
            for position, text in enumerate(texts)
        ]
        db.session.add_all(reasons)
    return reasons
