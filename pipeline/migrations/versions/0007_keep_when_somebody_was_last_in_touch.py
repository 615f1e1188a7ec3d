"""Keep when somebody was last in touch, what is planned, when to wake up, and how cards are laid out."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

LONG_AGO = "1970-01-01 00:00:00"
CLOCK = ["owner_id", "status", "deleted_at", "last_contact_at", "id", "planned_until", "wake_on", "stage_id"]

LAST_CONTACT = """
UPDATE opportunities SET last_contact_at = coalesce(
    (SELECT max(events.happened_at) FROM events
     WHERE events.opportunity_id = opportunities.id
       AND events.kind IN ('opportunity_moved', 'note_written', 'call_logged', 'activity_done')
       AND events.actor_id IS NOT NULL
       AND events.via IN ('screen', 'drag', 'menu', 'record', 'list', 'bulk')),
    opportunities.created_at)
"""

PLANNED_UNTIL = """
UPDATE opportunities SET planned_until = (
    SELECT max(planned.day) FROM (
        SELECT opportunities.next_action_on AS day
        UNION ALL
        SELECT max(activities.due_on) FROM activities
        WHERE activities.opportunity_id = opportunities.id
          AND activities.done_at IS NULL AND activities.deleted_at IS NULL) AS planned)
"""


def upgrade() -> None:
    op.add_column(
        "opportunities",
        sa.Column(
            "last_contact_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text(f"'{LONG_AGO}'")
        ),
    )
    for name in ("planned_until", "wake_on", "woke_on"):
        op.add_column("opportunities", sa.Column(name, sa.Date(), nullable=True))
    op.add_column("pipelines", sa.Column("rotting_days", sa.Integer(), nullable=False, server_default=sa.text("14")))
    op.add_column("users", sa.Column("card_layout", sa.JSON(), nullable=True))
    op.execute(LAST_CONTACT)
    op.execute(PLANNED_UNTIL)

    op.drop_index("ix_opportunities_mine", "opportunities")
    op.create_index("ix_opportunities_mine", "opportunities", CLOCK)
    _create_partial("ix_opportunities_next", ["owner_id", "next_action_on", "id"], "next_action_on IS NOT NULL")
    _create_partial("ix_opportunities_wake_on", ["wake_on"], "wake_on IS NOT NULL")
    _create_partial("ix_opportunities_woke", ["owner_id", "woke_on", "id"], "woke_on IS NOT NULL")


def downgrade() -> None:
    for name in ("ix_opportunities_woke", "ix_opportunities_wake_on", "ix_opportunities_next", "ix_opportunities_mine"):
        op.drop_index(name, "opportunities")
    op.create_index("ix_opportunities_mine", "opportunities", ["owner_id", "status", "deleted_at"])
    op.drop_column("users", "card_layout")
    op.drop_column("pipelines", "rotting_days")
    for name in ("woke_on", "wake_on", "planned_until", "last_contact_at"):
        op.drop_column("opportunities", name)


def _create_partial(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "opportunities", columns, sqlite_where=condition, postgresql_where=condition)
