"""The facts: tables, their relations, and questions they answer about themselves."""

from pipeline.models import (
    activity,
    automation,
    bulk_run,
    contact,
    event,
    importing,
    installation,
    mail,
    notification,
    opportunity,
    outbox,
    pipeline,
    stage_sum,
    submission,
    undo,
    user,
)

__all__ = [
    "activity",
    "automation",
    "bulk_run",
    "contact",
    "event",
    "importing",
    "installation",
    "mail",
    "notification",
    "opportunity",
    "outbox",
    "pipeline",
    "stage_sum",
    "submission",
    "undo",
    "user",
]
