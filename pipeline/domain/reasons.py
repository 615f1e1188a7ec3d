"""Why deals are won or lost: a list of each for every pipeline. A reason is archived, never deleted."""

from pipeline import clock
from pipeline.domain import changes, events, ordering
from pipeline.domain.facts import Change, SettingChanged
from pipeline.domain.pipelines import refuse_unless_changeable
from pipeline.domain.rules import RuleBroken
from pipeline.domain.setup_facts import ReasonAdded, ReasonArchived, ReasonRestored
from pipeline.extensions import db
from pipeline.models.pipeline import Outcome, Pipeline, Reason
from pipeline.models.user import User

LONGEST = 120
WORDS = {Outcome.WON: "win", Outcome.LOST: "loss"}


def add(pipeline: Pipeline, outcome: Outcome, text: str, *, by: User | None) -> Reason:
    """A new last reason. One that was archived under this text comes back instead; one in use is refused."""
    refuse_unless_changeable(pipeline, by=by)
    text = _free_text(pipeline, outcome, text)
    for reason in pipeline.all_reasons:
        if reason.outcome is outcome and reason.text.casefold() == text.casefold():
            restore(reason, by=by)
            return reason
    reason = Reason(outcome=outcome, text=text, position=len(pipeline.reasons(outcome)))
    pipeline.all_reasons.append(reason)
    db.session.flush()
    events.record(ReasonAdded(reason_id=reason.id, text=text, outcome=WORDS[outcome]), about=reason, by=by)
    return reason


def rename(reason: Reason, text: str, *, by: User | None) -> None:
    """Reword it everywhere: the opportunities that carry it show the new words, their history keeps the old."""
    _take(reason, by=by)
    text = _free_text(reason.pipeline, reason.outcome, text, but=reason)
    if made := changes.between(reason, {"text": text}):
        events.record(SettingChanged(what=_named(reason), changes=made), about=reason, by=by)
    reason.text = text


def place(reason: Reason, position: int, *, by: User | None) -> None:
    """Put it at a place in its list, counted from 0; beyond the last is last."""
    _take(reason, by=by)
    peers = reason.pipeline.reasons(reason.outcome)
    before = peers.index(reason)
    if ordering.put(reason, position, among=peers).index(reason) == before:
        return
    made = [Change(field="place", before=str(before + 1), after=str(reason.position + 1))]
    events.record(SettingChanged(what=_named(reason), changes=made), about=reason, by=by)


def archive(reason: Reason, *, by: User | None) -> None:
    """Offer it no longer; what carries it keeps it. Refuses the last one while a reason is required."""
    _take(reason, by=by)
    pipeline, outcome = reason.pipeline, reason.outcome
    if pipeline.requires_reason(outcome) and pipeline.reasons(outcome) == [reason]:
        raise RuleBroken(
            f"“{reason.text}” is the last {WORDS[outcome]} reason and {pipeline.name} requires one. "
            "Add another, or stop requiring a reason, first."
        )
    reason.archived_at = clock.now()
    ordering.close_ranks(pipeline.reasons(outcome))
    events.record(ReasonArchived(reason_id=reason.id, text=reason.text, outcome=WORDS[outcome]), about=reason, by=by)


def restore(reason: Reason, *, by: User | None) -> None:
    """Offer an archived reason again, as the last one. Refuses when its text was taken meanwhile."""
    refuse_unless_changeable(reason.pipeline, by=by)
    if reason.archived_at is None:
        return
    pipeline, outcome = reason.pipeline, reason.outcome
    _free_text(pipeline, outcome, reason.text, but=reason)
    reason.position = len(pipeline.reasons(outcome))
    reason.archived_at = None
    events.record(ReasonRestored(reason_id=reason.id, text=reason.text, outcome=WORDS[outcome]), about=reason, by=by)


def _take(reason: Reason, *, by: User | None) -> None:
    refuse_unless_changeable(reason.pipeline, by=by)
    if reason.archived_at is not None:
        raise RuleBroken(f"“{reason.text}” is archived; restore it first.")


def _free_text(pipeline: Pipeline, outcome: Outcome, text: str, *, but: Reason | None = None) -> str:
    text = ordering.tidy(text, what="A reason", longest=LONGEST)
    others = [reason.text for reason in pipeline.reasons(outcome) if reason is not but]
    ordering.refuse_taken(text, others, where=f"among the {WORDS[outcome]} reasons")
    return text


def _named(reason: Reason) -> str:
    return f"the {WORDS[reason.outcome]} reason “{reason.text}”"
