"""`python -m faq`: lines in, lines out in the same order, and odd input is said, not crashed on."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from faq import __main__ as cli
from faq.bot import Bot
from faq.corpus import ROOT
from faq.schema import CorpusError, Fault

TEXTS = ["工资没发", "", "😀", "<script>alert(1)</script>", "a" * 10_000, "房东不退押金怎么办",
         "工伤怎么认定", "\x00", "Wie geht es Ihnen?", "你好"]  # fmt: skip


@pytest.fixture(autouse=True)
def one_bot(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands take the bot that is loaded already."""
    monkeypatch.setattr(Bot, "open", classmethod(lambda cls: bot))


def rank(
    lines: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, object]]:
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    assert cli.main(["rank"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_rank_answers_every_question_in_order(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = [{"id": f"q{n}", "text": text, "more": 1} for n, text in enumerate(TEXTS)]
    got = rank("\n".join(map(json.dumps, asked)), monkeypatch, capsys)
    assert [one["id"] for one in got] == [one["id"] for one in asked]
    for one in got:
        assert list(one) == ["id", "decision", "ranking", "score"]
        assert one["decision"] in {"answer", "suggest", "handoff"}
        ranking = one["ranking"]
        assert isinstance(ranking, list) and len(ranking) <= 5 and len(set(ranking)) == len(ranking)
    assert all(one["decision"] == "handoff" for one in got if TEXTS[int(str(one["id"])[1:])] == "")


def test_rank_passes_over_empty_lines_and_takes_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = '\n\n{"id": 7, "text": "工资没发"}\r\n   \n'
    assert [one["id"] for one in rank(lines, monkeypatch, capsys)] == [7]
    assert rank("", monkeypatch, capsys) == []


def test_ask_prints_the_decision_and_the_answer(
    bot: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = bot.corpus.entries["wage.pay_date"]
    assert cli.main(["ask", entry.phrasings[0]]) == 0
    out = capsys.readouterr().out
    assert out.startswith("answer 1.00\nwage.pay_date\n") and entry.short in out


def test_ask_names_where_else_to_go(bot: Bot, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["ask", bot.corpus.outside["oos.rent"].phrasings[0]]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "handoff 0.00 oos.rent"


@pytest.mark.parametrize("text", ["老板拖欠我三个月工资", "", "😀", "x"])
def test_why_shows_words_candidates_and_the_decision(
    bot: Bot, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["ask", text, "--why"]) == 0
    out = capsys.readouterr().out
    for head in ("asked", "normalised", "words", "concepts", "candidates", "most like it"):
        assert re.search(f"^{head}", out, re.MULTILINE)
    assert f"decision   {bot.decide(text).decision}" in out


def test_why_names_concepts_and_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["ask", "老板拖欠我三个月工资", "--why"])
    out = capsys.readouterr().out
    assert "=wages" in out and "=arrears" in out and re.search(r"[+-]\d\.\d\d", out)


def test_eval_prints_groups_sources_and_what_is_outside(
    bot: Bot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right = bot.corpus.entries["wage.pay_date"].phrasings[0]
    rent = bot.corpus.outside["oos.rent"].phrasings[0]
    lines = [
        {"text": right, "intent": "wage.pay_date", "group": "short", "source": "a", "also": []},
        {"text": right, "intent": "injury.apply", "group": "long", "source": "a"},
        {"text": right, "intent": "x", "also": ["wage.pay_date"], "group": "long", "source": "b"},
        {"text": rent, "intent": "oos", "group": "oos", "source": "b", "oos_kind": "law"},
        {"text": "啊", "intent": "unclear", "group": "short", "source": "a"},
        {"text": right, "intent": "none", "group": "short", "source": "a"},
    ]
    file = tmp_path / "questions.jsonl"
    file.write_text("\n".join([*map(json.dumps, lines), ""]), "utf-8")
    assert cli.main(["eval", str(file)]) == 0
    rows = {
        " ".join(line.split()[:2]): line.split()
        for line in capsys.readouterr().out.splitlines()
        if line
    }
    assert rows["group short"][2:] == ["1", "100.0%", "100.0%", "100.0%", "100.0%"]
    assert rows["group long"][2:4] == ["2", "50.0%"]
    assert rows["source b"][2:4] == ["1", "100.0%"]
    assert rows["law 1"][1:] == ["1", "0.0%", "0.0%", "100.0%"]


def test_eval_of_no_question_is_a_table_of_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "none.jsonl").write_text("\n", "utf-8")
    assert cli.main(["eval", str(tmp_path / "none.jsonl")]) == 0
    assert "top-1" in capsys.readouterr().out


def test_check_counts_when_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check"]) == 0
    assert re.fullmatch(r"\d+ entries, \d+ phrasings, \d+ outside\n", capsys.readouterr().out)


def test_check_warns_of_young_entries_of_staff_and_review_lists_them(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = bot.corpus.entries["probation.terms"]
    young = {"id": "staff.q1", "phrasings": ["紫藤补贴咋拿"], "reviewed_on": date(2026, 11, 25)}
    corpus = bot.corpus.with_entries([entry.model_copy(update=young)])
    monkeypatch.setattr(cli, "load", lambda: corpus)
    monkeypatch.setattr(cli, "check", lambda *_: [])
    assert cli.main(["check"]) == 0
    warning = "warning: staff.q1 has 1 phrasings, complete it by 2027-01-24\n"
    assert capsys.readouterr().out.startswith(warning)
    assert cli.main(["review"]) == 0
    assert f"| staff.q1 | {entry.question} | 1 | 2027-01-24 |" in capsys.readouterr().out


def test_check_prints_every_fault_and_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = [Fault("faq/content/a.yaml", 3, "one"), Fault("faq/content/b.yaml", 4, "two")]
    monkeypatch.setattr(cli, "check", lambda *_: found)
    assert cli.main(["check"]) == 1
    assert capsys.readouterr().out == "faq/content/a.yaml:3: one\nfaq/content/b.yaml:4: two\n"


def test_a_corpus_with_faults_is_said_and_not_answered_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: type[Bot]) -> Bot:
        raise CorpusError([Fault("faq/content/a.yaml", 3, "is wrong")])

    monkeypatch.setattr(Bot, "open", classmethod(refuse))
    assert cli.main(["ask", "工资没发"]) == 1
    got = capsys.readouterr()
    assert got.out == "" and got.err == "faq/content/a.yaml:3: is wrong\n"


def test_format_writes_the_one_form_and_says_what_it_cannot_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, name in (("content", "construction.yaml"), ("negatives", "near_money.yaml")):
        (tmp_path / folder).mkdir()
        shutil.copy(ROOT / folder / name, tmp_path / folder)
    path = tmp_path / "content" / "construction.yaml"
    wanted = path.read_text("utf-8")
    path.write_text("# a note\n" + wanted.replace("topic: construction", 'topic: "construction"'))
    monkeypatch.setattr(cli, "ROOT", tmp_path)
    assert cli.main(["format"]) == 0
    assert path.read_text("utf-8") == wanted
    broken = tmp_path / "content" / "broken.yaml"
    broken.write_text("topic: [\n")
    assert cli.main(["format"]) == 1
    assert "broken.yaml:" in capsys.readouterr().out
    assert broken.read_text() == "topic: [\n"


@pytest.mark.parametrize("words", [[], ["sing"], ["ask"], ["eval"]])
def test_an_unknown_command_is_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(words)
    assert stopped.value.code == 2
    assert "usage: python -m faq" in capsys.readouterr().err


def test_the_program_itself_reads_and_writes_utf8() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "faq", "rank"],
        input='{"id": "一", "text": "老闆走佬咗，爭我三個月人工"}\n',
        cwd=ROOT.parent, capture_output=True, text=True, encoding="utf-8", check=True, timeout=100,
    )  # fmt: skip
    assert json.loads(done.stdout)["id"] == "一"
    assert done.stderr == ""


@pytest.mark.parametrize(
    "line", ["not json", "[1]", '{"id": 1}', "[" * 100_000, '{"id": 1, "text": 5}']
)
def test_a_line_that_is_no_question_is_named_by_its_number(
    line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = f'{{"id": 1, "text": "工资没发"}}\n{line}\n'
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    assert cli.main(["rank"]) == 1
    got = capsys.readouterr()
    assert json.loads(got.out)["id"] == 1
    assert "line 2" in got.err
