"""Where somebody takes back what they said: 说错了，是8月到9月; 不是七千，是八千."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

#: 算错 is left out: that is what the employer does.
_MARK = re.compile(
    r"(?:^|(?<=[，。；！？,.;!?\s]))"
    r"(?:啊|哦|噢|唉|哎|不好意思|对不起|抱歉|我|刚才|刚刚|前面|上面|头先|啱啱|[，,\s]){0,6}"
    r"(?:[说讲打写记搞弄发填](?:错|漏)(?:了|咗|啦)?|更正|纠正|改一下|不对(?=[，。！,!\s是应])"
    r"|不是[^，。！？；,!?;\s是]{0,12}[0-9一二三四五六七八九十][^，。！？；,!?;\s是]{0,12}[，,。\s]*(?:而|应该)?是)"
)
_STOP = "，。！？；,!?;\n \t"
_NOT_BUT = re.compile(
    rf"(?<!是)(?:并)?不是[^{_STOP}是]{{1,24}}[{_STOP}]*(?=(?:而|应该|应当|实际)?(?:是|系))"
)
_BUT_NOT = re.compile(rf"(?<=[{_STOP}])(?:并)?不是[^{_STOP}]{{1,24}}(?=$|[{_STOP}])")


class Part(NamedTuple):
    """A stretch of what was said, and whether it puts right what stands before it."""

    text: str
    is_correction: bool


def parts(said: Sequence[str]) -> list[Part]:
    """The messages in order, cut where somebody begins to put something right."""
    return [part for one in said for part in _cut(one)]


def without_denied(text: str, is_correction: bool = True) -> str:
    """The text with what it says is not so blotted out, sign for sign: 不是七千，是八千."""
    text = _NOT_BUT.sub(_blot, text)
    return _BUT_NOT.sub(_blot, text) if is_correction else text


def _cut(text: str) -> list[Part]:
    starts = [match.start() for match in _MARK.finditer(text)]
    edges = [*dict.fromkeys([0, *starts]), len(text)]
    cut = pairwise(edges)
    found = [Part(text[begin:end], begin in starts) for begin, end in cut if end > begin]
    return [Part(without_denied(*part), part.is_correction) for part in found]


def _blot(match: re.Match[str]) -> str:
    return "，" * len(match.group())
