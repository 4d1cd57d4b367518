"""The shop floor: technicians with their shifts and breaks, the jobs they take, and the punches they make or forget."""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

import simpy

from models.instants import HOUR, MINUTE, Instant
from simulator.shop import Process, Shop

__all__ = ["Crew", "Job", "Technician"]

LONGEST: Instant = 12 * HOUR
OVERTIME: Instant = 15 * MINUTE
FORGET_SHARE = 0.03
OVERLAP_SHARE = 0.04
IDLE_SHARE = 0.12
CORRECTED_SHARE = 0.7
IDLE_CODES = ("waiting_for_work", "cleaning", "training", "tool_care")


@dataclass(slots=True)
class Job:
    """A stretch of work on one order. `begun` is told of every clock-on; `done` fires when nothing remains."""

    order_id: str
    bay_id: str
    remaining: Instant
    done: simpy.Event
    begun: Any
    is_last: bool = False
    """Whether nothing follows on the order, so that a forgotten clock-off stays open."""
    was_paused: bool = False


@dataclass(slots=True)
class Punch:
    """A clock-on that has not been ended yet."""

    name: str
    order_id: str
    punch_id: str | None
    on: Instant


@dataclass(slots=True)
class Crew:
    """The technicians of one trade, their bays, and the jobs that wait for them by urgency."""

    trade: str
    technicians: list["Technician"]
    bays: simpy.PriorityResource
    jobs: simpy.PriorityStore
    _free: list[str] = field(default_factory=list)
    _put: int = 0

    @classmethod
    def of(cls, shop: Shop, trade: str, size: int) -> "Crew":
        """Return a crew of this size with its bays."""
        bays = shop.traits.bays_of(size)
        crew = cls(trade, [], simpy.PriorityResource(shop.env, bays), simpy.PriorityStore(shop.env))
        crew._free = [f"{trade}-{number}" for number in range(bays, 0, -1)]
        crew.technicians = [Technician(shop, crew, f"T-{trade}-{number:02d}") for number in range(1, size + 1)]
        return crew

    def take_bay(self) -> str:
        """Return a free bay; ask the resource `bays` for a turn first."""
        return self._free.pop()

    def leave_bay(self, bay: str) -> None:
        """Give a bay back."""
        self._free.append(bay)

    def put(self, job: Job, urgency: int) -> None:
        """Let a job wait for a technician, the smallest urgency first and among equals the earliest."""
        self._put += 1
        self.jobs.put(simpy.PriorityItem((urgency, self._put), job))


