"""What an import can know about an opportunity, and what other systems call it."""

from enum import StrEnum


class Field(StrEnum):
    EXTERNAL_ID = "external_id"
    TITLE = "title"
    CONTACT = "contact"
    COMPANY = "company"
    EMAIL = "email"
    PHONE = "phone"
    OWNER = "owner"
    PIPELINE = "pipeline"
    STAGE = "stage"
    STATUS = "status"
    VALUE = "value"
    LOW = "low"
    HIGH = "high"
    EXPECTED_CLOSE = "expected_close"
    CREATED = "created"
    CLOSED = "closed"
    SOURCE = "source"
    PRODUCT = "product"
    TAGS = "tags"
    REASON = "reason"
    NEXT_ACTION = "next_action"
    NEXT_ACTION_AT = "next_action_at"
    NOTES = "notes"


DATES = (Field.EXPECTED_CLOSE, Field.CREATED, Field.CLOSED, Field.NEXT_ACTION_AT)
AMOUNTS = (Field.VALUE, Field.LOW, Field.HIGH)

LONGEST = {
    Field.EXTERNAL_ID: 120,
    Field.TITLE: 200,
    Field.CONTACT: 120,
    Field.COMPANY: 120,
    Field.EMAIL: 254,
    Field.PHONE: 40,
    Field.OWNER: 120,
    Field.PIPELINE: 60,
    Field.STAGE: 60,
    Field.SOURCE: 60,
    Field.REASON: 120,
    Field.NEXT_ACTION: 200,
    Field.NOTES: 20_000,
}
"""How many letters fit. Tags and products are lists in one cell and are measured one by one."""

LABELS = {
    Field.EXTERNAL_ID: "External id",
    Field.TITLE: "Title",
    Field.CONTACT: "Contact (person)",
    Field.COMPANY: "Company",
    Field.EMAIL: "E-mail",
    Field.PHONE: "Phone",
    Field.OWNER: "Owner",
    Field.PIPELINE: "Pipeline",
    Field.STAGE: "Stage",
    Field.STATUS: "Status",
    Field.VALUE: "Value",
    Field.LOW: "Projected revenue, low",
    Field.HIGH: "Projected revenue, high",
    Field.EXPECTED_CLOSE: "Expected close",
    Field.CREATED: "Created on",
    Field.CLOSED: "Closed on",
    Field.SOURCE: "Lead source",
    Field.PRODUCT: "Product",
    Field.TAGS: "Tags",
    Field.REASON: "Win or loss reason",
    Field.NEXT_ACTION: "Next action",
    Field.NEXT_ACTION_AT: "Next action on",
    Field.NOTES: "Notes",
}

SYNONYMS: dict[Field, str] = {
    Field.EXTERNAL_ID: "id, opportunity id, deal id, record id, lead id, external id, opportunityid",
    Field.TITLE: "title, name, opportunity title, opportunity name, deal name, deal, opportunity, subject, deal title",
    Field.CONTACT: "contact, contact name, person, full name, contact person, customer, primary contact",
    Field.COMPANY: "company, account, account name, company name, organisation, organization, business name, client",
    Field.EMAIL: "email, e-mail, email address, contact email, mail, person email",
    Field.PHONE: "phone, telephone, phone number, contact phone, mobile, person phone, tel",
    Field.OWNER: "owner, user id, userid, assigned to, assignedto, assigned, sales agent, sales rep, rep, deal owner, "
    "opportunity owner, salesperson, agent",
    Field.PIPELINE: "pipeline, pipeline name, pipeline id, pipelineid, sales pipeline",
    Field.STAGE: "stage, stage id, stageid, stage name, pipeline stage, pipelinestageid, pipeline stage id, "
    "deal stage, sales stage",
    Field.STATUS: "status, deal status, opportunity status",
    Field.VALUE: "value, amount, monetary value, monetaryvalue, deal value, close value, lead value, "
    "opportunity value, price, revenue",
    Field.LOW: "low, projected revenue low, projectedrevenuelow, low value",
    Field.HIGH: "high, projected revenue high, projectedrevenuehigh, high value",
    Field.EXPECTED_CLOSE: "expected close, expected close date, estimated close time, estimatedclosetime, estimated "
    "close date, estimatedclosedate, forecast expected close date, forecastexpectedclosedate, forecast close date",
    Field.CREATED: "created, created at, created on, create date, created date, date created, createdat, datecreated, "
    "engage date, date added, added on",
    Field.CLOSED: "closed, closed at, closed on, close date, closed date, date closed, close time, won lost date",
    Field.SOURCE: "source, lead source, leadsource, original source",
    Field.PRODUCT: "product, products, product name, item, products of interest",
    Field.TAGS: "tags, tag, labels, label",
    Field.REASON: "reason, stage reasons, objection, lost reason, loss reason, lostreasonid, lost reason id, "
    "lost reason name, win reason, closed lost reason",
    Field.NEXT_ACTION: "next action, next action notes, nextactionnotes, next step, next action note",
    Field.NEXT_ACTION_AT: "next action at, next action time, next action date, nextactiondate, next action on, "
    "next step date",
    Field.NOTES: "notes, note, description, comments, comment, opportunity notes, opportunitynotes",
}
"""Header names that speak for themselves, those of Keap (REST and XML-RPC) and HighLevel among them.

Compared by letters and digits alone, so that “Deal Stage”, “deal_stage” and “DealStage” are one.
"""
