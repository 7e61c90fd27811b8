"""A link of the official account that joins it to whoever opens it signed in and says: that is me.

For a bureau whose apps are bound to no open platform account. The link names only a row, is signed
and ends after half an hour; once somebody is behind that row it joins it to nobody else.
"""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import db, one_transaction
from backend.core.errors import BadInput, Conflict, FieldError
from backend.identity.models import Worker
from backend.identity.service import merging

LIVES_S = 30 * 60
_PURPOSE = "account-link"
_ENDED = "这个链接过了时间，或者不完整。请到公众号里回复“绑定”，点新的链接。"
_ELSEWHERE = "这个公众号身份已经和另一个账号连着了，这次没有连。不对的话请打 12333 找我们。"
_HAS_ONE = "您的账号已经连着一个公众号身份，这次没有连。换了微信的话请打 12333 找我们。"


def link_token(worker_id: int, now: datetime) -> str:
    """What stands in the link to this follower; nothing is written anywhere."""
    value = f"{worker_id}.{int(now.timestamp()) + LIVES_S}"
    return f"{value}.{crypto.sign(_PURPOSE, value)}"


def is_linked(worker: Worker) -> bool:
    """Whether this follower of the account is known outside it."""
    return worker.openid_index is not None or worker.phone_index is not None


@one_transaction
def link_account(token: str, actor: Actor, now: datetime) -> None:
    """Make the follower of this link and the signed-in worker one; again changes nothing.

    BadInput `link_ended`; Conflict `linked_elsewhere`, `has_account`.
    """
    follower_id = _follower_id(token, now)
    ids = [follower_id, actor.id]
    query = sa.select(Worker).where(Worker.id.in_(ids)).order_by(Worker.id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    found = {row.id: row for row in db.session.scalars(query)}
    follower, own = found.get(follower_id), found.get(actor.id or 0)
    if follower is None or own is None:
        raise _ended()
    if follower is own or follower.merged_into_id == own.id:
        return
    if follower.merged_into_id is not None or is_linked(follower):
        raise Conflict(_ELSEWHERE, code="linked_elsewhere")
    if own.account_openid_index is not None:
        raise Conflict(_HAS_ONE, code="has_account")
    merging.join(follower, own, "link", now, actor)


def _follower_id(token: str, now: datetime) -> int:
    value, _, signature = token.rpartition(".")
    if not crypto.is_signed(_PURPOSE, value, signature):
        raise _ended()
    follower_id, _, expires = value.partition(".")
    if datetime.fromtimestamp(int(expires), tz=UTC) <= now:
        raise _ended()
    return int(follower_id)


def _ended() -> BadInput:
    return BadInput(_ENDED, code="link_ended", errors=[FieldError("token", _ENDED)])
