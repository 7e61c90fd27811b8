"""Prepares this folder for running or testing: `python3 -m tools.setup run|dev|python`."""

import argparse
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from tools import builds, desk_assets, faq_model, node_env, python_env
from tools.exclusive import only_one_setup
from tools.places import DESK, MINIPROGRAM
from tools.shell import StepFailed


def prepare_run() -> None:
    """Everything the service needs: packages, both builds, the desk's files."""
    _install_service()
    with _bot_is_learning():
        node_env.ensure_node()
        builds.build_web_page()
        builds.build_mini_program()
        desk_assets.build()


def prepare_python() -> None:
    """The Python packages that the service, checks and tests need, and what the bot has learnt."""
    _install_service()
    with _bot_is_learning():
        python_env.install("requirements-dev.txt")


def prepare_dev() -> None:
    """Everything the checks need: development packages and the npm packages."""
    _install_service()
    with _bot_is_learning():
        python_env.install("requirements-dev.txt")
        node_env.install_packages(MINIPROGRAM)
        node_env.install_packages(DESK)


def _install_service() -> None:
    python_env.ensure_venv()
    python_env.install("requirements.txt")


@contextmanager
def _bot_is_learning() -> Iterator[None]:
    """Meanwhile the bot learns, which takes one core most of a minute and waits for no download."""
    with ThreadPoolExecutor(1) as beside:
        learning = beside.submit(faq_model.ensure)
        yield
        learning.result()


STEPS: dict[str, Callable[[], None]] = {
    "python": prepare_python,
    "run": prepare_run,
    "dev": prepare_dev,
}


def main(arguments: list[str]) -> int:
    """Do one set-up step; print a plain sentence and return 1 when it cannot be done."""
    parser = argparse.ArgumentParser(prog="python3 -m tools.setup", description=__doc__)
    parser.add_argument("step", choices=sorted(STEPS))
    try:
        step = STEPS[parser.parse_args(arguments).step]
        with only_one_setup():
            step()
    except StepFailed as failure:
        print(f"\nSet-up stopped: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Run the same command again to go on.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
