"""What the technicians' clocks and the store's office write, with the mistakes real logs hold."""

from datetime import datetime, timedelta
from typing import Any

from tests.oracle.book import Book
from tests.oracle.calendar import day_start, local_day

__all__ = ["change_of_mind", "changed_copies", "office_story", "technician_story"]


def technician_story(book: Book, technician: str) -> None:
    """Write some shifts with breaks and punches; ends may be missing, doubled, early or after midnight."""
    for _ in range(book.random.randint(0, 4)):
        at = book.moment()
        if book.chance(0.9):
            book.emit("technician.shift_started", at, technician_id=technician)
        length = timedelta(hours=book.random.choice((0, 4, 8, 9, 11, 12, 13)))
        _breaks(book, technician, at, length)
        for _ in book.times(4):
            _punch(book, technician, book.after(at))
        for _ in range(book.random.choice((0, 1, 1, 1, 2))):
            book.emit("technician.shift_ended", book.edge(at + length), technician_id=technician)


def _breaks(book: Book, technician: str, at: datetime, length: timedelta) -> None:
    for _ in book.times(2):
        pause = book.edge(at + length * book.random.choice((0, 0.4, 0.5, 0.9, 1)))
        if book.chance(0.9):
            book.emit("technician.break_started", pause, technician_id=technician)
        if book.chance(0.8):
            book.emit("technician.break_ended", book.after(pause), technician_id=technician)


def _punch(book: Book, technician: str, on: datetime) -> None:
    named: dict[str, Any] = {"technician_id": technician}
    if book.chance(0.8):
        named["order_id"] = f"{book.prefix}order-{book.random.randint(0, 2)}"
    if book.chance(0.5):
        named["punch_id"] = f"{book.prefix}{technician}-punch-{book.random.randint(0, 5)}"
    off = book.after(on)
    clock_on = book.next_id
    if book.chance(0.95):
        activity = "productive" if book.chance(0.8) else "idle"
        book.emit("technician.clocked_on", on, activity=activity, **named)
    for _ in range(book.random.choice((0, 1, 1, 1, 1, 2))):
        ends = {**named, "punch_id": clock_on} if book.chance(0.15) else named
        book.emit("technician.clocked_off", book.after(off) if book.chance(0.1) else off, **ends)
    for _ in book.times(2):
        which = named.get("punch_id", clock_on) if book.chance(0.5) else clock_on
        order = {"order_id": named.get("order_id")} if book.chance(0.7) else {}
        who = {"technician_id": technician, "punch_id": which, **order}
        book.emit("technician.punch_corrected", book.after(off), on=book.after(on), off=book.after(off), **who)


def office_story(book: Book) -> None:
    """Write head counts, stock values and audits."""
    for _ in book.times(4):
        day = local_day(book.moment(), book.zone) + timedelta(days=book.random.choice((-2, 0, 0, 1)))
        names = ("advisors", "technicians", "body_technicians", "painters", "washers", "reception_bays")
        heads = {name: book.random.randint(0, 4) for name in names}
        book.emit("store.staffed", book.moment(), day=day.isoformat(), **heads)
    for _ in book.times(3):
        day = day_start(local_day(book.moment(), book.zone), book.zone)
        at = book.edge(day + timedelta(hours=book.random.choice((0, 9))))
        book.emit("store.inventory_valued", at, parts=book.random.choice((0, 1000.5, 250_000)), cars=0)
    for _ in book.times(3):
        book.emit("store.record_audited", book.moment(), vehicle_id="v1", accurate=book.chance(0.8))


def change_of_mind(book: Book) -> None:
    """Take some events back, and some of the takings back too."""
    for number in book.times(5):
        target = book.random.choice(book.events)
        for depth in range(book.random.choice((1, 1, 2, 3))):
            at = book.moment() if book.chance(0.4) else book.after(target.time)
            if not book.start <= at < book.end:
                break
            reference = {"event": {"source": target.source, "id": target.id}}
            book.add(f"{book.prefix}r{number}-{depth}", "office", "event.retracted", at, reference)
            target = book.events[-1]


def changed_copies(book: Book) -> None:
    """Send some events once more under their names, as having happened at another time."""
    for _ in book.times(4):
        event = book.random.choice(book.events)
        at = book.after(event.time)
        if book.start <= at < book.end:
            book.events.append(event.model_copy(update={"time": at}))
