"""The commands and variables with which the two supervised processes are started."""

import os
import sys

from backend.serve.options import Options

# SQLite has one writer: a second process only adds waiting (measured; docs/operations.md).
SQLITE_PROCESSES, SQLITE_THREADS = 1, 4
POSTGRES_PROCESSES, POSTGRES_THREADS = 2, 8
FINISH_REQUESTS_SECONDS = 10


def environment(options: Options) -> dict[str, str]:
    """Return the variables the child processes get; options win over what is set outside."""
    # the demo plays WeChat's server too, and both processes must find it
    chosen = {"XINHU_DEMO": "1", "XINHU_DEMO_URL": options.address} if options.is_demo else {}
    if options.data_dir is not None:
        chosen["XINHU_DATA_DIR"] = str(options.data_dir.resolve())
    return {**os.environ, **chosen}


def web_command(options: Options, *, is_sqlite: bool) -> list[str]:
    """Return the command of the web server, sized for the database in use."""
    processes = SQLITE_PROCESSES if is_sqlite else POSTGRES_PROCESSES
    threads = SQLITE_THREADS if is_sqlite else POSTGRES_THREADS
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
        *("--host", options.host, "--port", str(options.port), "--http", "1", "--no-ws"),
        *("--workers", str(processes), "--blocking-threads", str(threads)),
        *("--workers-kill-timeout", str(FINISH_REQUESTS_SECONDS), "--log-level", "warning"),
        "backend.app:create_web_app",
    ]


def jobs_command() -> list[str]:
    """Return the command of the job process."""
    return [sys.executable, "-m", "flask", "--app", "backend.app", "jobs", "run"]
