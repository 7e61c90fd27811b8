"""One person, one worker: the unionid that both of WeChat's openids share, and rows merged by it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NO_DOOR = (
    "merged_into_id IS NULL OR (phone_index IS NULL AND openid_index IS NULL"
    " AND account_openid_index IS NULL AND unionid_index IS NULL AND merged_at IS NOT NULL)"
)


_CHECK, _POINTER = "ck_workers_merged_has_no_door", "fk_workers_merged_into_id_workers"


def upgrade() -> None:
    """Bring the schema up."""
    # not in batch mode: on SQLite that would make the table anew, and sessions point to its rows
    op.add_column("workers", sa.Column("unionid", sa.LargeBinary(), nullable=True))
    op.add_column("workers", sa.Column("unionid_index", sa.String(length=64), nullable=True))
    op.add_column("workers", sa.Column("ask_unionid_at", sa.DateTime(), nullable=True))
    _add_merged()
    op.create_index(op.f("ix_workers_unionid_index"), "workers", ["unionid_index"], unique=True)
    op.create_index(op.f("ix_workers_ask_unionid_at"), "workers", ["ask_unionid_at"])
    op.create_index(op.f("ix_workers_merged_into_id"), "workers", ["merged_into_id"])
    # whoever follows the account already is asked about like whoever comes
    op.execute(
        "UPDATE workers SET ask_unionid_at = created_at WHERE account_openid_index IS NOT NULL"
    )


def _add_merged() -> None:
    if op.get_bind().dialect.name == "sqlite":  # can only add constraints with their column
        op.execute(
            f"ALTER TABLE workers ADD COLUMN merged_into_id INTEGER CONSTRAINT {_POINTER}"
            " REFERENCES workers (id)"
        )
        op.execute(
            f"ALTER TABLE workers ADD COLUMN merged_at DATETIME CONSTRAINT {_CHECK}"
            f" CHECK ({_NO_DOOR})"
        )
        return
    op.add_column("workers", sa.Column("merged_into_id", sa.Integer(), nullable=True))
    op.add_column("workers", sa.Column("merged_at", sa.DateTime(), nullable=True))
    op.create_foreign_key(op.f(_POINTER), "workers", "workers", ["merged_into_id"], ["id"])
    op.create_check_constraint(op.f(_CHECK), "workers", _NO_DOOR)


def downgrade() -> None:
    """Take the schema back; rows that were merged away stay, with nothing to be found by."""
    op.drop_index(op.f("ix_workers_merged_into_id"), "workers")
    op.drop_index(op.f("ix_workers_ask_unionid_at"), "workers")
    op.drop_index(op.f("ix_workers_unionid_index"), "workers")
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(_CHECK), "workers", type_="check")
        op.drop_constraint(op.f(_POINTER), "workers", type_="foreignkey")
    for column in ("merged_at", "merged_into_id", "ask_unionid_at", "unionid_index", "unionid"):
        op.drop_column("workers", column)
