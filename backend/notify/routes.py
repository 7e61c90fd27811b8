"""The workers' door of notify: which messages to ask for, and what the person tapped."""

from __future__ import annotations

from typing import Literal

from apiflask import APIBlueprint

from backend.core import clock, openapi
from backend.core.schemas import In
from backend.identity.guards import current_actor, public, worker_session_required
from backend.notify import consents, kinds
from backend.notify.schemas import ConsentsIn, ConsentTemplatesOut

bp = APIBlueprint("notify", __name__, url_prefix="/api/v1", tag="messages")


class MomentIn(In):
    """When the person is about to be asked."""

    moment: Literal["booking", "filing", "asking"]


@bp.get("/consent-templates")
@public
@bp.input(MomentIn, location="query", arg_name="query")
@bp.output(ConsentTemplatesOut, 200)
def consent_templates(query: MomentIn) -> ConsentTemplatesOut:
    """Templates of subscribe messages to ask for at a moment"""
    return ConsentTemplatesOut(templates=[t.template for t in kinds.templates_at(query.moment)])


@bp.post("/me/consents")
@worker_session_required
@bp.input(ConsentsIn, arg_name="data")
@bp.output({}, 204)
@openapi.also(answers=[429])
def report_consents(data: ConsentsIn) -> str:
    """Report what was tapped in WeChat's question about subscribe messages"""
    actor = current_actor()
    assert actor.id is not None  # the guard's promise
    consents.report(actor.id, data.key, data.answers, clock.now())
    return ""
