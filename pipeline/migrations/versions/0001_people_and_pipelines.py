"""Lay down people, groups, pipelines, stages and reasons."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "groups",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "administrators",
                "sales_reps",
                "team",
                "other",
                name="groupkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
        sa.UniqueConstraint("name", name=op.f("uq_groups_name")),
    )

    with op.batch_alter_table("groups") as batch_op:
        batch_op.create_index(
            "uq_groups_meaning",
            ["kind"],
            unique=True,
            sqlite_where=sa.text("kind IN ('administrators', 'sales_reps')"),
            postgresql_where=sa.text("kind IN ('administrators', 'sales_reps')"),
        )

    op.create_table(
        "heartbeats",
        sa.Column("process", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process", name=op.f("pk_heartbeats")),
    )

    with op.batch_alter_table("heartbeats") as batch_op:
        batch_op.create_index(batch_op.f("ix_heartbeats_role"), ["role"], unique=False)

    op.create_table(
        "installation",
        sa.Column("company_name", sa.String(length=120), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("clock_offset", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )

    op.create_table(
        "lead_sources",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lead_sources")),
        sa.UniqueConstraint("name", name=op.f("uq_lead_sources_name")),
    )

    op.create_table(
        "pipelines",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("requires_win_reason", sa.Boolean(), nullable=False),
        sa.Column("requires_loss_reason", sa.Boolean(), nullable=False),
        sa.Column("default_stage_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["default_stage_id"], ["stages.id"], name=op.f("fk_pipelines_default_stage_id_stages"), use_alter=True
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipelines")),
        sa.UniqueConstraint("name", name=op.f("uq_pipelines_name")),
    )

    with op.batch_alter_table("pipelines") as batch_op:
        batch_op.create_index(
            "uq_pipelines_default",
            ["is_default"],
            unique=True,
            sqlite_where=sa.text("is_default"),
            postgresql_where=sa.text("is_default"),
        )

    op.create_table(
        "products",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("name", name=op.f("uq_products_name")),
    )

    op.create_table(
        "submissions",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_submissions")),
    )

    with op.batch_alter_table("submissions") as batch_op:
        batch_op.create_index(batch_op.f("ix_submissions_sent_at"), ["sent_at"], unique=False)

    op.create_table(
        "tags",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "colour",
            sa.Enum(
                "slate",
                "blue",
                "teal",
                "green",
                "amber",
                "orange",
                "red",
                "violet",
                name="colour",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tags")),
        sa.UniqueConstraint("name", name=op.f("uq_tags_name")),
    )

    op.create_table(
        "users",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("locale", sa.String(length=16), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("may_view_all", sa.Boolean(), nullable=False),
        sa.Column("may_edit_all", sa.Boolean(), nullable=False),
        sa.Column("may_add", sa.Boolean(), nullable=False),
        sa.Column("may_search", sa.Boolean(), nullable=False),
        sa.Column("may_delete", sa.Boolean(), nullable=False),
        sa.Column("may_edit_closed", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )

    op.create_table(
        "memberships",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("is_manager", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_memberships_group_id_groups")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_memberships_user_id_users")),
        sa.PrimaryKeyConstraint("group_id", "user_id", name=op.f("pk_memberships")),
    )

    with op.batch_alter_table("memberships") as batch_op:
        batch_op.create_index(batch_op.f("ix_memberships_user_id"), ["user_id"], unique=False)

    op.create_table(
        "reasons",
        sa.Column("pipeline_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("won", "lost", name="outcome", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("text", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pipeline_id"], ["pipelines.id"], name=op.f("fk_reasons_pipeline_id_pipelines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reasons")),
    )

    with op.batch_alter_table("reasons") as batch_op:
        batch_op.create_index(batch_op.f("ix_reasons_pipeline_id"), ["pipeline_id"], unique=False)

    op.create_table(
        "stages",
        sa.Column("pipeline_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "working",
                "parked",
                "won",
                "lost",
                name="stagekind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("probability", sa.Integer(), nullable=False),
        sa.Column("target_days", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column(
            "colour",
            sa.Enum(
                "slate",
                "blue",
                "teal",
                "green",
                "amber",
                "orange",
                "red",
                "violet",
                name="colour",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("probability BETWEEN 0 AND 100", name=op.f("ck_stages_probability")),
        sa.CheckConstraint("target_days >= 0", name=op.f("ck_stages_target_days")),
        sa.ForeignKeyConstraint(["pipeline_id"], ["pipelines.id"], name=op.f("fk_stages_pipeline_id_pipelines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stages")),
    )

    with op.batch_alter_table("stages") as batch_op:
        batch_op.create_index(batch_op.f("ix_stages_pipeline_id"), ["pipeline_id"], unique=False)
        batch_op.create_index(
            "uq_stages_closing_kind",
            ["pipeline_id", "kind"],
            unique=True,
            sqlite_where=sa.text("kind IN ('won', 'lost') AND retired_at IS NULL"),
            postgresql_where=sa.text("kind IN ('won', 'lost') AND retired_at IS NULL"),
        )
        batch_op.create_index(
            "uq_stages_live_name",
            ["pipeline_id", "name"],
            unique=True,
            sqlite_where=sa.text("retired_at IS NULL"),
            postgresql_where=sa.text("retired_at IS NULL"),
        )

    op.create_table(
        "checklist_items",
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["stage_id"], ["stages.id"], name=op.f("fk_checklist_items_stage_id_stages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_items")),
    )

    with op.batch_alter_table("checklist_items") as batch_op:
        batch_op.create_index(batch_op.f("ix_checklist_items_stage_id"), ["stage_id"], unique=False)
    if op.get_bind().dialect.name == "postgresql":  # the two tables name each other; SQLite takes that at once
        op.create_foreign_key(
            "fk_pipelines_default_stage_id_stages", "pipelines", "stages", ["default_stage_id"], ["id"]
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_pipelines_default_stage_id_stages", "pipelines")
    op.drop_table("checklist_items")
    op.drop_table("stages")
    op.drop_table("reasons")
    op.drop_table("memberships")
    op.drop_table("users")
    op.drop_table("tags")
    op.drop_table("submissions")
    op.drop_table("products")
    op.drop_table("pipelines")
    op.drop_table("lead_sources")
    op.drop_table("installation")
    op.drop_table("heartbeats")
    op.drop_table("groups")
