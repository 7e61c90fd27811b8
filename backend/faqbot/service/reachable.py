"""A telephone typed in the chat by somebody who waits for a person: whether it is theirs to keep."""

from __future__ import annotations

import re

from backend.core.private import Masked

_MASK = "【电话号码】"
#: Whoever else a number may belong to; calling the boss would tell him who has complained.
_OTHERS = re.compile(
    r"(?:老板|老细|包工头|工头|判头|经理|主管|组长|班长|厂长|人事|中介|公司|厂里|厂|单位|对方|他|她)"
    rf"(?!们?打)[^，。！？,.!?\s我]{{0,10}}[:： ]*{re.escape(_MASK)}"
)
_SAID_WITH_IT = re.compile(
    r"我的?|手机|电话|号码|号|微信|同号|是|这个|打给|打过来|打|给|回|联系|找|可以|请|你们?|您|快点?"
    r"|马上|现在|吧|啊|呀|麻烦|留个?|[\s，。！？,.!?:：]"
)


def own_phone(masked: Masked) -> str | None:
    """The telephone in these words, unless they say that it is somebody else's."""
    return None if _OTHERS.search(masked.text) else masked.phone


def says_only_where(masked: Masked) -> bool:
    """Whether the words give a telephone and say nothing else: there is nothing to answer."""
    if masked.phone is None or masked.kinds != ("phone",):
        return False
    return not _SAID_WITH_IT.sub("", masked.text.replace(_MASK, ""))
