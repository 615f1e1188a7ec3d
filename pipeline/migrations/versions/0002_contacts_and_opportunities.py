"""Lay down contacts, opportunities and all that hangs on them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "contacts",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("is_company", sa.Boolean(), nullable=False),
        sa.Column("company_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("phone_digits", sa.String(length=40), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["company_id"], ["contacts.id"], name=op.f("fk_contacts_company_id_contacts")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_contacts_owner_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )

    with op.batch_alter_table("contacts") as batch_op:
        batch_op.create_index(batch_op.f("ix_contacts_company_id"), ["company_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contacts_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_contacts_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_contacts_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contacts_phone_digits"), ["phone_digits"], unique=False)

    op.create_table(
        "contact_tags",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_contact_tags_contact_id_contacts")),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_contact_tags_tag_id_tags")),
        sa.PrimaryKeyConstraint("contact_id", "tag_id", name=op.f("pk_contact_tags")),
    )

    with op.batch_alter_table("contact_tags") as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_tags_tag_id"), ["tag_id"], unique=False)

    op.create_table(
        "opportunities",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("pipeline_id", sa.Integer(), nullable=False),
        sa.Column("stage_id", sa.Integer(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open", "won", "lost", "abandoned", name="status", native_enum=False, create_constraint=True, length=30
            ),
            nullable=False,
        ),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("typed_value", sa.BigInteger(), nullable=False),
        sa.Column("low", sa.BigInteger(), nullable=True),
        sa.Column("high", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.Column("probability_override", sa.Integer(), nullable=True),
        sa.Column("is_committed", sa.Boolean(), nullable=False),
        sa.Column("expected_close", sa.Date(), nullable=True),
        sa.Column("next_action", sa.String(length=200), nullable=True),
        sa.Column("next_action_on", sa.Date(), nullable=True),
        sa.Column("next_action_at", sa.Time(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("reason_id", sa.Integer(), nullable=True),
        sa.Column("reason_note", sa.Text(), nullable=False),
        sa.Column(
            "rank", sa.String(length=80, collation="C").with_variant(sa.String(length=80), "sqlite"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("system", sa.String(length=40), nullable=True),
        sa.Column("external_id", sa.String(length=120), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_stage_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("low IS NULL OR high IS NULL OR low <= high", name=op.f("ck_opportunities_low_high")),
        sa.CheckConstraint(
            "probability_override BETWEEN 0 AND 100", name=op.f("ck_opportunities_probability_override")
        ),
        sa.CheckConstraint("value >= 0", name=op.f("ck_opportunities_value")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_opportunities_contact_id_contacts")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_opportunities_owner_id_users")),
        sa.ForeignKeyConstraint(["pipeline_id"], ["pipelines.id"], name=op.f("fk_opportunities_pipeline_id_pipelines")),
        sa.ForeignKeyConstraint(["reason_id"], ["reasons.id"], name=op.f("fk_opportunities_reason_id_reasons")),
        sa.ForeignKeyConstraint(
            ["source_id"], ["lead_sources.id"], name=op.f("fk_opportunities_source_id_lead_sources")
        ),
        sa.ForeignKeyConstraint(["stage_id"], ["stages.id"], name=op.f("fk_opportunities_stage_id_stages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opportunities")),
        sa.UniqueConstraint("system", "external_id", name=op.f("uq_opportunities_system_external_id")),
    )

    with op.batch_alter_table("opportunities") as batch_op:
        batch_op.create_index(
            "ix_opportunities_board", ["stage_id", "status", "deleted_at", "rank", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_opportunities_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index("ix_opportunities_mine", ["owner_id", "status", "deleted_at"], unique=False)
        batch_op.create_index("ix_opportunities_newest", ["created_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opportunities_pipeline_id"), ["pipeline_id"], unique=False)
        batch_op.create_index("ix_opportunities_place", ["stage_id", "rank"], unique=False)
        batch_op.create_index(batch_op.f("ix_opportunities_reason_id"), ["reason_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_opportunities_source_id"), ["source_id"], unique=False)
        batch_op.create_index(
            "ix_opportunities_sums",
            [
                "stage_id",
                "status",
                "deleted_at",
                "currency",
                "value",
                "probability_override",
                "owner_id",
                "pipeline_id",
            ],
            unique=False,
        )

    op.create_table(
        "checklist_ticks",
        sa.Column("opportunity_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("ticked_by_id", sa.Integer(), nullable=True),
        sa.Column("ticked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["checklist_items.id"], name=op.f("fk_checklist_ticks_item_id_checklist_items")
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["opportunities.id"], name=op.f("fk_checklist_ticks_opportunity_id_opportunities")
        ),
        sa.ForeignKeyConstraint(["ticked_by_id"], ["users.id"], name=op.f("fk_checklist_ticks_ticked_by_id_users")),
        sa.PrimaryKeyConstraint("opportunity_id", "item_id", name=op.f("pk_checklist_ticks")),
    )

    with op.batch_alter_table("checklist_ticks") as batch_op:
        batch_op.create_index(batch_op.f("ix_checklist_ticks_item_id"), ["item_id"], unique=False)

    op.create_table(
        "opportunity_products",
        sa.Column("opportunity_id", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["opportunities.id"], name=op.f("fk_opportunity_products_opportunity_id_opportunities")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name=op.f("fk_opportunity_products_product_id_products")
        ),
        sa.PrimaryKeyConstraint("opportunity_id", "product_id", name=op.f("pk_opportunity_products")),
    )

    with op.batch_alter_table("opportunity_products") as batch_op:
        batch_op.create_index(batch_op.f("ix_opportunity_products_product_id"), ["product_id"], unique=False)

    op.create_table(
        "opportunity_tags",
        sa.Column("opportunity_id", sa.Integer(), nullable=False),
        sa.Column("tag_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["opportunities.id"], name=op.f("fk_opportunity_tags_opportunity_id_opportunities")
        ),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name=op.f("fk_opportunity_tags_tag_id_tags")),
        sa.PrimaryKeyConstraint("opportunity_id", "tag_id", name=op.f("pk_opportunity_tags")),
    )

    with op.batch_alter_table("opportunity_tags") as batch_op:
        batch_op.create_index(batch_op.f("ix_opportunity_tags_tag_id"), ["tag_id"], unique=False)

    op.create_table(
        "shares",
        sa.Column("opportunity_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum("read", "write", name="sharelevel", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["opportunities.id"], name=op.f("fk_shares_opportunity_id_opportunities")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_shares_user_id_users")),
        sa.PrimaryKeyConstraint("opportunity_id", "user_id", name=op.f("pk_shares")),
    )

    with op.batch_alter_table("shares") as batch_op:
        batch_op.create_index(batch_op.f("ix_shares_user_id"), ["user_id"], unique=False)

    op.create_table(
        "stage_moves",
        sa.Column("opportunity_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=False),
        sa.Column("source_name", sa.String(length=60), nullable=True),
        sa.Column("target_name", sa.String(length=60), nullable=False),
        sa.Column("mover_id", sa.Integer(), nullable=True),
        sa.Column("via", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mover_id"], ["users.id"], name=op.f("fk_stage_moves_mover_id_users")),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["opportunities.id"], name=op.f("fk_stage_moves_opportunity_id_opportunities")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["stages.id"], name=op.f("fk_stage_moves_source_id_stages")),
        sa.ForeignKeyConstraint(["target_id"], ["stages.id"], name=op.f("fk_stage_moves_target_id_stages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_moves")),
    )

    with op.batch_alter_table("stage_moves") as batch_op:
        batch_op.create_index(batch_op.f("ix_stage_moves_opportunity_id"), ["opportunity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stage_moves_target_id"), ["target_id"], unique=False)


def downgrade() -> None:
    op.drop_table("stage_moves")
    op.drop_table("shares")
    op.drop_table("opportunity_tags")
    op.drop_table("opportunity_products")
    op.drop_table("checklist_ticks")
    op.drop_table("opportunities")
    op.drop_table("contact_tags")
    op.drop_table("contacts")
