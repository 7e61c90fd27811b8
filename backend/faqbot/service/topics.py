"""The topics of the corpus in words: which file an entry stands in, and what that is called."""

from __future__ import annotations

import re
from functools import cache

from backend.faqbot.service.library import files
from faq.corpus import ROOT

STAFF = "staff"
STAFF_TITLE = "工作人员补充"
_TITLE = re.compile(r"^title: (.+)$", re.MULTILINE)


@cache
def titles() -> dict[str, str]:
    """The title of every topic by the name of its file; the one of staff's own entries last."""
    found = {}
    for path in sorted((ROOT / "content").glob("*.yaml")):
        with path.open(encoding="utf-8") as file:
            head = "".join(file.readline() for _ in range(3))
        title = _TITLE.search(head)
        found[path.stem] = title[1] if title else path.stem
    return {**found, STAFF: found.get(STAFF, STAFF_TITLE)}


def topic_of(entry_id: str) -> str:
    """The topic of an entry; one that staff added and no file holds yet is in theirs."""
    return files().topics.get(entry_id, STAFF)


def title_of(entry_id: str) -> str:
    """The title of an entry's topic."""
    return titles()[topic_of(entry_id)]
