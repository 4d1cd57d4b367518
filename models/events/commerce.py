"""Events of money and marketing: invoices, new cars, maintenance campaigns."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.events.envelope import Data, Hours, Id, Money, PersonalId
from models.events.reception import WorkType

__all__ = [
    "InvoiceIssued",
    "InvoiceLine",
    "InvoiceWarrantyPaid",
    "MaintenanceDueListed",
    "MaintenanceInvited",
    "MaintenanceNotified",
    "NewCarContacted",
    "NewCarDelivered",
    "NewCarSold",
]


class InvoiceLine(BaseModel):
    """One line of a bill; the same line sent again replaces the one before. Amounts include VAT, `parts_cost` does
    not."""

    model_config = ConfigDict(frozen=True, extra="ignore")
    line_id: Id
    work_type: WorkType
    payer: Literal["customer", "warranty", "insurance", "internal"] = "customer"
    labour_hours_sold: Hours
    labour: Money
    parts: Money
    parts_cost: Money


class InvoiceIssued(Data):
    """The itemised bill was made."""

    event_type: ClassVar[str] = "invoice.issued"
    order_id: Id
    lines: tuple[InvoiceLine, ...]


class InvoiceWarrantyPaid(Data):
    """The manufacturer paid a warranty claim."""

    event_type: ClassVar[str] = "invoice.warranty_paid"
    order_id: Id
    amount: Money


class NewCarSold(Data):
    """A new car was sold."""

    event_type: ClassVar[str] = "new_car.sold"
    vehicle_id: Id
    customer_id: PersonalId | None = None
    price: Money
    cost: Money
    channel: Id | None = None
    trade_in: bool = False
    accessories: Annotated[int, Field(ge=0)] = 0


class NewCarDelivered(Data):
    """A new car was handed over."""

    event_type: ClassVar[str] = "new_car.delivered"
    vehicle_id: Id
    introduced_to_service: bool


class NewCarContacted(Data):
    """The buyer of a new car was contacted."""

    event_type: ClassVar[str] = "new_car.contacted"
    vehicle_id: Id


class MaintenanceDueListed(Data):
    """Vehicles whose maintenance falls due."""

    event_type: ClassVar[str] = "maintenance.due_listed"
    vehicle_ids: tuple[Id, ...]


class MaintenanceNotified(Data):
    """An owner was told that maintenance is due."""

    event_type: ClassVar[str] = "maintenance.notified"
    vehicle_id: Id
    channel: Literal["phone", "sms", "mail", "message", "app"]


class MaintenanceInvited(Data):
    """An owner was invited to come in."""

    event_type: ClassVar[str] = "maintenance.invited"
    vehicle_id: Id
