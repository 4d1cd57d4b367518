"""The event union: every type of event the product knows, how bytes become one, and what is wrong when they do not."""

import json
from typing import Annotated, Any, Literal, Union, cast

from pydantic import Field, TypeAdapter, ValidationError, create_model

from models.events import commerce, customer, reception, store, workshop
from models.events.envelope import Data, Envelope

__all__ = [
    "EVENT_TYPES",
    "PREFIX",
    "Data",
    "Envelope",
    "EventError",
    "make_event",
    "parse_event",
    "to_json",
    "unknown_fields",
]

PREFIX = "workshop."


def _data_types() -> dict[str, type[Data]]:
    modules = (reception, workshop, commerce, customer, store)
    classes = (getattr(module, name) for module in modules for name in module.__all__)
    return {PREFIX + cls.event_type: cls for cls in classes if isinstance(cls, type) and issubclass(cls, Data)}


EVENT_TYPES: dict[str, type[Data]] = _data_types()
"""CloudEvents `type` to the model of its data, in the order of the reference."""


def _envelope_types() -> list[type[Envelope]]:
    return [
        create_model(cls.__name__ + "Event", __base__=Envelope, **cast("Any", {"type": Literal[name], "data": cls}))
        for name, cls in EVENT_TYPES.items()
    ]


_union: Any = Annotated[Union[tuple(_envelope_types())], Field(discriminator="type")]  # noqa: UP007 - built at run time
_adapter: TypeAdapter[Envelope] = TypeAdapter(_union)


class EventError(ValueError):
    """What is wrong with one event: the field (dotted path, empty for the whole) and the reason in one sentence."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


def parse_event(raw: bytes | str) -> Envelope:
    """Return the event in one JSON document; raise `EventError` naming the first thing wrong with it."""
    try:
        return _adapter.validate_json(raw)
    except ValidationError as error:
        raise _explain(error) from None


def make_event(fields: dict[str, Any]) -> Envelope:
    """Return the event with these JSON fields, by the very rules of `parse_event`; raise `EventError` as it does."""
    return parse_event(json.dumps(fields))


def to_json(event: Envelope) -> bytes:
    """Return the event as one line of JSON, without what it leaves empty."""
    return _adapter.dump_json(event, exclude_none=True, by_alias=True)


def unknown_fields(event: Envelope) -> int:
    """Return how many fields of the event's data the product does not know."""
    return len(event.data.model_extra or ())


def _explain(error: ValidationError) -> EventError:
    first = error.errors(include_url=False, include_context=True)[0]
    # pydantic puts the discriminator's value into the path of a union: it is no field of the event
    path = [str(part) for part in first["loc"] if not str(part).startswith(PREFIX)]
    if first["type"] == "union_tag_invalid":
        return EventError("type", f"unknown event type {first['ctx']['tag']!r}")
    if first["type"] == "union_tag_not_found":
        return EventError("type", "the event type is missing")
    return EventError(".".join(path), first["msg"])
