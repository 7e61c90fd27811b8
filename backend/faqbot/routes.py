"""The chat's door: ask, tap, rate, call a person; typed input, one service call, typed output."""

from __future__ import annotations

from dataclasses import replace

from apiflask import APIBlueprint
from flask import request
from pydantic import BaseModel, ConfigDict

from backend.core import clock, network, openapi
from backend.core.actor import Actor
from backend.core.errors import BadInput, FieldError
from backend.core.installation import settings
from backend.core.schemas import In, Line, RandomKey
from backend.faqbot.schemas import (
    ArticleOut,
    Ask,
    AskHuman,
    Choose,
    ConversationOut,
    FaqEntryOut,
    GiveFeedback,
    PrefillOut,
    RowId,
    StartOut,
    TurnOut,
)
from backend.faqbot.service import articles, asking, conversations, humans, prefill, rating
from backend.identity.guards import current_actor, public, worker_optional

bp = APIBlueprint("faqbot", __name__, url_prefix="/api/v1", tag="faq")

_KEY_HEADER = {
    "name": "X-Conversation",
    "in": "header",
    "required": True,
    "description": "32 hex digits made on the phone; whoever holds it holds the conversation",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
}

#: Somebody else's conversation is not found; too many questions a minute are refused.
_ANSWERS = (404, 429)


def _conversation_key() -> str:
    key = request.headers.get("X-Conversation", "")
    if len(key) != 32 or any(c not in "0123456789abcdef" for c in key):
        message = "这次对话缺了编号，请重新打开问一问。"
        raise BadInput(message, errors=[FieldError("X-Conversation", message)])
    return key


def _speaker() -> Actor:
    """Who is talking, and from which network, so that new keys do not undo every limit."""
    return replace(current_actor(), network=network.digest(settings().proxy_hops))


class ArticleQuery(In):
    """Which article to open."""

    law: Line
    article: Line


class HistoryQuery(BaseModel):
    """Where to go on reading older turns (query values are text, so it may be read from text)."""

    model_config = ConfigDict(extra="forbid")
    before: RowId | None = None


class RestartIn(In):
    """重新开始."""

    key: RandomKey


@bp.get("/faq/start")
@public
@bp.output(StartOut)
def start() -> StartOut:
    """The greeting, the six most asked questions and the office hours."""
    return conversations.start(clock.now())


@bp.get("/faq/entries/<entry_id>")
@public
@bp.output(FaqEntryOut)
def entry(entry_id: str) -> FaqEntryOut:
    """One entry as it is in force now."""
    return articles.entry(entry_id, clock.now())


@bp.get("/articles")
@public
@bp.input(ArticleQuery, location="query", arg_name="query")
@bp.output(ArticleOut)
@openapi.also(answers=[404])
def article(query: ArticleQuery) -> ArticleOut:
    """An article of a law; its text where a checked one is held."""
    return articles.article(query.law, query.article)


@bp.get("/conversation")
@worker_optional
@bp.input(HistoryQuery, location="query", arg_name="query")
@bp.output(ConversationOut)
@openapi.also(parameters=(_KEY_HEADER,), answers=_ANSWERS)
def history(query: HistoryQuery) -> ConversationOut:
    """What was said, oldest first; empty for a key that was not used yet."""
    return conversations.history(_conversation_key(), current_actor(), query.before, clock.now())


@bp.post("/conversation/questions")
@worker_optional
@bp.input(Ask, arg_name="data")
@bp.output(ConversationOut)
@openapi.also(parameters=(_KEY_HEADER,), answers=_ANSWERS)
def ask(data: Ask) -> ConversationOut:
    """Ask; gives the turns that this question added, the person's own (masked) first."""
    return asking.ask(_conversation_key(), data.text, data.key, _speaker(), clock.now())


@bp.post("/conversation/choices")
@worker_optional
@bp.input(Choose, arg_name="data")
@bp.output(ConversationOut)
@openapi.also(parameters=(_KEY_HEADER,), answers=_ANSWERS)
def choose(data: Choose) -> ConversationOut:
    """A tapped button."""
    return asking.choose(_conversation_key(), data, _speaker(), clock.now())


@bp.post("/conversation/restart")
@worker_optional
@bp.input(RestartIn, arg_name="data")
@bp.output(ConversationOut)
@openapi.also(parameters=(_KEY_HEADER,), answers=_ANSWERS)
def restart(data: RestartIn) -> ConversationOut:
    """重新开始: what was said before is not used any more."""
    return conversations.restart(_conversation_key(), data.key, _speaker(), clock.now())


@bp.delete("/conversation/key")
@worker_optional
@bp.output({}, 204)
@openapi.also(parameters=(_KEY_HEADER,), answers=(404,))
def renew_key() -> str:
    """清掉这台手机上的对话: its key opens nothing any more; a key never used changes nothing."""
    conversations.renew_key(_conversation_key(), current_actor())
    return ""


@bp.post("/conversation/turns/<int:turn_id>/feedback")
@worker_optional
@bp.input(GiveFeedback, arg_name="data")
@bp.output(TurnOut)
@openapi.also(parameters=(_KEY_HEADER,), answers=_ANSWERS)
def rate(turn_id: int, data: GiveFeedback) -> TurnOut:
    """有用 or 没用, with a reason."""
    key, now = _conversation_key(), clock.now()
    return rating.rate(key, turn_id, data.verdict, data.note, now, current_actor())


@bp.post("/conversation/human")
@worker_optional
@bp.input(AskHuman, arg_name="data")
@bp.output(ConversationOut)
@openapi.also(parameters=(_KEY_HEADER,), answers=_ANSWERS)
def human(data: AskHuman) -> ConversationOut:
    """转人工: hands all that was said to a person and says until when an answer comes."""
    key, now = _conversation_key(), clock.now()
    return humans.call(key, data.key, data.text, data.phone, _speaker(), now)


@bp.get("/conversation/prefill")
@worker_optional
@bp.output(PrefillOut)
@openapi.also(parameters=(_KEY_HEADER,), answers=_ANSWERS)
def complaint_prefill() -> PrefillOut:
    """What was said, for the complaint form."""
    return prefill.of_conversation(_conversation_key(), current_actor(), clock.now())
