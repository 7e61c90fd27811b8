"""Conversations with the bot, questions for a person, changes of the corpus, a role to answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BEFORE = ("inspector", "unit_head", "head", "legal_reviewer", "mediator", "clerk", "admin")
_ROLES = (
    "inspector",
    "unit_head",
    "head",
    "legal_reviewer",
    "mediator",
    "clerk",
    "answerer",
    "admin",
)


def upgrade() -> None:
    """Bring the schema up."""
    _allow(_ROLES)
    op.create_table(
        "corpus_pointer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corpus_pointer")),
    )
    op.create_table(
        "entry_revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.String(length=16), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("first_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry_revisions")),
        sa.UniqueConstraint(
            "entry_id", "revision", name=op.f("uq_entry_revisions_entry_id_revision")
        ),
    )
    op.create_table(
        "conversations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.Column("facts_at", sa.DateTime(), nullable=True),
        sa.Column("misses", sa.Integer(), nullable=False),
        sa.Column("restarted_after", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel IN ('app', 'account')", name=op.f("ck_conversations_channel_known")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["workers.id"], name=op.f("fk_conversations_worker_id_workers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_conversations_key_hash")),
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_conversations_last_at"), ["last_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_conversations_worker_id"), ["worker_id"], unique=False)

    op.create_table(
        "escalations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("question", sa.LargeBinary(), nullable=False),
        sa.Column("transcript", sa.LargeBinary(), nullable=False),
        sa.Column("is_crisis", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("goes_up_at", sa.DateTime(), nullable=True),
        sa.Column("offered_to_id", sa.Integer(), nullable=True),
        sa.Column("offered_to_name", sa.String(length=60), nullable=False),
        sa.Column("had_by_ids", sa.JSON(), nullable=False),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("taken_by_name", sa.String(length=60), nullable=False),
        sa.Column("taken_at", sa.DateTime(), nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.Column("citations", sa.JSON(), nullable=False),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_by_name", sa.String(length=60), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (taken_by_id IS NULL)",
            name=op.f("ck_escalations_taken_by_somebody"),
        ),
        sa.CheckConstraint(
            "state <> 'answered' OR goes_up_at IS NULL", name=op.f("ck_escalations_answered_stays")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'taken', 'answered')", name=op.f("ck_escalations_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["staff.id"], name=op.f("fk_escalations_answered_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["offered_to_id"], ["staff.id"], name=op.f("fk_escalations_offered_to_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["taken_by_id"], ["staff.id"], name=op.f("fk_escalations_taken_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["workers.id"], name=op.f("fk_escalations_worker_id_workers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_escalations_public_id")),
    )
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalations_goes_up_at"), ["goes_up_at"], unique=False)
        batch_op.create_index("ix_escalations_state_due_at", ["state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalations_subject"), ["subject"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_escalations_taken_by_id"), ["taken_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_escalations_worker_id"), ["worker_id"], unique=False)
        batch_op.create_index(
            "uq_escalations_open_subject",
            ["subject"],
            unique=True,
            sqlite_where=sa.text("state <> 'answered'"),
            postgresql_where=sa.text("state <> 'answered'"),
        )

    op.create_table(
        "question_reviews",
        sa.Column("likeness", sa.String(length=64), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("done_by_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["staff.id"], name=op.f("fk_question_reviews_done_by_id_staff")
        ),
        sa.PrimaryKeyConstraint("likeness", name=op.f("pk_question_reviews")),
    )
    op.create_table(
        "overrides",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.String(length=80), nullable=False),
        sa.Column("base_hash", sa.String(length=16), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("escalation_id", sa.Integer(), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_by_name", sa.String(length=60), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=60), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("decision_note", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'rejected', 'replaced', 'exported')",
            name=op.f("ck_overrides_state_known"),
        ),
        sa.CheckConstraint(
            "decided_by_id <> proposed_by_id", name=op.f("ck_overrides_by_somebody_else")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["staff.id"], name=op.f("fk_overrides_decided_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["escalation_id"],
            ["escalations.id"],
            name=op.f("fk_overrides_escalation_id_escalations"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["staff.id"], name=op.f("fk_overrides_proposed_by_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_overrides")),
    )
    with op.batch_alter_table("overrides", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_overrides_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(
            "uq_overrides_live",
            ["entry_id"],
            unique=True,
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )

    op.create_table(
        "turns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("author", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("entry_id", sa.String(length=80), nullable=True),
        sa.Column("revision", sa.String(length=16), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("corpus", sa.String(length=16), nullable=True),
        sa.Column("ask_key", sa.String(length=40), nullable=True),
        sa.Column("likeness", sa.String(length=64), nullable=True),
        sa.Column("feedback", sa.String(length=20), nullable=True),
        sa.Column("feedback_note", sa.LargeBinary(), nullable=True),
        sa.Column("feedback_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "author IN ('person', 'bot', 'staff')", name=op.f("ck_turns_author_known")
        ),
        sa.CheckConstraint(
            "feedback IS NULL OR feedback IN ('useful', 'wrong', 'unclear', 'not_my_case', 'other')",
            name=op.f("ck_turns_feedback_known"),
        ),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_turns_conversation_id_conversations"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turns")),
        sa.UniqueConstraint(
            "conversation_id", "ask_key", name=op.f("uq_turns_conversation_id_ask_key")
        ),
    )
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.create_index("ix_turns_at", ["at"], unique=False)
        batch_op.create_index(
            "ix_turns_conversation_id_id", ["conversation_id", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_turns_entry_id"), ["entry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_turns_likeness"), ["likeness"], unique=False)


def downgrade() -> None:
    """Take the schema back; answerers lose that role."""
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_turns_likeness"))
        batch_op.drop_index(batch_op.f("ix_turns_entry_id"))
        batch_op.drop_index("ix_turns_conversation_id_id")
        batch_op.drop_index("ix_turns_at")

    op.drop_table("turns")
    with op.batch_alter_table("overrides", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_overrides_live",
            sqlite_where=sa.text("state = 'approved'"),
            postgresql_where=sa.text("state = 'approved'"),
        )
        batch_op.drop_index(batch_op.f("ix_overrides_entry_id"))

    op.drop_table("overrides")
    op.drop_table("question_reviews")
    with op.batch_alter_table("escalations", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_escalations_open_subject",
            sqlite_where=sa.text("state <> 'answered'"),
            postgresql_where=sa.text("state <> 'answered'"),
        )
        batch_op.drop_index(batch_op.f("ix_escalations_worker_id"))
        batch_op.drop_index(batch_op.f("ix_escalations_taken_by_id"))
        batch_op.drop_index(batch_op.f("ix_escalations_subject"))
        batch_op.drop_index("ix_escalations_state_due_at")
        batch_op.drop_index(batch_op.f("ix_escalations_goes_up_at"))

    op.drop_table("escalations")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_conversations_worker_id"))
        batch_op.drop_index(batch_op.f("ix_conversations_last_at"))

    op.drop_table("conversations")
    op.drop_table("entry_revisions")
    op.drop_table("corpus_pointer")
    op.execute("DELETE FROM staff_roles WHERE role = 'answerer'")
    _allow(_BEFORE)


def _allow(roles: tuple[str, ...]) -> None:
    """Let these roles be held and no others."""
    with op.batch_alter_table("staff_roles") as batch_op:
        name = batch_op.f("ck_staff_roles_role_known")
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"role IN {roles!r}")
