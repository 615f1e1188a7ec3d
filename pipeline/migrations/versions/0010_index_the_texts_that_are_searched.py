"""Index the texts that are searched: `pipeline.kept` makes and fills their tables, here and in later versions."""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nothing by itself: what the database keeps is made after the last migration."""


def downgrade() -> None:
    """Nothing either."""
