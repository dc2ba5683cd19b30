"""Checks of the tables of schemes: how they are monitored, and what they charge."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from pricing.arithmetic import ONE
from tables.kinds.monitoring import BenchmarksContent, PortfolioTermsContent
from tables.kinds.tariffs import MembershipClass, TariffContent
from tables.lint import history
from tables.lint.findings import Finding
from tables.lint.subject import Subject
from tables.pointers import pointer

_PERSON = "person"


def benchmarks(subject: Subject) -> Iterator[Finding]:
    """Indicators without a benchmark, and those that had one."""
    content: BenchmarksContent = subject.content
    if not content.indicators:
        yield Finding("no_benchmarks", pointer("indicators"), "is empty: nothing can be judged.")
    if subject.before is not None:
        for name in subject.content_before.indicators:
            if name not in content.indicators:
                message = f"has no benchmark for {name}; {subject.before.name} has one."
                yield Finding("benchmark_dropped", pointer("indicators"), message)


def portfolio_terms(subject: Subject) -> Iterator[Finding]:
    """Kinds of services that lists can name no more."""
    content: PortfolioTermsContent = subject.content
    if subject.before is not None:
        for service in subject.content_before.services:
            if service not in content.services:
                message = f"has no {service}; {subject.before.name} has. Lists that name it are refused."
                yield Finding("service_dropped", pointer("services"), message)


def scale(subject: Subject) -> Iterator[Finding]:
    """A scale by which more persons pay less, or nobody anything, or a class has no price any more."""
    content: TariffContent = subject.content
    for name, members in content.classes.items():
        here = pointer("classes", name)
        yield from _by_family_size(f"{here}/premium_by_family_size", members, per_person=content.charged_for == _PERSON)
        if members.subsidy is not None and members.subsidy.share_of_premium == ONE:
            message = "is 1: nothing of the premium is left to be paid by others."
            yield Finding("subsidy_pays_all", f"{here}/subsidy/share_of_premium", message)
        if members.rate is not None:
            yield from history.rate_changed_again(subject, ("classes", name, "rate"))
    if subject.before is not None:
        for name in subject.content_before.classes:
            if name not in content.classes:
                message = f"has no class {name}; {subject.before.name} has. Questions about it are refused."
                yield Finding("class_dropped", pointer("classes"), message)


def _by_family_size(here: str, members: MembershipClass, *, per_person: bool) -> Iterator[Finding]:
    bands = {int(size): premium for size, premium in (members.premium_by_family_size or {}).items()}
    for size, after in pairwise(sorted(bands)):
        pays, more_pay = ((bands[size], after - 1), (bands[after], after))
        if _all(more_pay, per_person=per_person) < _all(pays, per_person=per_person):
            message = f"makes {after} persons pay less in all than {after - 1}."
            yield Finding("larger_family_pays_less", f"{here}/{after}", message)


def _all(premium_of_persons: tuple[Decimal, int], *, per_person: bool) -> Decimal:
    premium, persons = premium_of_persons
    return premium * persons if per_person else premium
