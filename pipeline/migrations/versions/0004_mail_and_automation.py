"""Lay down mail, and automations with their runs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "mail_templates",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_templates")),
        sa.UniqueConstraint("name", name=op.f("uq_mail_templates_name")),
    )

    op.create_table(
        "automations",
        sa.Column("pipeline_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "trigger",
            sa.Enum("stage_move", name="triggerkind", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("target_id", sa.Integer(), nullable=True),
        sa.Column("only_by_person", sa.Boolean(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pipeline_id"], ["pipelines.id"], name=op.f("fk_automations_pipeline_id_pipelines")),
        sa.ForeignKeyConstraint(["source_id"], ["stages.id"], name=op.f("fk_automations_source_id_stages")),
        sa.ForeignKeyConstraint(["target_id"], ["stages.id"], name=op.f("fk_automations_target_id_stages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_automations")),
    )

    with op.batch_alter_table("automations") as batch_op:
        batch_op.create_index(batch_op.f("ix_automations_pipeline_id"), ["pipeline_id"], unique=False)

    op.create_table(
        "automation_actions",
        sa.Column("automation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "create_task",
                "send_mail",
                "apply_tag",
                "remove_tag",
                "notify_owner",
                name="actionkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("delay", sa.Integer(), nullable=False),
        sa.Column(
            "delay_unit",
            sa.Enum("minutes", "hours", "days", name="delayunit", native_enum=False, create_constraint=True, length=30),
            nullable=False,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.CheckConstraint("delay >= 0", name=op.f("ck_automation_actions_delay")),
        sa.ForeignKeyConstraint(
            ["automation_id"], ["automations.id"], name=op.f("fk_automation_actions_automation_id_automations")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_automation_actions")),
    )

    with op.batch_alter_table("automation_actions") as batch_op:
        batch_op.create_index(batch_op.f("ix_automation_actions_automation_id"), ["automation_id"], unique=False)

    op.create_table(
        "mails",
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("to_name", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.String(length=254), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "claimed",
                "sent",
                "suppressed",
                "held",
                "failed",
                "unknown",
                "cancelled",
                name="mailstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column(
            "carrier",
            sa.Enum("smtp", "mailbox", name="carrier", native_enum=False, create_constraint=True, length=30),
            nullable=True,
        ),
        sa.Column("message_id", sa.String(length=255), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.Column("opportunity_id", sa.Integer(), nullable=True),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("template_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_mails_contact_id_contacts")),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["opportunities.id"], name=op.f("fk_mails_opportunity_id_opportunities")
        ),
        sa.ForeignKeyConstraint(
            ["template_id"], ["mail_templates.id"], name=op.f("fk_mails_template_id_mail_templates")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mails")),
        sa.UniqueConstraint("purpose", name=op.f("uq_mails_purpose")),
    )

    with op.batch_alter_table("mails") as batch_op:
        batch_op.create_index(batch_op.f("ix_mails_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mails_opportunity_id"), ["opportunity_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mails_to_address"), ["to_address"], unique=False)

    op.create_table(
        "automation_runs",
        sa.Column("automation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("opportunity_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["automation_id"], ["automations.id"], name=op.f("fk_automation_runs_automation_id_automations")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_automation_runs_event_id_events")),
        sa.ForeignKeyConstraint(
            ["opportunity_id"], ["opportunities.id"], name=op.f("fk_automation_runs_opportunity_id_opportunities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_automation_runs")),
        sa.UniqueConstraint("automation_id", "event_id", name=op.f("uq_automation_runs_automation_id_event_id")),
    )

    with op.batch_alter_table("automation_runs") as batch_op:
        batch_op.create_index(batch_op.f("ix_automation_runs_opportunity_id"), ["opportunity_id"], unique=False)

    op.create_table(
        "automation_steps",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "create_task",
                "send_mail",
                "apply_tag",
                "remove_tag",
                "notify_owner",
                name="actionkind",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("description", sa.String(length=300), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "begun",
                "done",
                "suppressed",
                "skipped",
                "cancelled",
                "failed",
                "unknown",
                "held",
                name="stepstate",
                native_enum=False,
                create_constraint=True,
                length=30,
            ),
            nullable=False,
        ),
        sa.Column("receipt", sa.Text(), nullable=True),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("mail_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["mail_id"], ["mails.id"], name=op.f("fk_automation_steps_mail_id_mails")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["outbox.id"], name=op.f("fk_automation_steps_message_id_outbox"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["automation_runs.id"], name=op.f("fk_automation_steps_run_id_automation_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_automation_steps")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_automation_steps_run_id_position")),
    )

    with op.batch_alter_table("automation_steps") as batch_op:
        batch_op.create_index(batch_op.f("ix_automation_steps_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_automation_steps_message_id"), ["message_id"], unique=False)
        batch_op.create_index("ix_automation_steps_state", ["state", "due_at"], unique=False)


def downgrade() -> None:
    op.drop_table("automation_steps")
    op.drop_table("automation_runs")
    op.drop_table("mails")
    op.drop_table("automation_actions")
    op.drop_table("automations")
    op.drop_table("mail_templates")
