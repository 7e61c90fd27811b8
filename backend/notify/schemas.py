"""Documents of the consents to subscribe messages."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from backend.core.schemas import In, Out, RandomKey, Text

TemplateId = Annotated[Text, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class ConsentsIn(In):
    """What was tapped in WeChat's own question, by template; the key makes a repetition harmless.

    At most three templates, one-time and long-term ones never together.
    """

    key: RandomKey
    answers: Annotated[
        dict[TemplateId, Literal["accept", "reject", "ban", "filter"]],
        Field(min_length=1, max_length=3),
    ]


class ConsentTemplatesOut(Out):
    """The templates to ask for at one moment, at most three and all of one kind; may be none."""

    templates: list[str]
