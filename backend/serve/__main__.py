"""`python -m backend.serve [--demo] [--host H] [--port N] [--data DIR]`."""

import os
import signal
import sys
import urllib.error
import urllib.request

from backend.app import create_app
from backend.demo import accounts
from backend.serve.banner import banner
from backend.serve.options import CannotStart, Options, read_options, refuse_busy_port
from backend.serve.prepare import prepare
from backend.serve.supervisor import Child, Supervisor
from backend.settings import ROOT, Settings, SettingsError, load

# SQLite has one writer: a second process only adds waiting (measured, see docs/operations.md).
SQLITE_PROCESSES, SQLITE_THREADS = 1, 4
POSTGRES_PROCESSES, POSTGRES_THREADS = 2, 8
# A web process that has died this often without ever answering will not come up by itself.
HOPELESS_STARTS = 3


def environment(options: Options) -> dict[str, str]:
    """Return the variables the child processes get; options win over what is set outside."""
    chosen = {"XINHU_DEMO": "1"} if options.is_demo else {}
    if options.data_dir is not None:
        chosen["XINHU_DATA_DIR"] = str(options.data_dir.resolve())
    return {**os.environ, **chosen}


def web_command(options: Options, settings: Settings) -> list[str]:
    """Return the command of the web server, sized for the database in use."""
    is_sqlite = settings.is_sqlite
    processes = SQLITE_PROCESSES if is_sqlite else POSTGRES_PROCESSES
    threads = SQLITE_THREADS if is_sqlite else POSTGRES_THREADS
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--host", options.host, "--port", str(options.port), "--http", "1", "--no-ws"),
        *("--workers", str(processes), "--blocking-threads", str(threads)),
        *("--workers-kill-timeout", "10", "--log-level", "warning"),
        "backend.app:create_app",
    ]


def jobs_command() -> list[str]:
    """Return the command of the job process."""
    return [sys.executable, "-m", "flask", "--app", "backend.app", "jobs", "run"]


def has_answered(address: str) -> bool:
    """Tell whether the service answers at all; an unhealthy answer is an answer too."""
    try:
        with urllib.request.urlopen(f"{address}/healthz", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


class Announcement:
    """Prints the banner once, at the service's first answer."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self.is_made = False

    def make_if_due(self) -> None:
        """Print the banner when the service answers and it was not printed before."""
        if self.is_made or not has_answered(self._options.address):
            return
        sign_ins = accounts.SIGN_INS if self._options.is_demo else ()
        print(banner(self._options, sign_ins), flush=True)
        self.is_made = True

    def hopeless(self, child: Child) -> str | None:
        """Name the reason to give up when the web process dies again and again unanswered."""
        if child.name != "web" or child.deaths < HOPELESS_STARTS or self.is_made:
            return None
        return "The web process does not start; its own message is above."


def serve(options: Options) -> int:
    """Prepare the database and supervise both processes until told to stop."""
    refuse_busy_port(options)
    env = environment(options)
    os.environ.update(env)
    settings = load()
    prepare(create_app(settings), is_demo=options.is_demo)
    announcement = Announcement(options)
    supervisor = Supervisor(
        [
            Child("web", web_command(options, settings)),
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
