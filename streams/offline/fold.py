"""Folding events into the KPIs of their stores as of one moment, by the very ledger the worker keeps."""

import gc
from collections.abc import Iterable
from dataclasses import dataclass, field

from models.entities.facts import Fact, fact_of
from models.events import Envelope
from models.instants import SECOND, Instant
from models.ledger import StoreLedger
from models.stores import Stores
from streams.offline.files import Wrong

__all__ = ["Folded", "fold"]


@dataclass(slots=True)
class Folded:
    """The ledgers of the stores found, settled at `at`, and what did not count."""

    at: Instant
    ledgers: dict[str, StoreLedger] = field(default_factory=dict)
    events: int = 0
    wrong: list[str] = field(default_factory=list)


def fold(
    events: Iterable[Envelope | Wrong],
    stores: Stores,
    at: Instant | None,
    *,
    only: str | None = None,
    whole: bool = False,
) -> Folded:
    """Count events in the order of their time, whatever the order they come in, and settle at a moment.

    Only events before that moment are known then; without one it is the second after the latest event. Events of
    unknown stores, and events refused as late, are told in `wrong` and count nothing.
    """
    folded = Folded(at or 0)
    gc.disable()  # millions of small tuples that all stay: walking them again and again would take most of the time
    try:
        facts = _sorted(_known(events, stores, only, folded), at)
        folded.at = at or (facts[-1][1][0] // SECOND + 1) * SECOND if facts else folded.at
        _absorb(facts, stores, folded, whole)
    finally:
        gc.enable()
    return folded


def _known(events: Iterable[Envelope | Wrong], stores: Stores, only: str | None, folded: Folded) -> Iterable[Envelope]:
    for event in events:
        if isinstance(event, Wrong):
            folded.wrong.append(str(event))
        elif stores.get(event.storeid) is None:
            folded.wrong.append(
                f"event {event.id} of {event.source}: store {event.storeid} is not in the list of stores"
            )
        elif only is None or event.storeid == only:
            yield event


def _sorted(events: Iterable[Envelope], at: Instant | None) -> list[tuple[str, Fact]]:
    facts = [(event.storeid, fact_of(event)) for event in events]
    known = facts if at is None else [(store, fact) for store, fact in facts if fact[0] < at]
    return sorted(known, key=lambda known: known[1][0])


def _absorb(facts: Iterable[tuple[str, Fact]], stores: Stores, folded: Folded, whole: bool) -> None:
    for store_id, fact in facts:
        ledger = folded.ledgers.get(store_id)
        if ledger is None:
            store = stores.get(store_id)
            assert store is not None, store_id  # noqa: S101 - unknown stores were sorted out before
            ledger = folded.ledgers[store_id] = StoreLedger(store, whole=whole)
        refusal = ledger.absorb_fact(fact)
        folded.events += refusal is None
        if refusal is not None:
            folded.wrong.append(f"event {fact[2]} of {fact[1]}: {refusal}")
    for ledger in folded.ledgers.values():
        ledger.settle(folded.at)
