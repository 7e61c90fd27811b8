"""Commands of the service, each a thin call: jobs, audit, staff, calendar, the API document."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from huey.consumer import Consumer

from backend import calendars, scheduler
from backend.audit import seals
from backend.core import clock
from backend.core.actor import SYSTEM
from backend.core.errors import Problem
from backend.faqbot.service import exporting
from backend.identity import service as identity
from backend.identity.roles import ROLES
from backend.law.yearfile import CalendarError
from faq.check import LEAST_PHRASINGS
from faq.schema import CorpusError

jobs = AppGroup("jobs", help="Periodic work.")
audit = AppGroup("audit", help="The audit record.")
staff = AppGroup("staff", help="Members of staff.")
calendar = AppGroup("calendar", help="The working-day calendar.")
workers = AppGroup("workers", help="Workers' accounts.")
faq = AppGroup("faq", help="The questions and answers.")


@jobs.command("run")
def run_jobs() -> None:
    """Run the job process until it is stopped."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    scheduler.run_all(app)  # at start: what fell due while nothing ran
    Consumer(scheduler.build(app, app.config["SETTINGS"]), workers=1).run()


@jobs.command("once")
def run_once() -> None:
    """Run every job once, now."""
    failed = scheduler.run_all(current_app._get_current_object())  # type: ignore[attr-defined]
    if failed:
        raise click.ClickException(f"these jobs failed: {', '.join(failed)}")
    click.echo("every job ran")


@audit.command("verify")
def verify_audit() -> None:
    """Look for any edit, removal or insertion in the record; exit 1 when one is found."""
    faults = seals.verify()
    for fault in faults:
        click.echo(fault)
    if faults:
        raise click.ClickException(f"{len(faults)} faults")
    click.echo("the record is whole")


@staff.command("add")
@click.argument("username")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(ROLES))
@click.option("--unit", required=True)
@click.password_option()
def add_staff(username: str, name: str, roles: tuple[str, ...], unit: str, password: str) -> None:
    """Add a member of staff."""
    try:
        identity.create_staff(
            username=username, name=name, roles=list(roles), unit=unit, password=password,
            actor=SYSTEM, now=clock.now(),
        )  # fmt: skip
    except Problem as problem:
        raise click.ClickException(problem.detail) from problem
    click.echo(f"{name} can sign in as {username}")


@staff.command("reset-password")
@click.argument("username")
@click.password_option()
def reset_password(username: str, password: str) -> None:
    """Give a member of staff a new password; whoever is signed in under it is signed out."""
    person = identity.staff_by_username(username)
    if person is None:
        raise click.ClickException(f"nobody signs in as {username}")
    try:
        identity.set_password(person.id, password, SYSTEM, clock.now())
    except Problem as problem:
        raise click.ClickException(problem.detail) from problem
    click.echo(f"{person.name} has a new password; every session of theirs has ended")


@workers.command("not-merged")
def list_not_merged() -> None:
    """List accounts that WeChat says are one person and that have two telephones."""
    pairs = identity.not_merged()
    for low, high in pairs:
        click.echo(f"workers {low} and {high}: one unionid, two telephones")
    click.echo(f"{len(pairs)} pairs; nothing was moved, ask the person which telephone is theirs")


@calendar.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_calendar(file: Path) -> None:
    """Import a year of the State Council's holiday notice; provisional dates are counted again."""
    try:
        year = calendars.import_year(current_app.config["SETTINGS"], file)
    except CalendarError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{year} is in place; every process takes it up within a minute")


@faq.command("export")
def export_faq() -> None:
    """Write approved changes of the question bank back into faq/content."""
    try:
        done = exporting.export(clock.now())
    except CorpusError as error:
        raise click.ClickException(str(error)) from error
    for name, ids in done.written.items():
        click.echo(f"{name}: {', '.join(ids)}")
    for entry_id in done.stale:
        click.echo(f"left out, its file has moved on: {entry_id}")
    for few in done.few:
        click.echo(_few_words(few))
    click.echo("run `python -m faq check` and `python -m faq review`, then commit the files")


def _few_words(few: exporting.Few) -> str:
    has = f"{few.entry_id} has {few.phrasings} phrasings, {LEAST_PHRASINGS} are needed"
    if few.complete_by is None:
        return f"{has}: `python -m faq check` fails until they are there"
    return f"{has} by {few.complete_by}: until then `python -m faq check` only warns"


@click.command("openapi")
@with_appcontext
def openapi() -> None:
    """Print the API document."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    click.echo(json.dumps(app.spec, ensure_ascii=False, indent=1, sort_keys=True))


def register(app: Flask) -> None:
    """Add the commands to `flask`."""
    for command in (jobs, audit, staff, workers, calendar, faq, openapi):
        app.cli.add_command(command)
