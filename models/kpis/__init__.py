"""The catalogue: every KPI with its card and its rules, in the order of the trade's reference."""

from models.kpis import customer, parts, reception, workshop
from models.kpis.card import Kpi, Target

__all__ = ["CATALOGUE", "Kpi", "Target"]

CATALOGUE: dict[str, Kpi] = {kpi.id: kpi for section in (reception, parts, workshop, customer) for kpi in section.KPIS}
