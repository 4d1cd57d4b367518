"""The map: what a TOML file says about an export and the events in it. docs/import.md is its reference."""

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from importer.errors import MapError
from importer.times import read_clock

__all__ = [
    "Condition",
    "Conditions",
    "FileSettings",
    "Map",
    "Template",
    "ValueSpec",
    "load_map",
    "parse_map",
    "shipped_maps",
]

_MAPS = Path(__file__).parent / "maps"

Scalar = str | int | float | bool
ValueMap = dict[str, Scalar]
Pick = Literal["first", "last", "min", "max", "any", "every", "sum", "all"]
Kind = Literal["text", "bool", "int", "decimal", "hours_from_minutes", "time", "date"]


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f"{name!r} is not an IANA time zone such as Asia/Shanghai") from None
    return name


def _clock(text: str) -> str:
    read_clock(text)
    return text


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


Zone = Annotated[str, AfterValidator(_zone)]
Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileSettings(_Part):
    """How to read the file: the first two are for .csv, `sheet` is for .xlsx."""

    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: Literal["utf-8-sig", "gb18030"] = "utf-8-sig"
    sheet: str | int = 1
    header_row: Annotated[int, Field(ge=1)] = 1
    optional: tuple[str, ...] = ()
    ignore_case: bool = False


class Condition(_Part):
    """A test of one cell's text; all tests named in it must hold."""

    column: str
    equals: Texts | None = None
    not_equals: Texts | None = None
    matches: str | None = None
    not_matches: str | None = None
    empty: bool | None = None


Conditions = Annotated[tuple[Condition, ...], BeforeValidator(_listed)]


class ValueSpec(_Part):
    """Where a value comes from (column, text, constant, row_token or each) and what it becomes."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    column: str | None = None
    text: str | None = None
    constant: Scalar | None = None
    row_token: Literal[True] | None = None
    each: "dict[str, FieldSpec] | None" = None
    map: str | None = None
    default: Scalar | None = None
    kind: Kind = Field(default="text", alias="as")
    clock: str | None = None
    clock_default: Annotated[str, AfterValidator(_clock)] | None = None
    formats: Texts | None = None
    of: Pick = "first"
    when: Conditions = ()
    otherwise: "FieldSpec | None" = None

    @model_validator(mode="after")
    def _one_origin(self) -> "ValueSpec":
        origins = (self.column, self.text, self.constant, self.row_token, self.each)
        if sum(origin is not None for origin in origins) != 1:
            raise ValueError("name exactly one of column, text, constant, row_token, each")
        return self


def _spec(value: Any) -> Any:
    return value if isinstance(value, dict | ValueSpec) else {"constant": value}


FieldSpec = Annotated[ValueSpec, BeforeValidator(_spec)]


class Template(_Part):
    """One event that a row, or a group of rows, gives."""

    name: str | None = None
    type: FieldSpec
    time: FieldSpec
    when: Conditions = ()
    group_by: Texts | None = None
    order_by: Texts = ()
    key: Texts | None = None
    id: str | None = None
    subject: str | None = None
    data: dict[str, FieldSpec] = {}


class Map(_Part):
    """A whole map."""

    source: Annotated[str, Field(min_length=1, max_length=128)]
    store: FieldSpec
    zone: Zone
    zones: dict[str, Zone] = {}
    formats: Annotated[Texts, Field(min_length=1)] = ("iso", "excel")
    decimal_mark: Literal[".", ","] = "."
    where: Conditions = ()
    row_key: Texts | None = None
    occurrence: bool = False
    file: FileSettings = FileSettings()
    maps: dict[str, ValueMap] = {}
    event: Annotated[tuple[Template, ...], Field(min_length=1)]


def shipped_maps() -> list[str]:
    """Return the names of the maps that come with the product."""
    return sorted(path.stem for path in _MAPS.glob("*.toml"))


def load_map(name: Path) -> Map:
    """Return the map in a file, or the shipped one of that name; raise `MapError` naming what is wrong."""
    path = _find(name)
    try:
        return parse_map(path.read_text(encoding="utf-8-sig"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise MapError(f"{path}: cannot be read: {error}") from None


def parse_map(text: str, path: str) -> Map:
    """Return the map a TOML text holds; raise `MapError` with `path` and the place in it that is wrong."""
    try:
        return Map.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise MapError(f"{path}: not valid TOML: {error}") from None
    except ValidationError as error:
        raise MapError(f"{path}, {_explain(error)}") from None


def _find(name: Path) -> Path:
    if name.exists():
        return name
    shipped = _MAPS / f"{name}.toml"
    if name.parent == Path() and shipped.exists():
        return shipped
    raise MapError(f"{name}: there is no such file, and no shipped map of that name ({', '.join(shipped_maps())})")


def _explain(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = _place(first["loc"])
    if first["type"] == "extra_forbidden":
        return f"{place}: there is no such setting"
    message = first["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def _place(loc: tuple[str | int, ...]) -> str:
    if len(loc) > 1 and loc[0] == "event" and isinstance(loc[1], int):
        return f"event {loc[1] + 1}" + "".join(f", {part}" for part in (".".join(map(str, loc[2:])),) if part)
    return ".".join(str(part) for part in loc)
