"""Events after the visit: follow-up calls, problems, reworks, complaints."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from models.events.envelope import Data, Id

__all__ = [
    "CallbackMade",
    "ComplaintReceived",
    "ProblemFaultFixed",
    "ProblemRaised",
    "ProblemResolved",
    "ReworkConfirmed",
]


class CallbackMade(Data):
    """Somebody tried to reach the customer after delivery."""

    event_type: ClassVar[str] = "callback.made"
    order_id: Id
    channel: Literal["phone", "in_person", "voicemail", "letter", "message"]
    reached: bool
    satisfied: bool | None = None


class ProblemRaised(Data):
    """A customer reported faults; one visit's faults are one case."""

    event_type: ClassVar[str] = "problem.raised"
    problem_id: Id
    order_id: Id | None = None
    faults: Annotated[tuple[Id, ...], Field(min_length=1)]


class ProblemFaultFixed(Data):
    """One of the reported faults is fixed."""

    event_type: ClassVar[str] = "problem.fault_fixed"
    problem_id: Id
    fault: Id


class ProblemResolved(Data):
    """The customer was asked whether everything is in order now."""

    event_type: ClassVar[str] = "problem.resolved"
    problem_id: Id
    satisfied: bool


class ReworkConfirmed(Data):
    """A vehicle came back for work that should have been right; `order_id` is the original order."""

    event_type: ClassVar[str] = "rework.confirmed"
    order_id: Id
    rework_order_id: Id | None = None


class ComplaintReceived(Data):
    """The customer of an order complained."""

    event_type: ClassVar[str] = "complaint.received"
    order_id: Id
