"""Rows to events: every row's parts, parts to groups, groups to events in the order of their time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

from importer.cells import Row, to_text
from importer.checks import check_columns, check_map, field_names, full_type, used_columns
from importer.errors import CellError, Reject
from importer.groups import Part, arrange, merge, merge_time, order_key
from importer.identity import Tokens, event_id
from importer.mapping import Map, Template, ValueSpec
from importer.tables import Line, Table
from importer.values import Context, evaluate, fill, holds, read_moment
from models.events import EVENT_TYPES, EventError, parse_event, to_json
from models.instants import Instant, instant

__all__ = ["Made", "Outcome", "convert"]


@dataclass(frozen=True, slots=True)
class Made:
    """One event ready to be written: its JSON, and what it is sorted and sent by."""

    at: Instant
    template: int
    id: str
    store: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Outcome:
    """All events by time, and what could not be made."""

    events: list[Made]
    rejects: list[Reject]
    rows: int


def convert(mapping: Map, table: Table) -> Outcome:
    """Return the events of a table; raise `MapError` where the map does not fit it.

    A row that cannot be read gives no event at all and one reject. Rows in another order, or given twice,
    make the same events in the same order.
    """
    check_map(mapping)
    check_columns(mapping, table)
    return _Conversion(mapping, table.name).run(table.lines)


class _Conversion:
    """One pass over one table."""

    def __init__(self, mapping: Map, file: str) -> None:
        self._mapping = mapping
        self._file = file
        self._tokens = Tokens(used_columns(mapping), mapping.row_key, counted=mapping.occurrence)
        self._zone = ZoneInfo(mapping.zone)
        self._zones = {store: ZoneInfo(name) for store, name in mapping.zones.items()}
        self._groups: dict[tuple[int, str, str, tuple[str, ...]], list[Part]] = {}
        self._made: dict[str, tuple[Made, int]] = {}
        self._rejects: list[Reject] = []

    def run(self, lines: Iterator[Line]) -> Outcome:
        rows = sum(self._take(line) for line in lines)
        for (index, *_), parts in self._groups.items():
            self._finish(index, parts)
        made = (made for made, _ in self._made.values())
        events = sorted(made, key=lambda one: (one.at, one.template, one.id))
        return Outcome(events, sorted(self._rejects, key=lambda reject: reject.row), rows)

    def _take(self, line: Line) -> int:
        try:
            parts = self._parts(line)
            alone = [self._event(index, [part]) for index, part in parts if not self._is_grouped(index)]
        except CellError as error:
            self._reject(line.number, error)
            return 1
        for made in alone:
            self._keep(made, line.number)
        for index, part in parts:
            if self._is_grouped(index):
                self._groups.setdefault((index, part.store, part.type, part.key), []).append(part)
        return 1

    def _is_grouped(self, index: int) -> bool:
        return self._mapping.event[index].group_by is not None

    def _finish(self, index: int, parts: list[Part]) -> None:
        row = min(part.row for part in parts)
        try:
            self._keep(self._event(index, arrange(parts)), row)
        except CellError as error:
            self._reject(row, error)

    def _reject(self, row: int, error: CellError) -> None:
        self._rejects.append(Reject(self._file, row, error.column, error.reason))

    def _parts(self, line: Line) -> list[tuple[int, Part]]:
        if line.fault is not None:
            raise line.fault
        if not holds(self._mapping.where, line.cells):
            return []
        token = self._tokens.token(line.number, line.cells)
        store, context = self._context(line.cells, token)
        parts = ((i, self._part(t, line, store, context)) for i, t in enumerate(self._mapping.event))
        return [(index, part) for index, part in parts if part is not None]

    def _context(self, row: Row, token: str) -> tuple[str, Context]:
        context = Context(self._mapping, token, self._zone)
        store = evaluate(self._mapping.store, row, context)
        if store is None:
            raise CellError(self._mapping.store.column or "", "is empty, but names the store")
        zone = self._zones.get(str(store))
        return str(store), Context(self._mapping, token, zone) if zone else context

    def _part(self, template: Template, line: Line, store: str, context: Context) -> Part | None:
        row = line.cells
        if template.when and not holds(template.when, row):
            return None
        event_type = full_type(str(evaluate(template.type, row, context) or ""))
        if not event_type:
            return None
        return Part(
            row=line.number,
            store=store,
            type=event_type,
            time=read_moment(template.time, row, context),
            key=_key(template, row, context.token),
            token=context.token,
            order=order_key(template.order_by, row),
            data={name: evaluate(spec, row, context) for name, spec in template.data.items()},
            id=fill(template.id, row) if template.id else None,
            subject=fill(template.subject, row) if template.subject else None,
        )

    def _event(self, index: int, parts: Sequence[Part]) -> Made:
        template, first = self._mapping.event[index], parts[0]
        known = _known(first.type)
        document = {
            "specversion": "1.0",
            "id": first.id or event_id(self._mapping.source, first.store, first.type, first.key),
            "source": self._mapping.source,
            "type": first.type,
            "time": merge_time(template.time, parts),
            "subject": first.subject or None,
            "storeid": first.store,
            "data": {name: value for name, value in merge(template, parts).items() if name in known},
        }
        try:
            event = parse_event(msgspec.json.encode(document))
        except EventError as error:
            column = _column(template, error.field)
            raise CellError(column, f"event {first.type}, field {error.field}: {error.reason}") from None
        return Made(instant(event.time), index, event.id, first.store, to_json(event))

    def _keep(self, made: Made, row: int) -> None:
        other = self._made.get(made.id)
        if other is None:
            self._made[made.id] = made, row
        elif other[0].body != made.body:
            # of two with one id the later one stands, as in the engine, and whatever the order of the rows
            goes, stays = sorted((other, (made, row)), key=lambda pair: (pair[0].at, pair[0].body))
            self._made[made.id] = stays
            reason = f"gives another event of the same id as row {stays[1]}: name more columns in its key"
            self._reject(goes[1], CellError("", reason))


def _key(template: Template, row: Row, token: str) -> tuple[str, ...]:
    columns = template.group_by or template.key
    return (token,) if columns is None else tuple(to_text(row.get(column, "")) for column in columns)


@cache
def _known(event_type: str) -> frozenset[str]:
    return frozenset(field_names(EVENT_TYPES[event_type]))


def _column(template: Template, path: str) -> str:
    """Return the column behind a field such as `data.lines.2.labour`; empty if there is none."""
    fields: dict[str, ValueSpec] = template.data
    column = template.time.column if path == "time" else None
    for name in path.split("."):
        if name in fields:
            column, fields = fields[name].column, fields[name].each or fields
    return column or ""
