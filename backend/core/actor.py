"""Who is acting: a worker, a member of staff, the system itself, or somebody not signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["worker", "staff", "system", "visitor"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The person or thing behind one request.

    `id` is the worker's or staff member's row id. `name` is shown in the record (staff only).
    `case_id` limits a session to one case: it is set for people who filed without signing in.
    `network` is a keyed digest of where the request came from, set by the chat's door alone.
    """

    kind: Kind
    id: int | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    case_id: int | None = None
    session_id: int | None = None
    network: str = ""

    @property
    def is_staff(self) -> bool:
        """Whether a member of staff is acting."""
        return self.kind == "staff"

    def has_role(self, *roles: str) -> bool:
        """Whether the actor holds any of the roles."""
        return not self.roles.isdisjoint(roles)


SYSTEM = Actor(kind="system", name="系统")
VISITOR = Actor(kind="visitor")
