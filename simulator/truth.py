"""What the simulator knows to be true, written while it happens, and the sums that follow for a window."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from models.instants import SECOND, Instant
from models.zones import LocalTime, local_time, year_before

__all__ = ["Book", "Truth", "TruthTable", "truth_sums"]

Record = dict[str, Any]
Write = Callable[[Record], None]

SPANS: dict[str, tuple[str | None, str | None]] = {
    "utilisation_rate": ("clocked", "available"),
    "efficiency_rate": (None, "clocked"),
    "performance_index": (None, "available"),
}
"""Which seconds stand above and below the line of the KPIs that count time worked."""

VEHICLES = ("active_vehicles", "loyalty_rate", "return_rate")


class Truth:
    """Writes what is known about one store: cases, time worked, visits. Without a writer it does nothing.

    Everything is known `since` the moment it is written: what comes later takes back, by a case with the opposite
    signs, what was true until then.
    """

    def __init__(self, store: str, write: Write | None, now: Callable[[], Instant]) -> None:
        self._store = store
        self._write = write
        self._now = now
        self.is_written = write is not None

    def case(self, kpi: str, at: Instant, numerator: int, denominator: int) -> None:
        """Count something for a KPI at a moment, which may be a deadline to come."""
        if self._write:
            sums = {"numerator": int(numerator), "denominator": denominator}
            self._write({"store": self._store, "kpi": kpi, "at": at, **sums, "since": self._now()})

    def span(self, kind: str, technician: str, key: str, start: Instant, end: Instant) -> None:
        """Say from when to when a technician was at work or here; the same key again replaces it from now on."""
        if self._write:
            ends = {"key": key, "start": start, "end": end, "since": self._now()}
            self._write({"store": self._store, "span": kind, "technician": technician, **ends})

    def visit(self, order: str, vehicle: str) -> None:
        """Say that a vehicle is here now."""
        if self._write:
            at = self._now()
            self._write({"store": self._store, "visit": order, "vehicle": vehicle, "at": at, "since": at})

    def paid(self, order: str) -> None:
        """Say that the customer pays for something of a visit."""
        if self._write:
            self._write({"store": self._store, "paid": order, "since": self._now()})


class Book:
    """The cases of one order, appointment or problem: at most one per name, which can be set anew or taken back."""

    __slots__ = ("_cases", "_truth")

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._cases: dict[tuple[str, str], tuple[Instant, int, int]] = {}

    def set(self, kpi: str, at: Instant, numerator: int, denominator: int, part: str = "") -> None:
        """Count this in place of what was counted under the KPI (and part) before."""
        case = (at, int(numerator), denominator)
        if not self._truth.is_written or self._cases.get((kpi, part)) == case:
            return
        self.drop(kpi, part)
        self._cases[kpi, part] = case
        self._truth.case(kpi, at, numerator, denominator)

    def drop(self, kpi: str, part: str = "") -> None:
        """Take back what was counted under the KPI (and part), if anything was."""
        case = self._cases.pop((kpi, part), None)
        if case:
            at, numerator, denominator = case
            self._truth.case(kpi, at, -numerator, -denominator)

    def drop_all(self) -> None:
        """Take back everything."""
        for kpi, part in list(self._cases):
            self.drop(kpi, part)


class TruthTable:
    """The records of one store (or of stores of one zone), ready to be summed."""

    def __init__(self, records: Iterable[Mapping[str, Any]], zone: str = "Asia/Shanghai") -> None:
        self._local: LocalTime = local_time(zone)
        self._cases: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        self._spans: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        self._visits: list[Mapping[str, Any]] = []
        self._paid: dict[tuple[str, str], Instant] = {}
        for record in records:
            self._add(record)

    @property
    def kpis(self) -> set[str]:
        """The KPIs something is known about."""
        timed = SPANS if self._spans else ()
        return {*self._cases, *timed, *(VEHICLES if self._visits else ())}

    def sums(self, kpi: str, start: Instant, now: Instant) -> tuple[int, int]:
        """Return (numerator, denominator) of what counted in `[start, now)` as known at `now`; zeros if nothing did."""
        if kpi in VEHICLES:
            return self._vehicle_sums(kpi, start, now)
        known = [case for case in self._cases[kpi] if start <= case["at"] < now and case["since"] < now]
        sums = (sum(case["numerator"] for case in known), sum(case["denominator"] for case in known))
        above, below = (self._seconds(kind, start, now) for kind in SPANS.get(kpi, (None, None)))
        return sums[0] + above, sums[1] + below

    def _add(self, record: Mapping[str, Any]) -> None:
        if "kpi" in record:
            self._cases[record["kpi"]].append(record)
        elif "span" in record:
            self._spans[record["span"]].append(record)
        elif "visit" in record:
            self._visits.append(record)
        else:
            self._paid.setdefault((record["store"], record["paid"]), record["since"])

    def _seconds(self, kind: str | None, start: Instant, now: Instant) -> int:
        if kind is None:
            return 0
        spans: dict[tuple[str, str, str], tuple[Instant, Instant]] = {}
        for record in self._spans[kind]:
            if record["since"] < now:
                key = (record["store"], record["technician"], record["key"])
                spans[key] = (max(record["start"], start), min(record["end"], now))
        by_technician: dict[tuple[str, str], list[tuple[Instant, Instant]]] = defaultdict(list)
        for key, span in spans.items():
            by_technician[key[0], key[1]].append(span)
        return sum(_union_seconds(worked) for worked in by_technician.values())

    def _vehicle_sums(self, kpi: str, start: Instant, now: Instant) -> tuple[int, int]:
        visits: dict[tuple[str, str], list[tuple[Instant, bool]]] = defaultdict(list)
        for record in self._visits:
            if record["at"] < now:
                paid = self._paid.get((record["store"], record["visit"]), now) < now
                visits[record["store"], record["vehicle"]].append((record["at"], paid))
        here = {vehicle: [visit for visit in seen if visit[0] >= start] for vehicle, seen in visits.items()}
        active = [vehicle for vehicle, seen in here.items() if seen]
        if kpi == "active_vehicles":
            return len(active), 0
        if kpi == "loyalty_rate":
            return sum(len(here[v]) > 1 and any(paid for _, paid in here[v]) for v in active), len(active)
        return sum(any(self._came_before(at, visits[v]) for at, _ in here[v]) for v in active), len(active)

    def _came_before(self, at: Instant, visits: Iterable[tuple[Instant, bool]]) -> bool:
        earliest = self._local.start_of(year_before(self._local.locate(at)[1]))
        return any(earliest <= earlier < at for earlier, _ in visits)


def truth_sums(
    cases: Iterable[Mapping[str, Any]], kpi: str, start: Instant, now: Instant, zone: str = "Asia/Shanghai"
) -> tuple[int, int]:
    """Return (numerator, denominator) of a KPI in `[start, now)`; for many windows, build one `TruthTable`."""
    return TruthTable(cases, zone).sums(kpi, start, now)


def _union_seconds(spans: Iterable[tuple[Instant, Instant]]) -> int:
    return sum(end // SECOND - start // SECOND for start, end in _union(spans))


def _union(spans: Iterable[tuple[Instant, Instant]]) -> Iterator[tuple[Instant, Instant]]:
    reached = -1
    for start, end in sorted(spans):
        begin = max(start, reached)
        if begin < end:
            yield begin, end
            reached = end
