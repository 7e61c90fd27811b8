"""What the demo's WeChat server was sent: one line a message in a file both processes share."""

from __future__ import annotations

import json
import os
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

SHOWN = 50
_NAME = "demo-wechat.jsonl"


@dataclass(frozen=True, slots=True)
class Sent:
    """One message to a follower, or to somebody who agreed to messages of the mini-program."""

    at: datetime
    openid: str
    text: str
    channel: str = "微信公众号"


def keep(folder: Path, message: Sent) -> None:
    """Append a message; one write, so that two processes do not mix their lines."""
    line = asdict(message) | {"at": message.at.isoformat()}
    data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
    file = os.open(folder / _NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(file, data)
    finally:
        os.close(file)


def newest(folder: Path) -> list[Sent]:
    """The last messages, newest first."""
    file = folder / _NAME
    if not file.is_file():
        return []
    with file.open(encoding="utf-8") as lines:
        last = deque(lines, SHOWN)
    return [_sent(line) for line in reversed(last)]


def _sent(line: str) -> Sent:
    found = json.loads(line)
    return Sent(**found | {"at": datetime.fromisoformat(found["at"])})
