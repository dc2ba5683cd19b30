"""What a check finds, and the committed list of everything that can be found."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Rule:
    """A kind of finding: whether it stops a publication, and what it means."""

    severity: Severity
    meaning: str


@dataclass(frozen=True)
class Finding:
    """Something that somebody should look at before it is published.

    Attributes:
        code: one of `RULES`.
        pointer: JSON pointer into the content; empty: the version itself.
        message: a sentence for people.
    """

    code: str
    pointer: str
    message: str

    @property
    def severity(self) -> Severity:
        """Whether it stops the publication."""
        return RULES[self.code].severity


def _error(meaning: str) -> Rule:
    return Rule("error", meaning)


def _warning(meaning: str) -> Rule:
    return Rule("warning", meaning)


# A code, once released, keeps its meaning.
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "accident_rate_above_mortality": _error("deaths by accident exceed all deaths"),
        "ages_gap": _warning("an age between two bands is in none"),
        "ages_missing": _error("ages that the version before has are missing"),
        "ages_overlap": _error("an age is in two bands"),
        "base_below_its_parts": _error("the full contribution base is below a part of it"),
        "benchmark_dropped": _warning("an indicator loses its benchmark"),
        "bigger_family_gets_less": _warning("a family with more survivors gets less in all"),
        "class_dropped": _warning("a class of members loses its scale"),
        "entry_without_price": _error("an age at entry is in no band that has a price"),
        "exception_repeats": _warning("an exception says what holds without it"),
        "gap": _warning("days between two versions have none"),
        "hospital_cheaper": _warning("a national hospital is cheaper than a health centre"),
        "household_code_twice": _error("two household forms have one code"),
        "inpatient_above_outpatient": _warning("persons are admitted more often than they visit"),
        "larger_family_pays_less": _warning("a larger family pays less in all"),
        "leap_between_years": _warning("a figure leaps from one year to the next"),
        "loadings_of_one_or_more": _error("loadings leave nothing for benefits"),
        "more_than_a_year": _error("days of benefit exceed those of a year"),
        "more_than_the_body_has": _error("a loss takes more than a body has"),
        "mortality_falls": _warning("mortality falls with age"),
        "moved": _warning("a number moves far against the version before"),
        "multiplier_above_perpetuity": _error("a multiplier exceeds that of a payment for ever"),
        "multiplier_rises": _warning("a multiplier rises with age"),
        "never_ceases": _error("the share at which membership ceases cannot be reached"),
        "no_benchmarks": _error("no indicator has a benchmark"),
        "nobody_dies": _warning("nobody dies in a group of ages"),
        "nobody_stays": _error("all members leave every year"),
        "nothing_changed": _warning("the content is that of the version before"),
        "number_removed": _warning("a number of the version before is not there"),
        "overlap": _warning("days of another version are taken over"),
        "package_benefit_falls": _warning("a later package has the smaller benefit"),
        "paid_never": _warning("an amount is paid at no time of the year"),
        "part_above_whole": _error("a part is larger than the whole"),
        "parts_differ_from_whole": _warning("parts do not add up to the whole"),
        "premium_rate_above_share": _warning("reinsurance costs a larger share than it covers"),
        "provenance_missing": _warning("nothing says where a part comes from"),
        "rate_changed_again": _warning("a contribution rate changes soon after its last change"),
        "rate_over_one": _error("a probability exceeds 1"),
        "ratios_of_one_or_more": _error("limits of costs leave nothing for benefits"),
        "risk_above_annual_limit": _warning("one risk may exceed the limit of the year"),
        "sample_classes": _error("classes of spells are not in order"),
        "scenarios_alike": _warning("two scenarios are the same"),
        "service_dropped": _warning("a kind of service is not listed any more"),
        "share_over_maximum": _error("a share exceeds the stated maximum"),
        "source_unknown": _warning("a source or its place is not in the list of sources"),
        "spent_above_income": _warning("claims exceed contributions"),
        "starts_late": _warning("the life table does not begin at birth"),
        "subsidy_pays_all": _warning("a subsidy leaves nothing to be paid"),
        "wide_age_group": _warning("a group of ages is wide"),
        "year_without_workers": _error("a year has accidents and no workers"),
        "years_missing": _error("a year between the first and the last is missing"),
    }
)
