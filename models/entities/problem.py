"""The problem case: the faults a customer reported after a visit and what became of them."""

from dataclasses import dataclass, field

from models.entities.log import Hearing
from models.events import customer
from models.instants import Instant

__all__ = ["Problem", "hearing"]


@dataclass(slots=True)
class Problem:
    """Facts of one problem case."""

    raised_at: Instant | None = None
    open_faults: set[str] = field(default_factory=set)
    fixed_faults: set[str] = field(default_factory=set)
    satisfied: bool = False

    @property
    def solved(self) -> bool:
        """Whether every reported fault is fixed and the customer says so."""
        return self.satisfied and self.open_faults <= self.fixed_faults


hearing = Hearing(Problem)


@hearing.on(customer.ProblemRaised)
def _raised(problem: Problem, at: Instant, problem_id: str, order_id: str | None, faults: tuple[str, ...]) -> None:
    if problem.raised_at is None:
        problem.raised_at = at
    problem.open_faults.update(faults)


@hearing.on(customer.ProblemFaultFixed)
def _fixed(problem: Problem, at: Instant, problem_id: str, fault: str) -> None:
    problem.fixed_faults.add(fault)


@hearing.on(customer.ProblemResolved)
def _resolved(problem: Problem, at: Instant, problem_id: str, satisfied: bool) -> None:
    problem.satisfied = satisfied
