"""The kinds of cases: which events reach them, which rules look at them, and how long they are held."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from models.cases import Booked, CaseId
from models.clock import NEVER, Clock
from models.entities import appointment, audit, duty, order, problem
from models.entities.facts import Fact
from models.entities.log import Hearing
from models.entities.state import board_state
from models.events import EVENT_TYPES, Data, reception, workshop
from models.events import store as store_events
from models.instants import DAY, Instant
from models.kpis import CATALOGUE
from models.kpis.card import Cases
from models.stores import Store

__all__ = [
    "ATTENDANCE",
    "CARD",
    "HOLD",
    "KINDS",
    "LOOSE",
    "OPEN_HOLD",
    "RETIRED",
    "RETRACTED",
    "Kind",
    "routes",
    "technician_of",
]

HOLD: Instant = 45 * DAY
"""How long a case is held once it is closed; an event for it that comes later finds it gone."""
OPEN_HOLD: Instant = 400 * DAY
"""How long a case that nobody closes is held after its latest event."""

CARD = "card"
LOOSE = "loose"
ATTENDANCE = "attendance"
RETRACTED = store_events.Retracted.event_type
_BETWEEN = "\x1f"
RETIRED = "\x1e"
"""What follows it in a case's key tells a case that is over from the one that goes by its name now."""

Rule = Callable[[Any, Clock, Store], Cases]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of case.

    A `case` ends as a whole, `HOLD` after the moment `closes` names; of a `rolling` kind the part older than `HOLD`
    ends; a `standing` kind is never over.
    """

    name: str
    hearing: Hearing[Any] | None = None
    rules: Sequence[tuple[int, Rule]] = ()
    closes: Callable[[Fact], Instant] = lambda fact: fact[0]
    held: Literal["case", "rolling", "standing"] = "case"

    def look(self, facts: Iterable[Fact], clock: Clock, store: Store) -> Booked:
        """Return what these facts contribute now."""
        if self.hearing is None:
            raise TypeError(f"{self.name} is not counted case by case")
        entity = self.hearing.fold(facts)
        booked = Booked([rule(entity, clock, store) for _, rule in self.rules])
        if isinstance(entity, order.RepairOrder):
            booked.state = board_state(entity, clock)
            if entity.checked_in_at is not None:
                self_paid = not entity.cancelled and any(line.payer == "customer" for line in entity.lines.values())
                booked.visit = (entity.vehicle_id, entity.checked_in_at, self_paid)
        return booked


def _rules(name: str) -> list[tuple[int, Rule]]:
    found = ((i, getattr(kpi, name)) for i, kpi in enumerate(CATALOGUE.values()))
    return [(i, rule) for i, rule in found if rule is not None]


def _order_closes(fact: Fact) -> Instant:
    closing = (workshop.VehicleDelivered.event_type, workshop.OrderCancelled.event_type)
    return fact[0] if fact[3] in closing else -NEVER


def _appointment_closes(fact: Fact) -> Instant:
    """Return the slot: what comes before it does not close an appointment."""
    slots = (reception.AppointmentBooked.event_type, reception.AppointmentRescheduled.event_type)
    slot: Instant = fact[4][1] if fact[3] in slots else fact[0]
    return slot


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("order", order.hearing, _rules("order"), _order_closes),
        Kind("appointment", appointment.hearing, _rules("appointment"), _appointment_closes),
        Kind("problem", problem.hearing, _rules("problem")),
        Kind("audit", audit.hearing, _rules("audit")),
        Kind("reports", duty.hearing, _rules("reports"), held="standing"),
        Kind(ATTENDANCE, held="rolling"),
        Kind(CARD),
        Kind(LOOSE, held="rolling"),
    )
}


def technician_of(key: str) -> str:
    """Return the technician a card or an attendance belongs to."""
    return key.partition(_BETWEEN)[0].partition(RETIRED)[0]


def _card(technician: str, order_id: str | None) -> CaseId:
    return (CARD, f"{technician}{_BETWEEN}{order_id}") if order_id else (LOOSE, technician)


def numbered_card(technician: str, punch_id: str) -> CaseId:
    """Return the card of a punch with an id of its own."""
    return (CARD, f"{technician}{_BETWEEN}#{punch_id}")


def _checked_in(fact: Fact) -> list[CaseId]:
    order_id, _, _, _, _, appointment_id, _, _ = fact[4]
    return [("order", order_id)] + ([("appointment", appointment_id)] if appointment_id else [])


def _clocked_on(fact: Fact) -> list[CaseId]:
    technician, order_id, _, _, punch_id = fact[4]
    card = numbered_card(technician, punch_id) if punch_id else _card(technician, order_id)
    return ([("order", order_id)] if order_id else []) + [card]


def _clocked_off(fact: Fact) -> list[CaseId]:
    technician, order_id, punch_id = fact[4]
    named = (ATTENDANCE, technician) if punch_id else _card(technician, order_id)
    return ([("order", order_id)] if order_id else []) + [named]


def _corrected(fact: Fact) -> list[CaseId]:
    return [(ATTENDANCE, fact[4][0])]


def _every_event_its_own(fact: Fact) -> list[CaseId]:
    return [("audit", f"{fact[1]}{_BETWEEN}{fact[2]}")]


_SPECIAL: dict[type[Data], Callable[[Fact], list[CaseId]]] = {
    reception.VehicleCheckedIn: _checked_in,
    workshop.TechnicianClockedOn: _clocked_on,
    workshop.TechnicianClockedOff: _clocked_off,
    workshop.TechnicianPunchCorrected: _corrected,
    store_events.StoreRecordAudited: _every_event_its_own,
    store_events.StoreStaffed: lambda _: [("reports", "")],
    store_events.StoreInventoryValued: lambda _: [("reports", "")],
}

_FIRST_FIELD = {
    "order_id": "order",
    "appointment_id": "appointment",
    "problem_id": "problem",
    "technician_id": ATTENDANCE,
}


def _route(cls: type[Data]) -> Callable[[Fact], list[CaseId]]:
    if cls in _SPECIAL:
        return _SPECIAL[cls]
    kind = _FIRST_FIELD.get(next(iter(cls.model_fields)))
    return (lambda fact: [(kind, fact[4][0])]) if kind else (lambda _: [])


_ROUTES = {cls.event_type: _route(cls) for cls in EVENT_TYPES.values()}


def routes(fact: Fact) -> list[CaseId]:
    """Return the cases an event belongs to, the one it is about first; none for an event that no KPI looks at."""
    return _ROUTES[fact[3]](fact)
