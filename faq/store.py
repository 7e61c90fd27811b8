"""The learnt model as files: made once for a set of phrasings, opened by every process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from itertools import count
from pathlib import Path

import numpy as np

from faq.corpus import ROOT, Corpus
from faq.engine.linear import Linear, Weighing

#: Where models are kept unless told otherwise; made by `make setup`, never committed.
DEFAULT = ROOT.parent / "var" / "faq"
_FORM = 6


class NoModel(Exception):
    """There is no model for this corpus, and it could not be learnt."""


def folder_of(corpus: Corpus, root: Path = DEFAULT) -> Path:
    """Where the model of this corpus is or will be."""
    return root / f"{corpus.learnt_from}-{_FORM}"


def save(linear: Linear, folder: Path) -> None:
    """Write a model so that a reader finds all of it or nothing."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    np.save(work / "weights.npy", linear.weights)
    np.save(work / "scales.npy", linear.scales)
    np.save(work / "offsets.npy", linear.offsets)
    np.save(work / "rarity.npy", linear.weighing.rarity)
    words = {"labels": linear.labels, "groups": [list(group) for group in linear.weighing.groups]}
    (work / "words.json").write_text(json.dumps(words, ensure_ascii=False), "utf-8")
    try:
        os.rename(work, folder)
    except OSError:
        if not folder.is_dir():  # another process was first; its model is the same
            raise
        for path in work.iterdir():
            path.unlink()
        work.rmdir()


def open_model(folder: Path) -> Linear:
    """Read a model that `save` wrote."""
    words = json.loads((folder / "words.json").read_text("utf-8"))
    columns = count()
    groups = tuple({feature: next(columns) for feature in group} for group in words["groups"])
    return Linear(
        Weighing(groups, np.load(folder / "rarity.npy")),
        tuple(words["labels"]),
        np.asarray(np.load(folder / "weights.npy", mmap_mode="r")),
        np.load(folder / "scales.npy"),
        np.load(folder / "offsets.npy"),
    )


def model_of(corpus: Corpus, root: Path = DEFAULT) -> Linear:
    """The model of the files' corpus, learnt now in a process of its own where it is missing."""
    folder = folder_of(corpus, root)
    if not folder.is_dir():
        learn(root)
    if not folder.is_dir():
        raise NoModel(f"learning made no model in {folder}")
    return open_model(folder)


def model_near(corpus: Corpus, files: Corpus, root: Path) -> Linear:
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
