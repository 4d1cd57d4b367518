"""The facts of one repair order, read from the table of its events."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.oracle.table import Row, named

__all__ = ["Order", "Part", "latest"]


def latest(rows: list[Row], *kinds: str) -> Row | None:
    """Return the last row of these kinds."""
    found = named(rows, *kinds)
    return found[-1] if found else None


def earliest(rows: list[Row], *kinds: str) -> Row | None:
    """Return the first row of these kinds."""
    found = named(rows, *kinds)
    return found[0] if found else None


@dataclass(frozen=True)
class Part:
    """One kind of part on an order; `requested` is its first request."""

    requested: Row
    arrived: datetime | None
    picked: datetime | None


class Order:
    """What the rules call the facts of an order; every fact is None where no event tells it."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.check_in = latest(rows, "vehicle.checked_in")
        self.opened = latest(rows, "order.opened")
        self.delivered = latest(rows, "vehicle.delivered")
        self.inspection = latest(rows, "inspection.completed")
        self.answer = latest(rows, "quote.approved", "quote.declined")

    @property
    def is_cancelled(self) -> bool:
        last = latest(self.rows, "order.opened", "order.cancelled", "order.reopened")
        return last is not None and last.kind == "order.cancelled"

    @property
    def is_internal(self) -> bool:
        said = self.check_in is not None and self.check_in.data.internal
        return said or (self.opened is not None and self.opened.data.work_type == "internal")

    @property
    def closed(self) -> datetime | None:
        last = latest(self.rows, "order.closed", "order.reopened")
        return last.time if last is not None and last.kind == "order.closed" else None

    @property
    def promise(self) -> datetime | None:
        """The original promise."""
        opened = [row for row in named(self.rows, "order.opened") if row.data.promised_at is not None]
        promises = opened or named(self.rows, "order.promise_changed")
        return promises[0].data.promised_at if promises else None

    @property
    def start(self) -> datetime | None:
        on = [row for row in named(self.rows, "technician.clocked_on") if row.data.activity == "productive"]
        return on[0].time if on else None

    @property
    def bill(self) -> datetime | None:
        first = earliest(self.rows, "invoice.issued")
        return first.time if first else None

    def qc_passed(self, by: datetime) -> datetime | None:
        """When quality control had passed, seen at `by`: the first pass after the latest failure."""
        checks = [row for row in named(self.rows, "qc.passed", "qc.failed") if row.time <= by]
        failures = [place for place, row in enumerate(checks) if row.kind == "qc.failed"]
        after = checks[failures[-1] + 1 :] if failures else checks
        return after[0].time if after else None

    def ready(self, by: datetime) -> datetime | None:
        """When the vehicle was ready, seen at `by`: passed and billed."""
        passed = self.qc_passed(by)
        if passed is None or self.bill is None or self.bill > by:
            return None
        return max(passed, self.bill)

    def invoice_lines(self) -> list[tuple[datetime, Any]]:
        """Each line of the bill as last issued, with the time of that issue."""
        lines = {
            line.line_id: (row.time, line) for row in named(self.rows, "invoice.issued") for line in row.data.lines
        }
        return list(lines.values())

    def quote_lines(self) -> list[Any]:
        """Each line of the quote as last given."""
        lines = {line.line_id: line for row in named(self.rows, "quote.given") for line in row.data.lines}
        return list(lines.values())

    def parts(self) -> list[Part]:
        """Each kind of part that was requested."""
        kinds = dict.fromkeys(row.data.part_no for row in named(self.rows, "part.requested"))
        return [self._part(part_no) for part_no in kinds]

    def _part(self, part_no: str) -> Part:
        rows = [row for row in self.rows if row.kind.startswith("part.") and row.data.part_no == part_no]
        arrived, picked = earliest(rows, "part.arrived"), earliest(rows, "part.picked")
        return Part(
            named(rows, "part.requested")[0],
            arrived.time if arrived else None,
            picked.time if picked else None,
        )

    def has_rework(self) -> bool:
        """Whether a rework was confirmed at most 30 days after delivery."""
        if self.delivered is None:
            return False
        limit = self.delivered.time + timedelta(days=30)
        return any(row.time <= limit for row in named(self.rows, "rework.confirmed"))