class Technician:
    """One technician, day after day."""

    def __init__(self, shop: Shop, crew: Crew, name: str) -> None:
        self.id = name
        self._shop = shop
        self._crew = crew
        self._punches = 0
        self._forgotten: list[Punch] = []
        self._held: Job | None = None
        self._may_forget = True

    def day(self, start: Instant, lunch: Instant, end: Instant) -> Process:
        """Work one shift with a break from `lunch` on; rarely forget to say when it ended."""
        shop = self._shop
        forgets_home = shop.draw.chance(0.01)
        self._may_forget = not forgets_home
        yield shop.until(start)
        self._tell("shift_started")
        yield from self._attend(f"{start}/1", lunch)
        self._tell("break_started")
        yield shop.wait(30 * MINUTE, 60 * MINUTE)
        self._tell("break_ended")
        yield from self._attend(f"{start}/2", end, until=start + LONGEST, stays_open=forgets_home)
        self._put_back()
        if not forgets_home:
            self._tell("shift_ended")
            self._settle_forgotten()

    def _attend(self, key: str, end: Instant, until: Instant = 0, *, stays_open: bool = False) -> Process:
        """Be available, and work, until an instant; as long as nobody says otherwise that lasts `until` then."""
        start = self._shop.now()
        self._shop.truth.span("available", self.id, key, start, until or start + LONGEST)
        yield from self._work(end)
        if not stays_open:
            self._shop.truth.span("available", self.id, key, start, self._shop.now())

    def _work(self, end: Instant) -> Process:
        while self._shop.now() < end:
            job = self._held or (yield from self._next_job(end))
            if job is None:
                return
            self._held = job
            yield from self._perform(job, end)
            if job.remaining > 0:
                yield self._shop.until(end)
                return
            self._held = None

    def _next_job(self, end: Instant) -> Generator[simpy.Event, Any, Job | None]:
        get = self._crew.jobs.get()
        idles = not get.triggered and self._shop.draw.chance(IDLE_SHARE)
        punch_id = self._idle_on() if idles else None
        yield get | self._shop.until(end)
        if idles:
            self._clock("off", {"punch_id": punch_id} if punch_id else {})
        if not get.triggered:
            get.cancel()
            return None
        taken: simpy.PriorityItem = yield get
        job: Job = taken.item
        return job

    def _perform(self, job: Job, end: Instant) -> Process:
        shop = self._shop
        yield shop.wait(MINUTE, 4 * MINUTE)
        left = end - shop.now()
        stretch = job.remaining if job.remaining <= left + OVERTIME else left
        if stretch <= MINUTE:
            return
        if job.was_paused:
            job.was_paused = False
            shop.journal.write("floor", "order.resumed", job.order_id, {"order_id": job.order_id})
        punch = self._clock_on(job)
        yield shop.env.timeout(stretch)
        job.remaining -= stretch
        self._end(punch, job)
        if job.remaining == 0:
            job.done.succeed()

    def _end(self, punch: Punch, job: Job) -> None:
        shop = self._shop
        if job.remaining == 0 and job.is_last and self._may_forget and shop.draw.chance(FORGET_SHARE):
            self._forgotten.append(punch)
            if shop.draw.chance(CORRECTED_SHARE):
                shop.start(self._correct(punch, shop.now()))
        elif punch.punch_id and shop.draw.chance(OVERLAP_SHARE):
            shop.start(self._clock_off_late(punch))
        else:
            self._clock_off(punch)

    def _clock_on(self, job: Job) -> Punch:
        now = self._shop.now()
        data = {"technician_id": self.id, "order_id": job.order_id, "bay_id": job.bay_id, "activity": "productive"}
        punch_id = self._punch_id()
        if punch_id:
            data["punch_id"] = punch_id
        event_id = self._shop.journal.write("floor", "technician.clocked_on", self.id, data)
        punch = Punch(punch_id or event_id, job.order_id, punch_id, now)
        self._know(punch, now + LONGEST)
        job.begun()
        return punch

    def _clock_off(self, punch: Punch) -> None:
        named = {"order_id": punch.order_id}
        self._clock("off", {**named, "punch_id": punch.punch_id} if punch.punch_id else named)
        self._know(punch, self._shop.now())

    def _clock_off_late(self, punch: Punch) -> Process:
        yield self._shop.wait(3 * MINUTE, 15 * MINUTE)
        self._clock_off(punch)

    def _correct(self, punch: Punch, off: Instant) -> Process:
        shop = self._shop
        day = shop.opens_after(shop.today())
        yield shop.until(shop.spans(day)[0][0] + shop.draw.span(30 * MINUTE, 180 * MINUTE))
        ends = {"on": shop.text(punch.on), "off": shop.text(off), "by": "foreman"}
        data = {"technician_id": self.id, "punch_id": punch.name, "order_id": punch.order_id, **ends}
        shop.journal.write("floor", "technician.punch_corrected", self.id, data)
        self._know(punch, off)

    def _settle_forgotten(self) -> None:
        """An open punch ends when its technician goes home."""
        for punch in self._forgotten:
            self._know(punch, self._shop.now())
        self._forgotten.clear()

    def _put_back(self) -> None:
        """Leave an unfinished job to whoever comes first tomorrow."""
        job, self._held = self._held, None
        if job is None:
            return
        job.was_paused = True
        reason = {"order_id": job.order_id, "reason": "labour"}
        self._shop.journal.write("floor", "order.paused", job.order_id, reason)
        self._crew.put(job, 0)

    def _idle_on(self) -> str | None:
        punch_id = self._punch_id()
        data = {"activity": self._shop.draw.pick(IDLE_CODES)}
        self._clock("on", {**data, "punch_id": punch_id} if punch_id else data)
        return punch_id

    def _punch_id(self) -> str | None:
        self._punches += 1
        return f"P-{self.id}-{self._punches}" if self._shop.traits.names_punches else None

    def _clock(self, way: str, data: dict[str, str]) -> None:
        self._shop.journal.write("floor", f"technician.clocked_{way}", self.id, {"technician_id": self.id, **data})

    def _tell(self, what: str) -> None:
        self._shop.journal.write("floor", f"technician.{what}", self.id, {"technician_id": self.id})

    def _know(self, punch: Punch, end: Instant) -> None:
        self._shop.truth.span("clocked", self.id, punch.name, punch.on, end)
