"""The learnt model as files: made once for a set of phrasings, opened by every process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from faq.corpus import ROOT, Corpus
from faq.engine.linear import Linear, Weighing
from faq.engine.model import Model
from faq.engine.windows import Alphabet, Windows

#: Where models are kept unless told otherwise; made by `make setup`, never committed.
DEFAULT = ROOT.parent / "var" / "faq"
_FORM = 8
#: Models kept: the one in use, and some to go back to or for another branch of this folder.
_KEPT = 4

#: Arrays of each part of a model, in the order in which it is made of them.
_LINEAR = ("weights", "scales", "offsets")
_WINDOWS = ("letters", "concepts", "scales", "bias", "weights", "offsets")


class NoModel(Exception):
    """There is no model for this corpus, and it could not be learnt."""


def folder_of(corpus: Corpus, root: Path = DEFAULT) -> Path:
    """Where the model of this corpus is or will be."""
    return root / f"{corpus.learnt_from}-{_FORM}"


def save(model: Model, folder: Path) -> None:
    """Write a model so that a reader finds all of it or nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    linear, windows = model.linear, model.windows
    numbers = {f"windows-{name}": getattr(windows, name) for name in _WINDOWS}
    numbers |= {name: getattr(linear, name) for name in _LINEAR}
    for name, array in (*numbers.items(), ("rarity", linear.weighing.rarity)):
        np.save(work / f"{name}.npy", array)
    words = {
        "labels": linear.labels,
        "groups": [list(group) for group in linear.weighing.groups],
        "letters": windows.alphabet.letters,
        "concepts": windows.alphabet.concepts,
    }
    (work / "words.json").write_text(json.dumps(words, ensure_ascii=False), "utf-8")
    try:
        os.rename(work, folder)
    except OSError:
        if not folder.is_dir():  # another process was first; its model is the same
            raise
        for path in work.iterdir():
            path.unlink()
        work.rmdir()


def forget_old(root: Path) -> None:
    """Delete all but the newest models: each takes 30 MB, and every change of an entry makes one.

    A process that has one of them open keeps what it read.
    """
    models = [path for path in root.iterdir() if path.is_dir() and not path.name.startswith(".")]
    for path in sorted(models, key=lambda path: path.stat().st_mtime)[:-_KEPT]:
        shutil.rmtree(path)


def open_model(folder: Path) -> Model:
    """Read a model that `save` wrote."""

    def numbers(name: str) -> Any:
        return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))

    words = json.loads((folder / "words.json").read_text("utf-8"))
    columns = count()
    groups = tuple({feature: next(columns) for feature in group} for group in words["groups"])
    weighing = Weighing(groups, numbers("rarity"))
    linear = Linear(weighing, tuple(words["labels"]), *map(numbers, _LINEAR))
    alphabet = Alphabet(words["letters"], words["concepts"])
    windows = Windows(alphabet, *(numbers(f"windows-{name}") for name in _WINDOWS))
    return Model(linear, windows)


def model_of(corpus: Corpus, root: Path = DEFAULT) -> Model:
    """The model of the files' corpus, learnt now in a process of its own where it is missing."""
    folder = folder_of(corpus, root)
    if not folder.is_dir():
        learn(root)
    if not folder.is_dir():
        raise NoModel(f"learning made no model in {folder}")
    return open_model(folder)


def model_near(corpus: Corpus, files: Corpus, root: Path) -> Model:
    """The model of exactly this corpus where a job has learnt it, else that of the files.

    New phrasings work at once by likeness; a minute later the model knows them too.
    """
    folder = folder_of(corpus, root)
    return open_model(folder) if folder.is_dir() else model_of(files)


def learn(root: Path, changed: Path | None = None) -> None:
    """Learn the files' corpus in a process of its own; `changed` is a JSON list of entries."""
    extra = ["--with", str(changed)] if changed else []
    command = [sys.executable, "-m", "faq.fitting", "--into", str(root), *extra]
    done = subprocess.run(command, cwd=ROOT.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoModel(f"learning the FAQ model failed: {done.stderr.strip()}")
