"""The `survey` command: parses, calls, prints. Errors go to stderr and set the exit status."""

from __future__ import annotations

import sys

import click

from survey.cli.errors import explained
from survey.cli.exports import backup, export
from survey.cli.facilitators import facilitator
from survey.cli.newer_version import update_workshop
from survey.cli.questionnaires import check, schema
from survey.cli.responses import import_handed_over, response
from survey.cli.workshops import workshop
from survey.serving import DEFAULT_PORT
from survey.settings import read_settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tashkhis", prog_name="survey")
def main() -> None:
    """Participatory diagnosis: questionnaires, workshops, answers."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


@main.command()
@click.option("--host", default="0.0.0.0", show_default=True, help="Address to listen on.")
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535))
@explained
def serve(host: str, port: int) -> None:
    """Serve the app to phones on the same network."""
    from survey.serving import serve as serve_app

    serve_app(read_settings(), host, port)


workshop.add_command(update_workshop)
for command in (
    check,
    schema,
    workshop,
    response,
    import_handed_over,
    facilitator,
    export,
    backup,
):
    main.add_command(command)
