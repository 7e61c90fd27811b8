"""Consents to subscribe messages, every way a message was tried, and content checks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_WAYS = {"new": "('subscribe', 'wechat', 'sms')", "old": "('wechat', 'sms')"}
_STATES_OLD = "('waiting', 'sending', 'sent', 'failed', 'dead', 'unknown', 'in_app')"
_STATES_NEW = "('waiting', 'sending', 'sent', 'failed', 'dead', 'unknown', 'in_app', 'to_call')"


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column("outbox", sa.Column("facts", sa.JSON(), nullable=True))
    op.add_column("deliveries", sa.Column("tried", sa.JSON(), nullable=True))
    _check_deliveries(_WAYS["new"], _STATES_NEW)
    op.create_table(
        "consents",
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("left_count", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=10), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("left_count >= 0", name=op.f("ck_consents_left_not_negative")),
        sa.CheckConstraint(
            "kind IN ('one_time', 'long_term')", name=op.f("ck_consents_kind_known")
        ),
        sa.CheckConstraint(
            "answer IN ('accept', 'reject', 'ban', 'filter')", name=op.f("ck_consents_answer_known")
        ),
        sa.CheckConstraint(
            "kind = 'one_time' OR left_count <= 1", name=op.f("ck_consents_long_term_is_yes_or_no")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["workers.id"], name=op.f("fk_consents_worker_id_workers")
        ),
        sa.PrimaryKeyConstraint("worker_id", "template_id", name=op.f("pk_consents")),
    )
    op.create_table(
        "consent_reports",
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["workers.id"], name=op.f("fk_consent_reports_worker_id_workers")
        ),
        sa.PrimaryKeyConstraint("worker_id", "key", name=op.f("pk_consent_reports")),
    )
    op.create_index(op.f("ix_consent_reports_at"), "consent_reports", ["at"], unique=False)
    op.create_table(
        "content_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("openid", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("scene", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("trace_id", sa.String(length=80), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=40), nullable=True),
        sa.Column("queued_at", sa.DateTime(), nullable=False),
        sa.Column("tried_at", sa.DateTime(), nullable=True),
        sa.Column("next_try_at", sa.DateTime(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('text', 'media')", name=op.f("ck_content_checks_kind_known")),
        sa.CheckConstraint(
            "state IN ('waiting', 'asked', 'pass', 'review', 'risky', 'failed')",
            name=op.f("ck_content_checks_state_known"),
        ),
        sa.CheckConstraint(
            "(state IN ('waiting', 'asked')) = (next_try_at IS NOT NULL)",
            name=op.f("ck_content_checks_tries_dated"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_checks")),
        sa.UniqueConstraint("subject", "kind", name="uq_content_checks_subject_kind"),
    )
    op.create_index(
        "ix_content_checks_state_next_try_at", "content_checks", ["state", "next_try_at"]
    )
    op.create_index(op.f("ix_content_checks_trace_id"), "content_checks", ["trace_id"])


def downgrade() -> None:
    """Take the schema back; a message sent by subscription counts as sent by the account."""
    op.drop_table("content_checks")
    op.drop_table("consent_reports")
    op.drop_table("consents")
    op.execute("UPDATE deliveries SET channel = 'wechat' WHERE channel = 'subscribe'")
    op.execute("UPDATE deliveries SET state = 'in_app' WHERE state = 'to_call'")
    _check_deliveries(_WAYS["old"], _STATES_OLD)
    op.drop_column("deliveries", "tried")
    op.drop_column("outbox", "facts")


def _check_deliveries(ways: str, states: str) -> None:
    with op.batch_alter_table("deliveries") as batch_op:
        for rule, condition in (("channel", f"channel IN {ways}"), ("state", f"state IN {states}")):
            name = batch_op.f(f"ck_deliveries_{rule}_known")
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, condition)
