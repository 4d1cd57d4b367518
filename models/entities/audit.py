"""The audit of a customer record."""

from dataclasses import dataclass

from models.entities.log import Hearing
from models.events import store
from models.instants import Instant

__all__ = ["Audit", "hearing"]


@dataclass(slots=True)
class Audit:
    """One audit; each event is a case of its own."""

    audited_at: Instant | None = None
    accurate: bool = False


hearing = Hearing(Audit)


@hearing.on(store.StoreRecordAudited)
def _audited(audit: Audit, at: Instant, vehicle_id: str, accurate: bool) -> None:
    audit.audited_at, audit.accurate = at, accurate
