"""Lectures: published, booked, waited for, checked in, rated and ordered; a role to organise them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_BEFORE = (
    "inspector",
    "unit_head",
    "head",
    "legal_reviewer",
    "mediator",
    "clerk",
    "answerer",
    "admin",
)
_ROLES = (
    "inspector",
    "unit_head",
    "head",
    "legal_reviewer",
    "mediator",
    "clerk",
    "answerer",
    "organiser",
    "admin",
)


def upgrade() -> None:
    """Bring the schema up."""
    _allow(_ROLES)
    # one page less for every message: rows of merged workers are followed when it is sent
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_worker_id"))
    op.create_table(
        "lecture_orders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("org_name", sa.String(length=60), nullable=False),
        sa.Column("org_kind", sa.String(length=20), nullable=False),
        sa.Column("contact_name", sa.LargeBinary(), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=False),
        sa.Column("theme", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("wished", sa.JSON(), nullable=False),
        sa.Column("ordered_at", sa.DateTime(), nullable=False),
        sa.Column("answer_due_on", sa.Date(), nullable=False),
        sa.Column("goes_up_at", sa.DateTime(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=True),
        sa.Column("officer_name", sa.String(length=60), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=True),
        sa.Column("speaker", sa.String(length=60), nullable=False),
        sa.Column("staff_note", sa.String(length=300), nullable=True),
        sa.Column("orderer_note", sa.String(length=300), nullable=True),
        sa.Column("held_at", sa.DateTime(), nullable=True),
        sa.Column("attended", sa.Integer(), nullable=True),
        sa.Column("verdict", sa.String(length=14), nullable=True),
        sa.Column("verdict_words", sa.LargeBinary(), nullable=True),
        sa.Column("rated_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(state = 'rated') = (verdict IS NOT NULL)",
            name=op.f("ck_lecture_orders_rated_has_verdict"),
        ),
        sa.CheckConstraint(
            "org_kind IN ('company', 'site', 'village', 'rider_station', 'school', 'other')",
            name=op.f("ck_lecture_orders_org_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('ordered', 'assigned', 'proposed', 'agreed', 'held', 'rated', 'declined', 'withdrawn')",
            name=op.f("ck_lecture_orders_state_known"),
        ),
        sa.CheckConstraint(
            "verdict IS NULL OR verdict IN ('satisfied', 'so_so', 'not_satisfied')",
            name=op.f("ck_lecture_orders_verdict_known"),
        ),
        sa.CheckConstraint("people >= 1", name=op.f("ck_lecture_orders_somebody_listens")),
        sa.ForeignKeyConstraint(
            ["officer_id"], ["staff.id"], name=op.f("fk_lecture_orders_officer_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["workers.id"], name=op.f("fk_lecture_orders_worker_id_workers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lecture_orders")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_lecture_orders_key_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lecture_orders_public_id")),
    )
    with op.batch_alter_table("lecture_orders", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lecture_orders_goes_up_at"), ["goes_up_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_lecture_orders_officer_id"), ["officer_id"], unique=False
        )
        batch_op.create_index("ix_lecture_orders_state_id", ["state", "id"], unique=False)
        batch_op.create_index("ix_lecture_orders_worker_id_id", ["worker_id", "id"], unique=False)

    op.create_table(
        "lectures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("series", sa.String(length=16), nullable=True),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("theme", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=1000), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("audiences", sa.JSON(), nullable=False),
        sa.Column("speaker", sa.String(length=60), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("map_url", sa.String(length=500), nullable=True),
        sa.Column("online", sa.String(length=300), nullable=True),
        sa.Column("starts_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("booking_closes_at", sa.DateTime(), nullable=False),
        sa.Column("cancelling_closes_at", sa.DateTime(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("seats_taken", sa.Integer(), nullable=False),
        sa.Column("waiting_count", sa.Integer(), nullable=False),
        sa.Column("walk_ins", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("change_note", sa.String(length=200), nullable=True),
        sa.Column("cancel_reason", sa.String(length=200), nullable=True),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("day_reminded_revision", sa.Integer(), nullable=False),
        sa.Column("soon_reminded_revision", sa.Integer(), nullable=False),
        sa.Column("asked_how_it_was", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "form IN ('talk', 'mock_hearing', 'site_class', 'quiz')",
            name=op.f("ck_lectures_form_known"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'published', 'cancelled')", name=op.f("ck_lectures_state_known")
        ),
        sa.CheckConstraint(
            "booking_closes_at <= starts_at AND cancelling_closes_at <= starts_at",
            name=op.f("ck_lectures_closes_before_start"),
        ),
        sa.CheckConstraint(
            "seats_taken >= 0 AND seats_taken <= seats", name=op.f("ck_lectures_never_oversold")
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_lectures_ends_after_start")),
        sa.CheckConstraint("waiting_count >= 0", name=op.f("ck_lectures_waiting_not_negative")),
        sa.CheckConstraint("walk_ins >= 0", name=op.f("ck_lectures_walk_ins_not_negative")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["staff.id"], name=op.f("fk_lectures_created_by_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lectures")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_lectures_key_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lectures_public_id")),
    )
    with op.batch_alter_table("lectures", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lectures_series"), ["series"], unique=False)
        batch_op.create_index("ix_lectures_starts_at_id", ["starts_at", "id"], unique=False)
        batch_op.create_index(
            "ix_lectures_state_starts_at", ["state", "starts_at", "id"], unique=False
        )

    op.create_table(
        "bookings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("lecture_id", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("party", sa.Integer(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=True),
        sa.Column("org_name", sa.String(length=60), nullable=True),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("phone_index", sa.String(length=64), nullable=True),
        sa.Column("booked_by_id", sa.Integer(), nullable=True),
        sa.Column("booked_by_name", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("offer_ends_at", sa.DateTime(), nullable=True),
        sa.Column("agreed_revision", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("is_late_cancel", sa.Boolean(), nullable=False),
        sa.Column("attended_at", sa.DateTime(), nullable=True),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'offered') = (offer_ends_at IS NOT NULL)",
            name=op.f("ck_bookings_offer_dated"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'booked', 'cancelled', 'lapsed')",
            name=op.f("ck_bookings_state_known"),
        ),
        sa.CheckConstraint(
            "(attended > 0) = (attended_at IS NOT NULL)", name=op.f("ck_bookings_attended_dated")
        ),
        sa.CheckConstraint("attended >= 0", name=op.f("ck_bookings_attended_not_negative")),
        sa.CheckConstraint("party >= 1", name=op.f("ck_bookings_somebody_comes")),
        sa.CheckConstraint(
            "worker_id IS NOT NULL OR booked_by_id IS NOT NULL",
            name=op.f("ck_bookings_somebody_booked"),
        ),
        sa.ForeignKeyConstraint(
            ["booked_by_id"], ["staff.id"], name=op.f("fk_bookings_booked_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["lecture_id"], ["lectures.id"], name=op.f("fk_bookings_lecture_id_lectures")
        ),
        sa.ForeignKeyConstraint(
            ["worker_id"], ["workers.id"], name=op.f("fk_bookings_worker_id_workers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bookings_public_id")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bookings_lecture_id_state_id", ["lecture_id", "state", "id"], unique=False
        )
        batch_op.create_index(
            "ix_bookings_offers",
            ["offer_ends_at"],
            unique=False,
            sqlite_where=sa.text("state = 'offered'"),
            postgresql_where=sa.text("state = 'offered'"),
        )
        batch_op.create_index("ix_bookings_worker_id_id", ["worker_id", "id"], unique=False)
        batch_op.create_index(
            "uq_bookings_live_phone",
            ["lecture_id", "phone_index"],
            unique=True,
            sqlite_where=sa.text(
                "phone_index IS NOT NULL AND state IN ('booked', 'offered', 'waiting')"
            ),
            postgresql_where=sa.text(
                "phone_index IS NOT NULL AND state IN ('booked', 'offered', 'waiting')"
            ),
        )
        batch_op.create_index(
            "uq_bookings_live_worker",
            ["lecture_id", "worker_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('booked', 'offered', 'waiting')"),
            postgresql_where=sa.text("state IN ('booked', 'offered', 'waiting')"),
        )

    op.create_table(
        "lecture_materials",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("lecture_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("size_bytes > 0", name=op.f("ck_lecture_materials_not_empty")),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["staff.id"], name=op.f("fk_lecture_materials_added_by_id_staff")
        ),
        sa.ForeignKeyConstraint(
            ["lecture_id"], ["lectures.id"], name=op.f("fk_lecture_materials_lecture_id_lectures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lecture_materials")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lecture_materials_public_id")),
    )
    with op.batch_alter_table("lecture_materials", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lecture_materials_lecture_id"), ["lecture_id"], unique=False
        )

    op.create_table(
        "door_scans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lecture_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("scan_key", sa.String(length=32), nullable=False),
        sa.Column("result", sa.String(length=14), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "result IN ('in', 'again', 'forged', 'other_lecture', 'not_booked', 'walk_in')",
            name=op.f("ck_door_scans_result_known"),
        ),
        sa.CheckConstraint("people >= 0", name=op.f("ck_door_scans_people_not_negative")),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_door_scans_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["lecture_id"], ["lectures.id"], name=op.f("fk_door_scans_lecture_id_lectures")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_door_scans_staff_id_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_scans")),
        sa.UniqueConstraint(
            "lecture_id", "scan_key", name=op.f("uq_door_scans_lecture_id_scan_key")
        ),
    )
    with op.batch_alter_table("door_scans", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_door_scans_booking_id"), ["booking_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_door_scans_lecture_id"), ["lecture_id"], unique=False)

    op.create_table(
        "lecture_feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=16), nullable=False),
        sa.Column("lecture_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("still_unclear", sa.LargeBinary(), nullable=True),
        sa.Column("may_be_shown", sa.Boolean(), nullable=False),
        sa.Column("shown_at", sa.DateTime(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "verdict IN ('useful', 'partly', 'not_useful')",
            name=op.f("ck_lecture_feedback_verdict_known"),
        ),
        sa.CheckConstraint(
            "shown_at IS NULL OR may_be_shown", name=op.f("ck_lecture_feedback_shown_with_leave")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_lecture_feedback_booking_id_bookings")
        ),
        sa.ForeignKeyConstraint(
            ["lecture_id"], ["lectures.id"], name=op.f("fk_lecture_feedback_lecture_id_lectures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lecture_feedback")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_lecture_feedback_booking_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_lecture_feedback_public_id")),
    )
    with op.batch_alter_table("lecture_feedback", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_lecture_feedback_lecture_id"), ["lecture_id"], unique=False
        )


def downgrade() -> None:
    """Take the schema down; the new role is taken from whoever holds it."""
    with op.batch_alter_table("lecture_feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lecture_feedback_lecture_id"))

    op.drop_table("lecture_feedback")
    with op.batch_alter_table("door_scans", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_door_scans_lecture_id"))
        batch_op.drop_index(batch_op.f("ix_door_scans_booking_id"))

    op.drop_table("door_scans")
    with op.batch_alter_table("lecture_materials", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lecture_materials_lecture_id"))

    op.drop_table("lecture_materials")
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_bookings_live_worker",
            sqlite_where=sa.text("state IN ('booked', 'offered', 'waiting')"),
            postgresql_where=sa.text("state IN ('booked', 'offered', 'waiting')"),
        )
        batch_op.drop_index(
            "uq_bookings_live_phone",
            sqlite_where=sa.text(
                "phone_index IS NOT NULL AND state IN ('booked', 'offered', 'waiting')"
            ),
            postgresql_where=sa.text(
                "phone_index IS NOT NULL AND state IN ('booked', 'offered', 'waiting')"
            ),
        )
        batch_op.drop_index("ix_bookings_worker_id_id")
        batch_op.drop_index(
            "ix_bookings_offers",
            sqlite_where=sa.text("state = 'offered'"),
            postgresql_where=sa.text("state = 'offered'"),
        )
        batch_op.drop_index("ix_bookings_lecture_id_state_id")

    op.drop_table("bookings")
    with op.batch_alter_table("lectures", schema=None) as batch_op:
        batch_op.drop_index("ix_lectures_state_starts_at")
        batch_op.drop_index("ix_lectures_starts_at_id")
        batch_op.drop_index(batch_op.f("ix_lectures_series"))

    op.drop_table("lectures")
    with op.batch_alter_table("lecture_orders", schema=None) as batch_op:
        batch_op.drop_index("ix_lecture_orders_worker_id_id")
        batch_op.drop_index("ix_lecture_orders_state_id")
        batch_op.drop_index(batch_op.f("ix_lecture_orders_officer_id"))
        batch_op.drop_index(batch_op.f("ix_lecture_orders_goes_up_at"))

    op.drop_table("lecture_orders")
    with op.batch_alter_table("outbox") as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_worker_id"), ["worker_id"], unique=False)
    op.execute(sa.text("DELETE FROM staff_roles WHERE role = 'organiser'"))
    _allow(_BEFORE)


def _allow(roles: tuple[str, ...]) -> None:
    """Let these roles be held and no others."""
    with op.batch_alter_table("staff_roles") as batch_op:
        name = batch_op.f("ck_staff_roles_role_known")
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, f"role IN {roles!r}")
