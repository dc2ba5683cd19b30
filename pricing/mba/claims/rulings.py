"""What all claims share: the decision with its rule, the band of an age, and claims that cannot be."""

from dataclasses import dataclass

from pricing.errors import DomainError
from pricing.mba.assumptions import ClaimTerms, InsuredCover, Packages
from pricing.mba.plans import ADDITIONAL_15_65, ADDITIONAL_66_75, CHILD

PAYABLE = "payable"
EXCLUDED = "excluded"
NOT_COVERED = "not_covered"

NATURAL = "natural"
ACCIDENT = "accident"
ILLNESS = "illness"

AGE_NOT_INSURED = "age_not_insured"

_BANDS = ("child", "adult", "elder")
_INSURED = {"child": CHILD, "adult": ADDITIONAL_15_65, "elder": ADDITIONAL_66_75}


@dataclass(frozen=True)
class Ruling:
    """A decision and the rule that made it.

    Attributes:
        decision: payable, excluded or not_covered.
        reason: the rule's code.
        text: the rule as it applies here, in a sentence.
        source: where the rule stands.
    """

    decision: str
    reason: str
    text: str
    source: str


@dataclass(frozen=True)
class InsuredAge:
    """What the programme has for an age.

    Attributes:
        cover: the cover of the age's band, or None where no band has the age.
        errata: codes of the published mistakes by which the age was placed.
    """

    cover: InsuredCover | None
    errata: tuple[str, ...]


@dataclass(eq=False)
class ImpossibleClaim(DomainError):
    """What a claim says cannot be true together."""

    field: str
    reason: str

    def __str__(self) -> str:
        return f"The claim contradicts itself: {self.reason}"


def insured_age(age: int, packages: Packages, terms: ClaimTerms) -> InsuredAge:
    """The cover that an age is paid by; an age that is read otherwise than its band comes first."""
    reading = terms.age_exceptions.get(age)
    if reading is not None:
        errata = () if reading.erratum is None else (reading.erratum,)
        return InsuredAge(packages.insured[_INSURED[reading.band]], errata)
    band = next((name for name in _BANDS if age in getattr(terms.ages, name)), None)
    return InsuredAge(None if band is None else packages.insured[_INSURED[band]], ())


def plural(number: int, noun: str) -> str:
    """`1 month`, `2 months`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
