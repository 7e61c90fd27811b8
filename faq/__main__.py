"""`python -m faq`: ask, rank, eval, check, format, review."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.law import statutes, values
from backend.law.days import shanghai_today
from backend.law.policy import DEFAULT_POLICY
from faq import evaluation, review
from faq.bot import Bot
from faq.check import Known, check, unfinished
from faq.corpus import ROOT, load
from faq.explain import explain
from faq.reading import read_all
from faq.schema import CorpusError
from faq.writing import written

#: Placeholders that come from the bureau's own settings, not from the values of the law.
BUREAU_VALUES = frozenset(
    {"bureau_name", "district", "city", "lecture_brand", "site_code_brand", "office_hours",
     "office_address", "office_phone", "supervision_phone"}
)  # fmt: skip


def known() -> Known:
    """What the law room holds."""
    held = {(law, a) for law, statute in statutes.statutes().items() for a in statute.articles}
    complete_by = DEFAULT_POLICY.phrasings_complete_by
    return Known(frozenset(held), values.keys() | BUREAU_VALUES, complete_by)


def _ask(arguments: argparse.Namespace) -> int:
    bot = Bot.open()
    lines = explain(bot, arguments.text) if arguments.why else _short(bot, arguments.text)
    print("\n".join(lines))
    return 0


def _short(bot: Bot, text: str) -> list[str]:
    decided = bot.decide(text)
    head = f"{decided.decision} {decided.score:.2f} {decided.outside or ''}".rstrip()
    if decided.decision != "answer":
        return [head, *decided.entries[:3]]
    entry = bot.corpus.entries[decided.entries[0]]
    return [head, entry.id, entry.short, entry.answer]


def _rank(_arguments: argparse.Namespace) -> int:
    bot = Bot.open()
    faults = 0
    for number, line in enumerate(sys.stdin, 1):
        question = _question(line) if line.strip() else None
        if question is not None:
            print(json.dumps(_ranked(bot, question), ensure_ascii=False))
        elif line.strip():
            print(f"line {number} is no JSON object with id and text", file=sys.stderr)
            faults += 1
    return 1 if faults else 0


def _question(line: str) -> dict[str, Any] | None:
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        return None
    is_one = isinstance(read, dict) and "id" in read and isinstance(read.get("text"), str)
    return read if is_one else None


def _ranked(bot: Bot, question: dict[str, Any]) -> dict[str, object]:
    decided = bot.decide(question["text"])
    return {
        "id": question["id"],
        "decision": decided.decision,
        "ranking": list(decided.entries),
        "score": decided.score,
    }


def _eval(arguments: argparse.Namespace) -> int:
    lines = Path(arguments.file).read_text("utf-8").splitlines()
    questions = [json.loads(line) for line in lines if line.strip()]
    print("\n".join(evaluation.evaluate(Bot.open(), questions).lines()))
    return 0


def _check(_arguments: argparse.Namespace) -> int:
    faults = check(known(), shanghai_today(datetime.now(UTC)))
    for fault in faults:
        print(fault)
    corpus = None if faults else load()
    if corpus:
        for entry in unfinished(corpus):
            by = DEFAULT_POLICY.phrasings_complete_by(entry.reviewed_on)
            print(f"warning: {entry.id} has {len(entry.phrasings)} phrasings, complete it by {by}")
        phrasings = sum(len(entry.phrasings) for entry in corpus.entries.values())
        print(
            f"{len(corpus.entries)} entries, {phrasings} phrasings, {len(corpus.outside)} outside"
        )
    return 1 if faults else 0


def _review(_arguments: argparse.Namespace) -> int:
    held = {
        (law, article): text
        for law, statute in statutes.statutes().items()
        for article, text in statute.articles.items()
    }
    doubts = (ROOT / "doubts.md").read_text("utf-8")
    print(review.page(load(), held, doubts, DEFAULT_POLICY.phrasings_complete_by), end="")
    return 0


def _format(_arguments: argparse.Namespace) -> int:
    faults = []
    for path, topic in read_all(ROOT):
        if isinstance(topic, list):
            faults += topic
        else:
            path.write_text(written(topic), "utf-8")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m faq", description=__doc__)
    commands = parser.add_subparsers(required=True)
    ask = commands.add_parser("ask", help="answer one question")
    ask.add_argument("text")
    ask.add_argument("--why", action="store_true", help="show words, concepts, candidates, scores")
    ask.set_defaults(run=_ask)
    commands.add_parser("rank", help="{id, text} lines in, decisions out").set_defaults(run=_rank)
    evaluate = commands.add_parser("eval", help="accuracy on labelled questions")
    evaluate.add_argument("file")
    evaluate.set_defaults(run=_eval)
    commands.add_parser("check", help="validate the corpus").set_defaults(run=_check)
    commands.add_parser("review", help="docs/faq-review.md, printed").set_defaults(run=_review)
    commands.add_parser("format", help="rewrite the files in their form").set_defaults(run=_format)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run a command; a corpus with faults prints them and gives 1."""
    chosen = _parser().parse_args(arguments)
    try:
        code: int = chosen.run(chosen)
    except CorpusError as error:
        print(error, file=sys.stderr)
        return 1
    return code


if __name__ == "__main__":
    sys.exit(main())
