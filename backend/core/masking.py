"""How a personal datum looks where it need not be read whole: lists, logs, other people's eyes."""

from __future__ import annotations

MOST_STARS = 3


def name(full: str) -> str:
    """陈小明 -> 陈*明, 李四 -> 李*; a long name gets three stars, whatever its length."""
    if len(full) <= 1:
        return full
    if len(full) == 2:
        return full[0] + "*"
    return full[0] + "*" * min(len(full) - 2, MOST_STARS) + full[-1]


def phone(full: str) -> str:
    """13812345678 -> 138****5678."""
    if len(full) < 8:
        return "*" * len(full)
    return full[:3] + "****" + full[-4:]


def id_number(full: str) -> str:
    """440704199001011234 -> 440704********1234."""
    return full[:6] + "*" * 8 + full[-4:] if len(full) == 18 else "*" * len(full)
