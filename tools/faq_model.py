"""Learns the model of the FAQ bot's phrasings, unless it was learnt from the same ones before."""

from tools import stamps
from tools.places import ROOT, VENV, VENV_PYTHON
from tools.shell import run_quietly, say

_SOURCES = ("content", "negatives", "lexicon", "engine", "store.py", "fitting.py")


def ensure() -> None:
    """Make sure that `var/faq` holds the model, so that no first question has to wait for it."""
    stamp = VENV / ".faq-model.stamp"
    wanted = stamps.digest([ROOT / "faq" / name for name in _SOURCES], str(VENV))
    if stamps.is_current(stamp, wanted) and any((ROOT / "var" / "faq").glob("*/words.json")):
        return
    say("Learning the FAQ's phrasings")
    stamps.clear(stamp)
    run_quietly([VENV_PYTHON, "-m", "faq.fitting"], cwd=ROOT, hint="Does `make check` pass?")
    stamps.write(stamp, wanted)
