"""Where staff's answers belong, so that like questions find them; a proposal sent twice is one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "staff_answers",
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(), nullable=False),
        sa.Column("likeness", sa.String(length=64), nullable=True),
        sa.Column("entry_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["escalation_id"],
            ["escalations.id"],
            name=op.f("fk_staff_answers_escalation_id_escalations"),
        ),
        sa.PrimaryKeyConstraint("escalation_id", name=op.f("pk_staff_answers")),
    )
    op.create_index(
        "ix_staff_answers_entry_id_answered_at", "staff_answers", ["entry_id", "answered_at"]
    )
    op.create_index(
        "ix_staff_answers_likeness_answered_at", "staff_answers", ["likeness", "answered_at"]
    )
    op.add_column("overrides", sa.Column("form_key", sa.String(length=64), nullable=True))
    op.create_index(
        "ix_overrides_proposed_by_id_form_key",
        "overrides",
        ["proposed_by_id", "form_key"],
        unique=True,
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index("ix_overrides_proposed_by_id_form_key", "overrides")
    op.drop_column("overrides", "form_key")
    op.drop_index("ix_staff_answers_likeness_answered_at", "staff_answers")
    op.drop_index("ix_staff_answers_entry_id_answered_at", "staff_answers")
    op.drop_table("staff_answers")
