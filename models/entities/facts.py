"""Events as facts: small tuples of integers and texts that sort, compare and pack."""

import datetime as dt
from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any, get_args

from pydantic import AwareDatetime, BaseModel

from models.events import EVENT_TYPES, Envelope
from models.events.envelope import Unit
from models.instants import Instant, instant, to_cents, to_seconds

__all__ = ["EventName", "Fact", "event_name", "fact_of"]

EventName = tuple[str, str]
"""`(source, id)`."""

Fact = tuple[Instant, str, str, str, tuple[Any, ...]]
"""(time, source, id, type without prefix, values in the order of the model's fields): it sorts by time, source, id.

Moments are instants, hours are seconds, money is cents, dates are ordinals, lines are tuples; personal data is None.
"""

_Convert = Callable[[Any], Any]


def fact_of(event: Envelope) -> Fact:
    """Return the event as a fact."""
    name, read = _READERS[event.type]
    return (instant(event.time), event.source, event.id, name, read(event.data))


def event_name(fact: Fact) -> EventName:
    """Return the name by which an event is known."""
    return (fact[1], fact[2])


@cache
def _reader(model: type[BaseModel]) -> Callable[[BaseModel], tuple[Any, ...]]:
    """Return how the values of one model are read; only fields that need it are converted one by one."""
    fields = model.model_fields
    names = list(fields)
    get = attrgetter(*names) if len(names) > 1 else lambda data: (getattr(data, names[0]),)
    found = ((i, _conversion([field.annotation, *field.metadata])) for i, field in enumerate(fields.values()))
    conversions = [(i, convert) for i, convert in found if convert is not None]
    if not conversions:
        return get

    def read(data: BaseModel) -> tuple[Any, ...]:
        values = list(get(data))
        for i, convert in conversions:
            if values[i] is not None:
                values[i] = convert(values[i])
        return tuple(values)

    return read


def _conversion(annotation: Any) -> _Convert | None:
    """Return what turns a value with this annotation into its form as a fact; None where it stays as it is."""
    parts = _parts(annotation)
    model = next((part for part in parts if isinstance(part, type) and issubclass(part, BaseModel)), None)
    if model is not None:
        read = _reader(model)
        return (lambda lines: tuple(map(read, lines))) if tuple in parts else read
    known: dict[Any, _Convert] = {
        Unit.HOURS: to_seconds,
        Unit.MONEY: to_cents,
        Unit.PERSONAL: lambda _: None,
        AwareDatetime: instant,
        dt.date: dt.date.toordinal,
    }
    return next((convert for part, convert in known.items() if part in parts), None)


def _parts(annotation: Any) -> list[Any]:
    """Return an annotation and everything nested in it, metadata included."""
    if isinstance(annotation, list):
        return [part for item in annotation for part in _parts(item)]
    origin = getattr(annotation, "__origin__", None)
    return [annotation, origin, *(part for item in get_args(annotation) for part in _parts(item))]


_READERS = {name: (cls.event_type, _reader(cls)) for name, cls in EVENT_TYPES.items()}
