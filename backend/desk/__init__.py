"""Staff desk (工作台): server-rendered pages at /desk/, one module a page."""

from __future__ import annotations

from apiflask import APIBlueprint, APIFlask

from backend.desk import (
    answers,
    appointments,
    approvals,
    calls,
    case,
    case_paper,
    deliveries,
    door,
    faq_edit,
    faq_lists,
    faq_review,
    faults,
    file_for,
    frame,
    help_page,
    lecture_after,
    lecture_bookings,
    lecture_calls,
    lecture_edit,
    lecture_moves,
    lecture_page,
    lecture_papers,
    lectures,
    order_steps,
    orders,
    questions,
    shown,
    sign_in,
    static_files,
    steps,
    today,
)

PAGES = (
    sign_in,
    today,
    case,
    case_paper,
    steps,
    approvals,
    file_for,
    calls,
    appointments,
    deliveries,
    questions,
    answers,
    faq_lists,
    faq_edit,
    faq_review,
    door,
    lecture_after,
    lecture_bookings,
    lecture_calls,
    lecture_edit,
    lecture_moves,
    lecture_page,
    lecture_papers,
    lectures,
    order_steps,
    orders,
    help_page,
)


def register(app: APIFlask) -> None:
    """Put every desk page under /desk/, with its own HTML errors and its own strict headers."""
    desk = APIBlueprint(
        "desk", __name__, url_prefix="/desk", template_folder="templates", enable_openapi=False
    )
    for page in PAGES:
        desk.register_blueprint(page.bp)
    desk.register_blueprint(static_files.bp)
    desk.register_blueprint(faults.bp)
    faults.register(desk)
    frame.register(desk)
    shown.register(app)
    app.register_blueprint(desk)
