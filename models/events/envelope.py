"""The envelope every event travels in (CloudEvents 1.0, structured JSON) and the base of what it carries."""

from decimal import Decimal
from enum import Enum
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, PlainSerializer

__all__ = ["Data", "Envelope", "Hours", "Id", "Money", "PersonalId", "Time", "Unit"]


class Unit(Enum):
    """What a number or text of an event is, where its type alone does not say."""

    HOURS = "hours"
    MONEY = "money"
    PERSONAL = "personal"


_as_number = PlainSerializer(float, return_type=float, when_used="json")

Id = Annotated[str, Field(min_length=1, max_length=128)]
Time = Annotated[AwareDatetime, Field(strict=True)]  # RFC 3339 text with an offset; a bare number would be a guess
Hours = Annotated[Decimal, Field(ge=0, le=10_000, allow_inf_nan=False), _as_number, Unit.HOURS]
Money = Annotated[Decimal, Field(ge=-1_000_000_000, le=1_000_000_000, allow_inf_nan=False), _as_number, Unit.MONEY]
PersonalId = Annotated[str, Field(min_length=1, max_length=128), Unit.PERSONAL]  # checked, but never kept in state


class Data(BaseModel):
    """What one type of event carries. Fields it does not know are kept apart, counted and not used."""

    model_config = ConfigDict(frozen=True, extra="allow")

    event_type: ClassVar[str]
    """The CloudEvents `type` without its `workshop.` prefix."""


class Envelope(BaseModel):
    """One event: `source` and `id` identify it, `time` is when it happened, `storeid` is where."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"] = "1.0"
    id: Id
    source: Id
    type: str
    time: Time
    subject: str | None = None
    storeid: Id
    data: Data
