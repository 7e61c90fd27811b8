"""Documents of the employer suggestions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from backend.core.schemas import In, Out, Text


class EmployerQuery(In):
    """What was typed of the name so far."""

    q: Annotated[Text, Field(min_length=2, max_length=60)]


class EmployerOut(Out):
    """A registered employer, enough to tell it from others of that name."""

    id: int
    name: str
    street: str | None


class EmployersOut(Out):
    """Suggestions, best first, at most eight."""

    items: list[EmployerOut]
