"""`baypulse topics`: create the topics that are missing, and check them all."""

import asyncio

import typer

from streams.commands.options import Config
from streams.settings import Settings, load_settings
from streams.topics import check_topics, create_topics

__all__ = ["topics"]


def topics(config: Config = None) -> None:
    """Create the topics for events, state and dead letters where they are missing, and check that they fit together."""
    settings = load_settings(config)
    created, partitions = asyncio.run(_create_and_check(settings))
    for name in created:
        typer.echo(f"created {name}")
    names = settings.topics
    typer.echo(f"{names.events}, {names.state} and {names.dead} fit together, with {partitions} partitions each")


async def _create_and_check(settings: Settings) -> tuple[list[str], int]:
    created = await create_topics(settings)
    return created, await check_topics(settings)
