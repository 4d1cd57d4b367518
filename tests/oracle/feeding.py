"""Feeding a ledger as a worker does, and comparing all it says with the recomputation."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from models.events import Envelope
from models.instants import instant
from models.ledger import StoreLedger
from models.stores import WEEKDAYS, Store
from tests.oracle.book import STORE_ID
from tests.oracle.recompute import recompute, vehicles_in_workshop
from tests.oracle.strategies import World

__all__ = ["delayed", "differences", "feed", "look_along", "new_ledger"]

Records = dict[bytes, bytes]


def store_of(world: World) -> Store:
    """Return the product's store for a world."""
    hours = {
        WEEKDAYS[weekday]: [f"{opens}-{closes}" for opens, closes in spans]
        for weekday, spans in world.store.hours.items()
    }
    fields = {
        "id": STORE_ID,
        "timezone": world.zone.key,
        "hours": hours,
        "holidays": world.store.holidays,
        "workdays": world.store.workdays,
        "punctuality_tolerance_minutes": world.store.tolerance_minutes,
        "follow_up_days": world.store.follow_up_days,
    }
    return Store.model_validate(fields)


def new_ledger(world: World) -> StoreLedger:
    """Return an empty ledger of the world's store."""
    return StoreLedger(store_of(world))


def differences(ledger: StoreLedger, world: World, events: Iterable[Envelope], now: datetime) -> list[str]:
    """Return one line per KPI and window, and one for the gauge, that the two see differently."""
    events = list(events)
    said = {(r.kpi, r.window): (r.numerator, r.denominator) for r in ledger.readings()}
    expected = recompute(events, now, world.zone, world.store)
    lines = [
        f"{kpi} {window} at {now.isoformat()}: ledger {said.get((kpi, window))}, recomputed {sums}"
        for (kpi, window), sums in expected.items()
        if said.get((kpi, window)) != sums
    ]
    total, count = sum(ledger.states().values()), vehicles_in_workshop(events, now)
    return lines if total == count else [*lines, f"vehicles_in_workshop at {now}: ledger {total}, recomputed {count}"]


def save(ledger: StoreLedger, saved: Records) -> None:
    """Apply the ledger's changes to what was saved of it."""
    for key, record in ledger.changed().items():
        if record is None:
            saved.pop(key, None)
        else:
            saved[key] = record


def feed(world: World, arrivals: list[Envelope], random: Random, restarts: float = 0.0) -> list[str]:
    """Feed arrivals in random batches, settling in between; return what differs at the world's moments.

    All arrivals are in before the first look; the settling in between happens at moments before it. With
    `restarts`, the ledger is saved after a settling, thrown away and restored as often as that.
    """
    ledger, saved, lines = new_ledger(world), Records(), []
    pauses = sorted(min(random.choice(arrivals).time, world.nows[0]) for _ in range(6)) if arrivals else []
    for event in arrivals:
        refusal = ledger.absorb(event)
        lines += [f"refused: {refusal}"] if refusal is not None else []
        if pauses and random.random() < 0.1:
            ledger.settle(instant(pauses.pop(0)))
            ledger = _perhaps_restart(ledger, world, saved, random.random() < restarts)
    for now in world.nows:
        ledger.settle(instant(now))
        ledger = _perhaps_restart(ledger, world, saved, random.random() < restarts)
        ledger.settle(instant(now))
        lines += differences(ledger, world, arrivals, now)
    return lines


def look_along(world: World, arrivals: list[Envelope], random: Random, restarts: float = 0.0) -> list[str]:
    """Feed arrivals and look now and then, at the time of the newest event seen; return what differs each time."""
    ledger, saved, lines = new_ledger(world), Records(), []
    for count, event in enumerate(arrivals, start=1):
        ledger.absorb(event)
        if random.random() < 0.1:
            now = max(seen.time for seen in arrivals[:count]) + timedelta(microseconds=1)
            before = list(ledger.readings())
            if not ledger.settle(instant(now)) and list(ledger.readings()) != before:
                lines.append(f"settle at {now} says that nothing changed")
            ledger = _perhaps_restart(ledger, world, saved, random.random() < restarts)
            ledger.settle(instant(now))
            lines += differences(ledger, world, arrivals[:count], now)
    return lines


def delayed(events: list[Envelope], random: Random, most: timedelta) -> list[Envelope]:
    """Return the events in the order in which they arrive when a third of them is late."""
    late = [(event.time + most * random.random() * (random.random() < 0.3), event) for event in events]
    return [event for _, event in sorted(late, key=lambda pair: pair[0])]


def _perhaps_restart(ledger: StoreLedger, world: World, saved: Records, is_restart: bool) -> StoreLedger:
    if not is_restart:
        return ledger
    save(ledger, saved)
    return StoreLedger.restore(store_of(world), dict(saved))
