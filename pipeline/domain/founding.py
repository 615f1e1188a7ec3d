"""The first hour of an installation: its first administrator, its two groups, its first pipeline."""

from sqlalchemy import select

from pipeline.domain import events, installation, money, people, pipelines
from pipeline.domain.people import Newcomer
from pipeline.domain.people_facts import CompanyFounded
from pipeline.domain.rules import NotVisible, RuleBroken
from pipeline.extensions import db
from pipeline.models.user import Group, GroupKind, User

LONGEST = 120


def found(company: str, first: Newcomer, password: str, *, currency: str, template: str = "direct") -> User:
    """Make the first administrator, who may sell too, and the pipeline to begin with. Only while there is none."""
    if people.there_is_an_administrator():
        raise NotVisible("page")
    if not company.strip() or len(company) > LONGEST:
        raise RuleBroken(f"The company needs a name of at most {LONGEST} letters.")
    if not money.is_currency(currency):
        raise RuleBroken(f"“{currency}” is not a currency; use a code like USD or EUR.")
    here = installation.kept()
    here.company_name, here.currency = company.strip(), currency
    groups = [meaningful(GroupKind.ADMINISTRATORS), meaningful(GroupKind.SALES_REPS)]
    person = people.invite(first, groups=groups, by=None)
    people.set_password(person, password, by=None)
    pipelines.create("Sales", currency=currency, template=template, by=None)
    fact = CompanyFounded(company=here.company_name, administrator=person.name)
    events.record(fact, about=here, by=person)
    return person


def meaningful(kind: GroupKind) -> Group:
    """The group of administrators or of sales reps; made when there is none."""
    names = {GroupKind.ADMINISTRATORS: "Administrators", GroupKind.SALES_REPS: "Sales reps"}
    found = db.session.scalar(select(Group).where(Group.kind == kind))
    if found is None:
        found = Group(name=names[kind], kind=kind)
        db.session.add(found)
        db.session.flush()
    return found
