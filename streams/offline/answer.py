"""The KPIs of a store as an answer: numbers as they are exported, held against their targets."""

from typing import Any, NamedTuple

from models.kpis import CATALOGUE, Kpi
from models.ledger import Reading, StoreLedger

__all__ = ["Cell", "cells", "store_answer"]


class Cell(NamedTuple):
    """One KPI in one window. Sums are divided by the KPI's scale; `value` is None and `verdict` "no data" without a
    case."""

    kpi: str
    window: str
    numerator: float
    denominator: int
    value: float | None
    verdict: str | None
    """"met", "missed" or "no data"; None where the KPI has no target."""


def cells(ledger: StoreLedger) -> list[Cell]:
    """Return every KPI of a store in every window it has."""
    return [_cell(CATALOGUE[reading.kpi], reading) for reading in ledger.readings()]


def _cell(kpi: Kpi, reading: Reading) -> Cell:
    value = kpi.value(reading.numerator, reading.denominator)
    return Cell(kpi.id, reading.window, kpi.shown(reading.numerator), reading.denominator, value, _verdict(kpi, value))


def _verdict(kpi: Kpi, value: float | None) -> str | None:
    if kpi.target is None:
        return None
    if value is None:
        return "no data"
    return "met" if kpi.target.is_met(value) else "missed"


def store_answer(ledger: StoreLedger) -> dict[str, Any]:
    """Return a store's KPIs for a machine: by KPI and window the sums, the value and the verdict."""
    kpis: dict[str, dict[str, Any]] = {}
    for cell in cells(ledger):
        target = CATALOGUE[cell.kpi].target
        entry = kpis.setdefault(
            cell.kpi, {"target": None if target is None else [target.comparison, target.value], "windows": {}}
        )
        entry["windows"][cell.window] = {
            "numerator": cell.numerator,
            "denominator": cell.denominator,
            "value": cell.value,
            "verdict": cell.verdict,
        }
    return {"kpis": kpis, "vehicles": dict(ledger.states())}
