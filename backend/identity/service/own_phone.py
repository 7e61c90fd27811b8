"""A signed-in worker proves a telephone without an SMS: WeChat vouches for it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from backend.audit.record import record
from backend.core import crypto
from backend.core.actor import Actor
from backend.core.db import db, one_transaction, violated
from backend.core.errors import Conflict, NotSignedIn
from backend.core.installation import settings
from backend.identity.models import Worker
from backend.identity.service.sessions import worker_chain
from backend.identity.service.workers import worker_by_id
from backend.wechat import mini

_TAKEN = (
    "这个手机号已经登录过另一个账号，两个账号没有合到一起。"
    "要看那个账号的事，请在网页上用这个号码登录；要合起来，请打 12333。"
)


def prove_phone_by_wechat(code: str, actor: Actor, now: datetime) -> Worker:
    """Store the telephone behind a `getPhoneNumber` code as this worker's, proved.

    WeChatDown or WeChatRefused when WeChat says so; Conflict (`phone_taken`) when it is another
    worker's, as whoever signs in with its SMS code becomes that worker.
    """
    phone = mini.phone_by_code(settings(), code)
    return _store(phone, actor, now)


@one_transaction
def _store(phone: str, actor: Actor, now: datetime) -> Worker:
    known = worker_by_id(actor.id) if actor.id is not None else None
    if known is None:
        raise NotSignedIn("登录过期了，请再登录一次。填的都还在。")
    which = sa.select(Worker).where(Worker.id == known.id).with_for_update()
    worker = db.session.scalars(which.execution_options(populate_existing=True)).one()
    index = crypto.blind_index("phone", phone)
    is_other = worker.phone_index is not None and worker.phone_index != index
    worker.phone, worker.phone_index, worker.phone_verified_at = phone, index, now
    try:
        db.session.flush()
    except IntegrityError as error:
        if violated(error, "workers_phone_index", "workers.phone_index"):
            raise Conflict(_TAKEN, code="phone_taken") from error
        raise
    detail = {"way": "wechat", "replaced": is_other}
    record(worker_chain(worker.id), "phone_proved", actor, now, detail=detail)
    return worker
