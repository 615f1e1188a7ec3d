"""Keep the sums of each stage, and sort boards by index."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

SUMMED = ["stage_id", "status", "deleted_at", "currency", "value", "probability_override", "owner_id", "pipeline_id"]
BOARD = {
    "ix_opportunities_board": ["stage_id", "status", "rank", "id"],
    "ix_opportunities_board_by_age": ["stage_id", "status", "entered_stage_at", "id"],
    "ix_opportunities_board_by_next_action": ["stage_id", "status", "next_action_on", "id"],
    "ix_opportunities_board_by_value": ["stage_id", "status", "value", "id"],
    "ix_opportunities_board_of_owner": ["owner_id", "stage_id", "status", "rank", "id"],
}
THERE = sa.text("deleted_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "stage_sums",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "won",
                "lost",
                "abandoned",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("weighted", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_sums")),
    )
    op.create_index("ix_stage_sums_key", "stage_sums", ["stage_id", "owner_id", "status", "currency"])
    op.drop_index("ix_opportunities_sums", "opportunities")
    op.drop_index("ix_opportunities_board", "opportunities")
    for name, columns in BOARD.items():
        op.create_index(name, "opportunities", columns, sqlite_where=THERE, postgresql_where=THERE)


def downgrade() -> None:
    for name in BOARD:
        op.drop_index(name, "opportunities")
    op.create_index("ix_opportunities_board", "opportunities", ["stage_id", "status", "deleted_at", "rank", "id"])
    op.create_index("ix_opportunities_sums", "opportunities", SUMMED)
    op.drop_table("stage_sums")
