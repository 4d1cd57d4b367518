"""The command line: which commands there are, and how an error becomes a sentence and an exit code."""

import sys

import typer

from importer.command import import_command
from simulator.command import simulate_command
from streams.commands.events import events
from streams.commands.kpis import kpis
from streams.commands.replay import replay
from streams.commands.topics import topics
from streams.commands.worker import worker
from streams.errors import UserError
from streams.sending import kafka_target, sender

__all__ = ["app", "main"]

app = typer.Typer(
    help="Live KPIs, wall screens and lateness alerts for vehicle workshops.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (worker, topics, replay, events, kpis):
    app.command()(command)
app.command("import")(import_command(sender()))
app.command("simulate")(simulate_command(kafka_target))


def main() -> None:
    """Run a command; what a person can mend is said in one sentence."""
    try:
        app()
    except UserError as error:
        typer.echo(f"baypulse: {error}", err=True)
        sys.exit(error.exit_code)
