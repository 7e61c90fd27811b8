"""The roles of the bureau's staff and their Chinese names."""

from __future__ import annotations

ROLE_NAMES = {
    "inspector": "监察员",
    "unit_head": "科长（大队长）",
    "head": "局领导",
    "legal_reviewer": "法制审核员",
    "mediator": "调解员",
    "clerk": "窗口",
    "answerer": "解答员",
    "organiser": "普法（讲座组织）",
    "admin": "管理员",
}
ROLES = tuple(ROLE_NAMES)
