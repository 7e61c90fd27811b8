"""What the bot says to one message: help in a crisis, answers, a question back, or where else to go."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.faqbot.schemas import FaqEntryOut
from backend.faqbot.service import shown
from backend.faqbot.service.articles import titles
from backend.faqbot.service.turns import Said
from backend.law import limits
from faq.bot import Bot
from faq.engine.clarify import Rule
from faq.engine.decide import SUGGESTED, Decided
from faq.engine.matters import matters_of

HUMAN, GREETING = "chat.human", "chat.greeting"
#: Stands for a fact that was asked for and not answered: it is not asked for again.
ASKED = "?"
LONGEST_SHORT_ANSWER, MOST_CALLS = 12, 3
#: Belief in an entry from which it is offered even where we say that it is not our matter.
_MAY_BE_OURS = 0.2
_PIECES = re.compile(r"[。！？!?；;，,、\s]+")
_CALL = re.compile(r"人工|真人|活人|客服|工作人员|找.{0,2}人")

_CRISIS_WORDS = {
    "self_harm": "您别急，先打 120，电话里马上有人帮您。钱的事我们陪您一步一步办。",
    "injury_now": "先救人：马上打120。人稳住了再说赔偿，先拍照、留住现场。",
    "violence": "先保护好自己，有危险马上打110。动手会让有理变没理，钱的事我们依法办。",
    "child": "不满16岁干活，要马上有人管。请打12333，我们的人也会尽快看这条。",
    "gathering": "聚集、堵路会惹上麻烦，钱也不会更快。请打12333，我们的人尽快联系您。",
}
_SUGGEST = "您是想问这个吗？点一下就行。都不是，就换个说法，或者转人工。"
_PERHAPS_OURS = "是劳动方面的事，点下面的问题。不是的话："
_HANDOFF = "这个我没把握，不敢乱答。您可以换个说法，或者转人工，我们的人来答。"
_NOTHING = "没看明白。您用一句话说说：在哪干活、出了什么事、想要什么。"
_GREET = "您好，您说，我听着。工资、合同、社保、工伤的事都可以问。"
_SEVERAL = "您说了几件事，我一件一件答。期限最近的放在前面。"
_ONE_MORE = "还有一件，您是想问哪个？"
_LOOK_AT_BOTH = "说不准没关系，两种您都看看。还拿不准，转人工。"
_NOT_KNOWN = re.compile("不知道|不晓得|唔知|不清楚|说不准|不确定|不太懂|不懂")
#: What masking has left in a message, with the words that announced the number.
_MASKS = re.compile(
    r"(?:我的?|这是)?(?:身份证|手机|电话|银行卡|卡|号码)?(?:号码?)?(?:是|[:：])?\s*【[^】]*】"
)


@dataclass(slots=True)
class Reply:
    """What to write, what was learnt of the person's case, and whether a person is needed."""

    said: list[Said]
    facts: dict[str, str] = field(default_factory=dict)
    calls_human: bool = False
    is_bare_call: bool = False
    is_crisis: bool = False
    is_miss: bool = False


