"""The workers' door of employers: suggestions while a name is typed."""

from __future__ import annotations

from apiflask import APIBlueprint

from backend.employers import service
from backend.employers.schemas import EmployerOut, EmployerQuery, EmployersOut
from backend.identity.guards import public

bp = APIBlueprint("employers", __name__, url_prefix="/api/v1", tag="employers")


@bp.get("/employers")
@public
@bp.input(EmployerQuery, location="query", arg_name="query")
@bp.output(EmployersOut, 200)
def suggest_employers(query: EmployerQuery) -> EmployersOut:
    """Registered employers with this in their name"""
    found = service.suggest(query.q)
    return EmployersOut(items=[EmployerOut.model_validate(row) for row in found])
