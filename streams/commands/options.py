"""What several commands have in common on the command line."""

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["Config"]

Config = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        help="TOML file with settings; BAYPULSE_… variables win over it.",
        show_default="BAYPULSE_CONFIG",
    ),
]
