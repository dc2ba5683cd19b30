"""Tables of monitoring: the benchmarks of indicators (ilo-hmis-2007 Table 4)."""

from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from pricing.monitoring import assumptions as monitoring
from tables.kinds.base import LEFT_OUT_OR_STATED, Content, ContentPart
from tables.numbers import Amount, Multiple, parse_whole

Bound = Literal["above", "below", "at_least", "at_most", "rising", "falling"]
Benchmarked = Literal[
    "monitoring_quality",
    "renewal_rate",
    "quick_ratio",
    "operating_expense_ratio",
    "claims_ratio",
    "investment_concentration_ratio",
    "net_income",
    "training_ratio",
    "utilization_rate",
    "penetration_rate",
    "impoverishment_rate",
    "population_coverage_rate",
]

_TRENDS = (monitoring.RISING, monitoring.FALLING)


class BenchmarkContent(ContentPart):
    """A limit, or a direction."""

    bound: Bound
    value: Annotated[Amount | None, LEFT_OUT_OR_STATED] = None
    ceiling: Annotated[Multiple | None, LEFT_OUT_OR_STATED] = None

    @model_validator(mode="after")
    def _limited(self) -> Self:
        if self.value is None and self.bound not in _TRENDS:
            raise ValueError("value must be given with this bound")
        if self.ceiling is not None and (self.bound != monitoring.AT_LEAST or self.value is None):
            raise ValueError("ceiling must stand beside the bound at_least alone")
        if self.ceiling is not None and self.value is not None and self.ceiling < self.value:
            raise ValueError("ceiling must not be below value")
        return self


class BenchmarksContent(Content):
    """What the indicators of a sustainable scheme are held against."""

    net_income_line: Literal["before_subsidies", "after_subsidies"]
    indicators: dict[Benchmarked, BenchmarkContent]

    def assumptions(self) -> monitoring.Benchmarks:
        """The benchmarks as the formulas take them."""
        indicators: dict[str, monitoring.Benchmark] = {
            name: monitoring.Benchmark(each.bound, each.value, each.ceiling) for name, each in self.indicators.items()
        }
        return monitoring.Benchmarks(MappingProxyType(indicators), self.net_income_line)


MAX_TERM = 120
"""Months that a premium covers, at most."""

Term = Annotated[int, Field(ge=1, le=MAX_TERM), BeforeValidator(parse_whole)]
Service = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=60)]


class PortfolioTermsContent(Content):
    """What a portfolio's lists rest on."""

    premium_term_months: Term
    services: Annotated[list[Service], Field(min_length=1, max_length=60)]

    @model_validator(mode="after")
    def _different(self) -> Self:
        if len(set(self.services)) < len(self.services):
            raise ValueError("services must differ")
        return self

    def assumptions(self) -> monitoring.PortfolioTerms:
        """The terms as the formulas take them."""
        return monitoring.PortfolioTerms(self.premium_term_months, tuple(self.services))
