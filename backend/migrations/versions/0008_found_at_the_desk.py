"""Indexes for the desk: cases of a second officer or handed over, and requests that came back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_index(
        "ix_cases_second_officer_id",
        "cases",
        ["second_officer_id"],
        sqlite_where=sa.text("second_officer_id IS NOT NULL"),
        postgresql_where=sa.text("second_officer_id IS NOT NULL"),
    )
    op.create_index(
        "ix_cases_offered",
        "cases",
        ["offered_to_id", "is_open", "next_due_on", "id"],
        sqlite_where=sa.text("offered_to_id IS NOT NULL"),
        postgresql_where=sa.text("offered_to_id IS NOT NULL"),
    )
    op.create_index("ix_approvals_case_id_step_id", "approvals", ["case_id", "step", "id"])
    op.create_index(
        "ix_approvals_asked_by_id_state_id", "approvals", ["asked_by_id", "state", "id"]
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index("ix_approvals_asked_by_id_state_id", "approvals")
    op.drop_index("ix_approvals_case_id_step_id", "approvals")
    op.drop_index("ix_cases_offered", "cases")
    op.drop_index("ix_cases_second_officer_id", "cases")
