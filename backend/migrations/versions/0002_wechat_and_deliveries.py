"""The official account's token and messages, and what became of each message sent out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "wechat_tokens",
        sa.Column("app_id", sa.String(length=40), nullable=False),
        sa.Column("token", sa.LargeBinary(), nullable=True),
        sa.Column("refresh_at", sa.DateTime(), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=True),
        sa.Column("claim", sa.String(length=16), nullable=True),
        sa.Column("claimed_until", sa.DateTime(), nullable=True),
        sa.Column("pause_until", sa.DateTime(), nullable=True),
        sa.Column("forced_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("app_id", name=op.f("pk_wechat_tokens")),
    )
    op.create_table(
        "wechat_received",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("reply", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_wechat_received")),
    )
    with op.batch_alter_table("wechat_received", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_wechat_received_received_at"), ["received_at"], unique=False
        )

    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("outbox_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(), nullable=True),
        sa.Column("leased_until", sa.DateTime(), nullable=True),
        sa.Column("last_error", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('wechat', 'sms')", name=op.f("ck_deliveries_channel_known")
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'failed', 'dead', 'unknown', 'in_app')",
            name=op.f("ck_deliveries_state_known"),
        ),
        sa.CheckConstraint(
            "(state IN ('waiting', 'failed')) = (next_try_at IS NOT NULL)",
            name=op.f("ck_deliveries_tries_dated"),
        ),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_deliveries_sent_dated")
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_deliveries_outbox_id_outbox")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("outbox_id", name=op.f("uq_deliveries_outbox_id")),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deliveries_state_next_try_at", ["state", "next_try_at"], unique=False
        )

    # not in batch mode: on SQLite that would make the table anew, and sessions point to its rows
    op.add_column("workers", sa.Column("account_openid", sa.LargeBinary(), nullable=True))
    op.add_column("workers", sa.Column("account_openid_index", sa.String(length=64), nullable=True))
    op.create_index(
        op.f("ix_workers_account_openid_index"), "workers", ["account_openid_index"], unique=True
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index(op.f("ix_workers_account_openid_index"), table_name="workers")
    op.drop_column("workers", "account_openid_index")
    op.drop_column("workers", "account_openid")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_deliveries_state_next_try_at")

    op.drop_table("deliveries")
    with op.batch_alter_table("wechat_received", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wechat_received_received_at"))

    op.drop_table("wechat_received")
    op.drop_table("wechat_tokens")
