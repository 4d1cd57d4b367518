"""The options of `baypulse simulate`, one name each."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "Days",
    "Duplicates",
    "FaultReport",
    "Future",
    "Late",
    "LateBy",
    "LiveFrom",
    "LiveOrigin",
    "Malformed",
    "OrdersPerDay",
    "Out",
    "Seed",
    "Shuffle",
    "Skew",
    "Speed",
    "Start",
    "StoreCount",
    "StoresFile",
    "ToKafka",
    "TruthFile",
    "WallTimes",
    "Zones",
]

_FAULTS = "Misbehaviour"

StoreCount = Annotated[int, typer.Option("--stores", min=1, max=9_999, help="Number of stores.")]
Days = Annotated[int, typer.Option(min=1, max=3_660, help="Number of days.")]
Start = Annotated[dt.datetime, typer.Option(formats=["%Y-%m-%d"], help="First day.")]
Seed = Annotated[int, typer.Option(help="The same seed gives the same bytes.")]
OrdersPerDay = Annotated[float, typer.Option(min=1, max=500, help="Orders a store has a day, on average.")]
Zones = Annotated[
    list[str] | None,
    typer.Option("--zone", help="IANA time zone; stores take several in turn.", show_default="Asia/Shanghai"),
]

Out = Annotated[Path | None, typer.Option("--out", "-o", help="Write events here, one a line; - is standard output.")]
TruthFile = Annotated[
    Path | None, typer.Option("--truth", help="Write what is true about every KPI here (JSON lines).")
]
StoresFile = Annotated[Path | None, typer.Option("--stores-file", help="Write the list of stores here (TOML).")]
ToKafka = Annotated[bool, typer.Option("--kafka", help="Send to the topic of the settings.")]
WallTimes = Annotated[
    bool, typer.Option("--wall-times", help="Stamp Kafka's records with the time they are sent, not the simulated one.")
]

Speed = Annotated[float, typer.Option(min=0, help="Simulated seconds a second; 0 is as fast as possible.")]
LiveFrom = Annotated[
    str | None,
    typer.Option(
        help="The clock starts at this moment, RFC 3339; all before is sent at once.", show_default="first day"
    ),
]
LiveOrigin = Annotated[
    str | None, typer.Option(help="When the clock started, RFC 3339.", show_default="when sending starts")
]

Duplicates = Annotated[float, typer.Option(min=0, max=1, help="Share sent twice.", rich_help_panel=_FAULTS)]
Shuffle = Annotated[int, typer.Option(min=0, help="Disorder, within so many seconds.", rich_help_panel=_FAULTS)]
Late = Annotated[float, typer.Option(min=0, max=1, help="Share sent late.", rich_help_panel=_FAULTS)]
LateBy = Annotated[int, typer.Option(min=0, help="How late that is, in seconds.", rich_help_panel=_FAULTS)]
Future = Annotated[
    float, typer.Option(min=0, max=1, help="Share with a copy from the future.", rich_help_panel=_FAULTS)
]
Malformed = Annotated[
    float, typer.Option(min=0, max=1, help="Share with a broken record beside it.", rich_help_panel=_FAULTS)
]
Skew = Annotated[
    list[str] | None,
    typer.Option(help="A system's clock error in seconds, such as floor=-90.", rich_help_panel=_FAULTS),
]
FaultReport = Annotated[
    Path | None, typer.Option(help="Write here what was done wrong (JSON).", rich_help_panel=_FAULTS)
]
