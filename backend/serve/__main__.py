"""`python -m backend.serve [--demo] [--host H] [--port N] [--data DIR]`."""

import os
import signal
import sys

from backend.app import create_app
from backend.demo import accounts
from backend.serve.announcement import Announcement
from backend.serve.commands import environment, jobs_command, web_command
from backend.serve.options import CannotStart, Options, read_options, refuse_busy_port
from backend.serve.prepare import prepare
from backend.serve.supervisor import Child, Supervisor
from backend.settings import ROOT, SettingsError, load


def serve(options: Options) -> int:
    """Prepare the database and supervise both processes until told to stop."""
    refuse_busy_port(options)
    env = environment(options)
    os.environ.update(env)
    settings = load()
    prepare(create_app(settings), is_demo=settings.demo)
    announcement = Announcement(options, accounts.SIGN_INS if settings.demo else ())
    supervisor = Supervisor(
        [
            Child("web", web_command(options, is_sqlite=settings.is_sqlite)),
            Child("jobs", jobs_command(), stop_signal=signal.SIGINT),
        ],
        cwd=ROOT,
        env=env,
        gives_up=announcement.hopeless,
    )
    code = supervisor.run(each_look=announcement.make_if_due)
    if supervisor.reason:
        print(supervisor.reason, file=sys.stderr)
    return code


def main(arguments: list[str]) -> int:
    """Start the service; print one plain message and return 1 when it cannot start."""
    try:
        return serve(read_options(arguments))
    except (CannotStart, SettingsError) as error:
        print(f"Cannot start: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
