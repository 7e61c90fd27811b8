"""A right complaint and a right report as a phone sends them, for any installation and any day."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

PHONE = "13800000001"


def new_key() -> str:
    """An idempotency key as the phone makes it."""
    return secrets.token_hex(16)


def complaint(
    today: date, *, privacy_version: str = "2026-01", phone: str = PHONE
) -> dict[str, Any]:
    """Three months owed by a named employer, ended last month."""
    last = today.replace(day=1) - timedelta(days=1)
    months = [_month_before(last, back) for back in (2, 1, 0)]
    return {
        "privacy_version": privacy_version,
        "screening": {
            "place": "here",
            "other_district": None,
            "prior_steps": [],
            "age_group": "18_59",
            "worker_kind": "employee",
            "contract": "none",
            "is_still_working": False,
        },
        "claimant": {"name": "张示例", "phone": phone, "service_address": "示例路 2 号 301"},
        "employer": {
            "employer_id": None,
            "name": "示例装修工程有限公司",
            "is_name_unknown": False,
            "address": "示例路 9 号",
            "phone": None,
            "contact": "李工头",
        },
        "work": {
            "from_on": f"{_month_before(last, 5)}-01",
            "to_on": last.isoformat(),
            "post": "木工",
            "street": None,
            "place": "示例花园二期",
        },
        "claims": [{"month": month, "due_fen": 650_000, "paid_fen": 50_000} for month in months],
        "request": "请责令单位支付拖欠工资 18000 元。",
        "facts": "口头说好每月 6500 元，最近三个月只发了零头。𠮷",
    }


def report(privacy_version: str = "2026-01") -> dict[str, Any]:
    """An anonymous tip-off."""
    return {
        "privacy_version": privacy_version,
        "is_anonymous": True,
        "reporter": None,
        "employer": {"name": "示例电子厂", "is_name_unknown": False, "address": None},
        "place": "示例工业区 3 栋",
        "street": None,
        "what": "这个厂两个月没发工资。",
        "people_count": 30,
        "happened_from": "今年 9 月起",
    }


def _month_before(last: date, months: int) -> str:
    year, month = divmod(last.year * 12 + last.month - 1 - months, 12)
    return f"{year}-{month + 1:02d}"
