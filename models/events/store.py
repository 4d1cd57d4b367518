"""Events about the store itself: head counts, costs, parc, stock values, audits, people; and retractions."""

import datetime as dt
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from models.events.envelope import Data, Id, Money

__all__ = [
    "EventReference",
    "Retracted",
    "StoreCostsPosted",
    "StoreInventoryValued",
    "StoreMarketReported",
    "StoreParcReported",
    "StoreRecordAudited",
    "StoreStaffed",
    "StoreSuggestionAccepted",
    "StoreSuggestionCompleted",
    "StoreSurveyReported",
    "StoreTrainingReported",
]

Headcount = Annotated[int, Field(ge=0, le=10_000)]
Count = Annotated[int, Field(ge=0)]
Month = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]


class StoreStaffed(Data):
    """Who was on duty on a day of the store; holds for the days after it until the next report."""

    event_type: ClassVar[str] = "store.staffed"
    day: dt.date
    advisors: Headcount = 0
    technicians: Headcount = 0
    body_technicians: Headcount = 0
    painters: Headcount = 0
    washers: Headcount = 0
    reception_bays: Headcount = 0


class StoreCostsPosted(Data):
    """A month's costs: the fixed ones of the service business, and all of the store."""

    event_type: ClassVar[str] = "store.costs_posted"
    month: Month
    fixed: Money
    total: Money


class StoreParcReported(Data):
    """The cars in the store's area and the users under its care, at the end of a month."""

    event_type: ClassVar[str] = "store.parc_reported"
    month: Month
    parc: Count
    managed_users: Count
    new_user_visits: Count
    visits_per_year: Annotated[float, Field(gt=0, le=100)]


class StoreMarketReported(Data):
    """New cars sold by everybody in the store's market in a month."""

    event_type: ClassVar[str] = "store.market_reported"
    month: Month
    sales: Count


class StoreInventoryValued(Data):
    """What the stock of parts and of cars is worth; holds until the next valuation."""

    event_type: ClassVar[str] = "store.inventory_valued"
    parts: Money
    cars: Money


class StoreRecordAudited(Data):
    """A customer record was checked against the facts."""

    event_type: ClassVar[str] = "store.record_audited"
    vehicle_id: Id
    accurate: bool


class StoreSuggestionAccepted(Data):
    """The managers decided to carry out a suggestion."""

    event_type: ClassVar[str] = "store.suggestion_accepted"
    suggestion_id: Id


class StoreSuggestionCompleted(Data):
    """The managers signed a suggestion off as carried out."""

    event_type: ClassVar[str] = "store.suggestion_completed"
    suggestion_id: Id


class StoreTrainingReported(Data):
    """How many technicians hold a valid training."""

    event_type: ClassVar[str] = "store.training_reported"
    trained: Headcount
    technicians: Headcount


class StoreSurveyReported(Data):
    """The result of an employee survey."""

    event_type: ClassVar[str] = "store.survey_reported"
    points: Count
    points_possible: Count


class EventReference(BaseModel):
    """The two names by which an event is known."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    source: Id
    id: Id


class Retracted(Data):
    """Takes an event back, whichever of the two arrives first; retracting a retraction puts the event back."""

    event_type: ClassVar[str] = "event.retracted"
    event: EventReference