class Replier:
    """Answers from one version of the corpus on one day."""

    def __init__(self, bot: Bot, today: date) -> None:
        self._bot = bot
        self._today = today
        self._titles = titles(bot.corpus.entries.values())

    def reply(self, text: str, facts: dict[str, str], asked: dict[str, Any] | None = None) -> Reply:
        """The reply to a message, knowing the facts said in the last half hour.

        `asked` is the clarifying question that was said last: a short answer in words counts
        like a tap on its button.
        """
        text = _without_masks(text)
        said_now = self._bot.facts(text)
        known = facts | said_now
        group = self._bot.crisis(text)
        decided = self._bot.decide(text)
        if group:
            return self._crisis(group, decided, said_now)
        tapped = self._in_words(text, asked, said_now) if asked else None
        if tapped:
            return tapped
        several = self._several(text)
        reply = Reply(several) if several else self._one(decided, known)
        reply.facts = reply.facts | said_now
        if not reply.calls_human and self._calls_human(text):
            reply.calls_human, reply.is_miss = True, False
        return reply

    def chosen(self, entry_id: str) -> Said:
        """The answer to a tapped button; KeyError when the entry is not in force."""
        return self._answer(entry_id, None)

    def rule_answers(self, fact: str, value: str, between: list[str]) -> str | None:
        """The entry that a value of a clarifying question leads to."""
        rule = next(
            (
                r
                for r in self._bot.corpus.clarify.rules
                if r.fact == fact and self._fits(r, between)
            ),
            None,
        )
        return rule.answers.get(value) if rule else None

    def _fits(self, rule: Rule, between: list[str]) -> bool:
        return set(between) <= set(rule.answers.values())

    def _crisis(self, group: str, decided: Decided, facts: dict[str, str]) -> Reply:
        said = [Said("bot", "crisis", _CRISIS_WORDS[group], payload={"crisis": group})]
        if group in ("injury_now", "child") and decided.decision == "answer":
            said.append(self._answer(decided.entries[0], decided.score))
        return Reply(said, facts, calls_human=True, is_crisis=True)

    def _in_words(self, text: str, asked: dict[str, Any], said_now: dict[str, str]) -> Reply | None:
        """The answer to a clarifying question, given as words instead of a tap."""
        if len(text) > LONGEST_SHORT_ANSWER:
            return None
        labels = {choice["label"]: choice["value"] for choice in asked["choices"]}
        fact = asked["fact"]
        if _NOT_KNOWN.search(text) and text not in labels:
            return Reply([self._both(asked["between"])], said_now | {fact: ASKED})
        value = labels.get(text.strip(" 。，!！")) or said_now.get(fact, "")
        entry_id = self.rule_answers(fact, value, asked["between"])
        if entry_id not in self._bot.corpus.entries:
            return None
        return Reply([self._answer(str(entry_id), None)], said_now | {fact: value})

    def _both(self, between: list[str]) -> Said:
        """Whoever does not know the deciding fact may look at both answers."""
        choices = [
            {"label": self._titles[entry], "entry_id": entry}
            for entry in between
            if entry in self._bot.corpus.entries
        ]
        payload = {"choices": choices, "offers_human": True}
        return Said("bot", "suggest", _LOOK_AT_BOTH, payload=payload)

    def _calls_human(self, text: str) -> bool:
        """Whether one part of a longer message asks for a person."""
        pieces = [piece.strip() for piece in _PIECES.split(text)]
        calls = [p for p in pieces if _CALL.search(p) and len(p) <= LONGEST_SHORT_ANSWER]
        if len(pieces) < 2:
            return False
        decisions = [self._bot.decide(piece) for piece in calls[:MOST_CALLS]]
        return any(d.decision == "answer" and d.entries[0] == HUMAN for d in decisions)

    def _several(self, text: str) -> list[Said]:
        """What is said to a message that speaks of several matters; nothing to one of a single."""
        matters = matters_of(text, self._bot.decide)
        if not matters.are_several:
            return []
        entries = limits.most_urgent_first(list(matters.entries))
        is_one = len(entries) == 1
        said = [self._answer(entries[0], None) if is_one else self._said_several(entries)]
        if matters.away is not None and matters.away.outside is not None:
            said.append(self._redirect(matters.away, matters.away.outside))
        if matters.unclear is not None:
            payload = {"choices": self._choices(matters.unclear), "offers_human": True}
            said.append(Said("bot", "suggest", _ONE_MORE, payload=payload))
        return said

    def _said_several(self, entry_ids: list[str]) -> Said:
        shown_now = [self._entry(entry_id) for entry_id in entry_ids]
        payload = {
            "entries": [{"id": e.id, "revision": e.revision} for e in shown_now],
            "offers_complaint": any(_files_complaint(e) for e in shown_now),
        }
        return Said("bot", "several", _SEVERAL, payload=payload, others=shown_now)

    def _one(self, decided: Decided, known: dict[str, str]) -> Reply:
        if decided.decision == "handoff":
            return self._away(decided)
        first = decided.entries[0]
        if decided.decision == "answer":
            if first == HUMAN:
                return Reply([], calls_human=True, is_bare_call=True)
            if first == GREETING:
                return Reply([Said("bot", "greeting", _GREET, score=decided.score)])
            return Reply([self._answer(first, decided.score)])
        rule = self._rule(decided)
        if rule is None:
            return Reply([self._suggest(decided)], is_miss=True)
        value = known.get(rule.fact, "")
        if value in rule.answers:
            return Reply([self._answer(rule.answers[value], decided.score)])
        if value:  # asked already, or known and of no use here: it is not asked again
            return Reply([self._suggest(decided)], is_miss=True)
        return Reply([self._ask(rule, decided)], {rule.fact: ASKED})

    def _rule(self, decided: Decided) -> Rule | None:
        if len(decided.entries) < 2:
            return None
        rule = self._bot.corpus.clarify.rule_for(decided.entries[0], decided.entries[1])
        is_whole = rule and self._bot.corpus.entries.keys() >= set(rule.answers.values())
        return rule if is_whole else None

    def _away(self, decided: Decided) -> Reply:
        if decided.outside is None:
            words = _HANDOFF if decided.entries and decided.score else _NOTHING
            said = Said("bot", "handoff", words, payload={"offers_human": True})
            return Reply([said], is_miss=True)
        return Reply([self._redirect(decided, decided.outside)])

    def _redirect(self, decided: Decided, outside: str) -> Said:
        """Where else to go; with the entries it may be about where that is not certain."""
        words = self._bot.corpus.outside[outside].redirect
        payload: dict[str, Any] = {"outside": outside, "offers_human": True}
        if decided.decision == "suggest" or decided.score >= _MAY_BE_OURS:
            payload["choices"] = self._choices(decided)
            words = _PERHAPS_OURS + words
        return Said("bot", "redirect", words, payload=payload, score=decided.score)

    def _suggest(self, decided: Decided) -> Said:
        if decided.outside is not None:
            return self._redirect(decided, decided.outside)
        payload = {"choices": self._choices(decided), "offers_human": True}
        return Said("bot", "suggest", _SUGGEST, payload=payload, score=decided.score)

    def _choices(self, decided: Decided) -> list[dict[str, str]]:
        return [
            {"label": self._titles[entry_id], "entry_id": entry_id}
            for entry_id in [e for e in decided.entries if e != GREETING][:SUGGESTED]
        ]

    def _ask(self, rule: Rule, decided: Decided) -> Said:
        fact = self._bot.corpus.clarify.facts[rule.fact]
        choices = [{"label": label, "value": value} for value, label in fact.options.items()]
        payload = {"fact": rule.fact, "between": list(decided.entries[:2]), "choices": choices}
        return Said("bot", "clarify", fact.ask, payload=payload, score=decided.score)

    def _answer(self, entry_id: str, score: float | None) -> Said:
        entry = self._entry(entry_id)
        payload = {"offers_complaint": _files_complaint(entry)}
        return Said("bot", "answer", entry.short, entry, payload, score)

    def _entry(self, entry_id: str) -> FaqEntryOut:
        entry = self._bot.corpus.entries[entry_id]
        return shown.entry_out(entry, self._titles, self._today)


def _without_masks(text: str) -> str:
    """A message without what was made unreadable in it: that is no matter to be answered."""
    return _MASKS.sub(" ", text)


def _files_complaint(entry: FaqEntryOut) -> bool:
    return any(action.kind == "file_complaint" for action in entry.actions)
