"""The orders that a list of opportunities can have: the allow-list of what a URL may sort by."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, case
from sqlalchemy.orm import aliased

from pipeline.folding import folded
from pipeline.models.contact import Contact
from pipeline.models.opportunity import LeadSource, Opportunity, Status
from pipeline.models.pipeline import Pipeline, Stage
from pipeline.models.user import User
from pipeline.queries.sorting import Sort

Company = aliased(Contact, name="company")


class By(StrEnum):
    TITLE = "title"
    CONTACT = "contact"
    COMPANY = "company"
    STAGE = "stage"
    STATUS = "status"
    OWNER = "owner"
    VALUE = "value"
    CLOSE = "close"
    NEXT = "next"
    DAYS = "days"
    CREATED = "created"
    CLOSED = "closed"
    SOURCE = "source"


NEWEST = Sort(By.CREATED, descending=True)

CONTACT = (Contact, Opportunity.contact_id == Contact.id)
JOINS: dict[By, tuple[tuple[Any, ColumnElement[bool]], ...]] = {
    By.CONTACT: (CONTACT,),
    By.COMPANY: (CONTACT, (Company, Contact.company_id == Company.id)),
    By.STAGE: ((Stage, Opportunity.stage_id == Stage.id), (Pipeline, Stage.pipeline_id == Pipeline.id)),
    By.OWNER: ((User, Opportunity.owner_id == User.id),),
    By.SOURCE: ((LeadSource, Opportunity.source_id == LeadSource.id),),
}

COLUMNS: dict[By, tuple[SQLColumnExpression[Any], ...]] = {
    By.TITLE: (folded(Opportunity.title),),
    By.CONTACT: (folded(Contact.name),),
    By.COMPANY: (folded(case((Contact.is_company, Contact.name), else_=Company.name)),),
    By.STAGE: (Pipeline.position, Stage.position),
    By.STATUS: (case({status: place for place, status in enumerate(Status)}, value=Opportunity.status),),
    By.OWNER: (folded(User.name),),
    By.VALUE: (Opportunity.value,),
    By.CLOSE: (Opportunity.expected_close,),
    By.NEXT: (Opportunity.next_action_on,),
    By.DAYS: (Opportunity.entered_stage_at,),
    By.CREATED: (Opportunity.created_at,),
    By.CLOSED: (Opportunity.closed_at,),
    By.SOURCE: (folded(LeadSource.name),),
}


def ordered(ids: Select[Any], sort: Sort[By]) -> Select[Any]:
    """The query of ids in the order asked for; equals stand in the order they were made, turned with the rest."""
    way = direction(sort)
    then = Opportunity.id.desc() if way.descending else Opportunity.id.asc()
    return joined(ids, sort.by).order_by(*(way.ordering(column) for column in COLUMNS[sort.by]), then)


def joined(query: Select[Any], by: By) -> Select[Any]:
    """The query, with the tables that this order looks at."""
    for join in JOINS.get(by, ()):
        query = query.outerjoin(*join)
    return query


def direction(sort: Sort[By]) -> Sort[By]:
    """The way the columns go: the longest stay began the earliest."""
    return Sort(sort.by, not sort.descending) if sort.by is By.DAYS else sort
