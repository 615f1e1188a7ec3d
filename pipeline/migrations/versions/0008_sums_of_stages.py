"""Keep the sums of each stage, and sort boards by index."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

IN_COLUMN = ["stage_id", "status", "deleted_at"]
SUMMED = [*IN_COLUMN, "currency", "value", "probability_override", "owner_id", "pipeline_id"]
SORTS = {"age": "entered_stage_at", "next_action": "next_action_on", "value": "value"}


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
    for name, column in SORTS.items():
        op.create_index(f"ix_opportunities_board_by_{name}", "opportunities", [*IN_COLUMN, column, "id"])
    op.create_index("ix_opportunities_board_of_owner", "opportunities", ["owner_id", *IN_COLUMN, "rank", "id"])


def downgrade() -> None:
    op.drop_index("ix_opportunities_board_of_owner", "opportunities")
    for name in SORTS:
        op.drop_index(f"ix_opportunities_board_by_{name}", "opportunities")
    op.create_index("ix_opportunities_sums", "opportunities", SUMMED)
    op.drop_table("stage_sums")
