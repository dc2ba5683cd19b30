"""Every error answer: RFC 9457 problem details, one shape, never an echo of what was sent.

The only place that knows which refusal has which status. A code, once released, keeps its meaning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

import orjson

from pricing.errors import DomainError, YearNotCovered
from pricing.life import AgeOutsideLifeTable
from pricing.mba.break_even import NoSolution, YearNotProjected
from pricing.mba.claims.rulings import ImpossibleClaim
from pricing.mba.cohorts import WithdrawalsTooHigh
from pricing.mba.enrolment import EnrolmentTooLarge
from pricing.mba.plans import NotEligible
from pricing.mba.premiums import AccidentRateAboveMortality, LoadingsTooHigh
from pricing.mba.reinsurance import AnnualLimitOutOfRange
from pricing.monitoring.development import NothingDeveloped
from pricing.nssf.cost_ratios import ZeroDivisor
from pricing.nssf.indexation import PricesVanish
from pricing.nssf.refusals import (
    AgeOutsideMultipliers,
    EmployerNotCovered,
    ImpossibleCase,
    LossOfWorkingCapacityOutOfRange,
    NoSurvivors,
)
from pricing.rounding import AmountTooLarge
from pricing.shi.civil_servants import GovernmentShareTooLow
from pricing.shi.projection import CollectionAboveAll
from pricing.shi.scenarios import NoBenefits
from pricing.shi.sensitivity import NoChange
from pricing.shi.solution import CostRatioOutOfReach
from pricing.tariffs.scale import NotInTariff
from tables.errors import (
    ChecksFailed,
    CreatedOtherwise,
    DateConflict,
    DraftPinned,
    NoCoverage,
    OverrideInvalid,
    OwnVersion,
    TableConflict,
    TableUnknown,
    TagOutdated,
    VersionAbsent,
    VersionInvalid,
    VersionUnknown,
    WrongKind,
    WrongStatus,
)
from tables.validation import MAX_REASONS

MEDIA_TYPE = b"application/problem+json"
_RETRY = ((b"retry-after", b"1"),)


@dataclass(frozen=True)
class ProblemType:
    """A kind of error: its status, its title, and the refusal that gives rise to it, if one does."""

    status: int
    title: str
    refusal: type[DomainError] | None = None


# The committed list of codes.
PROBLEMS: Mapping[str, ProblemType] = {
    "preflight_refused": ProblemType(400, "This origin may not ask this"),
    "malformed_http": ProblemType(400, "This is not HTTP"),
    "malformed_json": ProblemType(400, "The body is not valid JSON"),
    "malformed_arrow": ProblemType(400, "The body is not a valid Arrow stream"),
    "unauthenticated": ProblemType(401, "This needs a valid API key"),
    "forbidden": ProblemType(403, "The API key does not allow this"),
    "own_version": ProblemType(403, "Nobody publishes what they have written", OwnVersion),
    "not_found": ProblemType(404, "There is nothing at this address", VersionAbsent),
    "method_not_allowed": ProblemType(405, "This address does not take this method"),
    "not_acceptable": ProblemType(406, "No acceptable form of the answer"),
    "request_timeout": ProblemType(408, "The request took too long to arrive"),
    "accident_rate_above_mortality": ProblemType(409, "Rates contradict each other", AccidentRateAboveMortality),
    "age_outside_life_table": ProblemType(409, "The life table does not reach this age", AgeOutsideLifeTable),
    "age_outside_multipliers": ProblemType(409, "No multiplier for this age", AgeOutsideMultipliers),
    "amount_too_large": ProblemType(409, "An amount is too large to be exact", AmountTooLarge),
    "annual_limit_out_of_range": ProblemType(409, "The treaty has no such annual limit", AnnualLimitOutOfRange),
    "checks_failed": ProblemType(409, "The checks find errors in the draft", ChecksFailed),
    "collection_above_all": ProblemType(409, "More would be collected than is due", CollectionAboveAll),
    "cost_ratio_out_of_reach": ProblemType(409, "Nothing leads to this cost ratio", CostRatioOutOfReach),
    "date_conflict": ProblemType(409, "Two dates contradict each other", DateConflict),
    "draft_pinned": ProblemType(409, "A draft cannot be used", DraftPinned),
    "employer_not_covered": ProblemType(409, "The employer is not covered", EmployerNotCovered),
    "enrolment_too_large": ProblemType(409, "The growth plan leads to too many members", EnrolmentTooLarge),
    "government_share_too_low": ProblemType(409, "The government must pay more", GovernmentShareTooLow),
    "idempotency_key_reused": ProblemType(409, "The key was used for another request", CreatedOtherwise),
    "impossible_case": ProblemType(409, "The case contradicts itself", ImpossibleCase),
    "impossible_claim": ProblemType(409, "The claim contradicts itself", ImpossibleClaim),
    "job_failed": ProblemType(409, "The job has failed"),
    "job_not_finished": ProblemType(409, "The job has no answer yet"),
    "loadings_too_high": ProblemType(409, "The loadings leave nothing for benefits", LoadingsTooHigh),
    "loss_of_working_capacity_out_of_range": ProblemType(
        409, "No benefit is for this loss of working capacity", LossOfWorkingCapacityOutOfRange
    ),
    "no_benefits": ProblemType(409, "No benefit is asked for", NoBenefits),
    "no_change": ProblemType(409, "Nothing would change", NoChange),
    "no_coverage": ProblemType(409, "No table is in force on this date", NoCoverage),
    "no_solution": ProblemType(409, "No value is enough", NoSolution),
    "no_survivors": ProblemType(409, "Nobody survives whom a pension is for", NoSurvivors),
    "not_eligible": ProblemType(409, "The tariff has no price for this household", NotEligible),
    "not_in_tariff": ProblemType(409, "The scheme's scale does not say", NotInTariff),
    "nothing_developed": ProblemType(409, "Claims cannot be developed from nothing", NothingDeveloped),
    "override_invalid": ProblemType(409, "The override does not give a valid table", OverrideInvalid),
    "prices_vanish": ProblemType(409, "Prices would fall to nothing", PricesVanish),
    "query_incomplete": ProblemType(409, "The query beside the CSV does not say all that is needed"),
    "table_conflict": ProblemType(409, "The table is another than is said", TableConflict),
    "table_unknown": ProblemType(409, "A pinned table does not exist", TableUnknown),
    "version_invalid": ProblemType(409, "This is no valid version of the table", VersionInvalid),
    "version_status": ProblemType(409, "The version does not stand where it must", WrongStatus),
    "version_unknown": ProblemType(409, "A pinned version does not exist", VersionUnknown),
    "withdrawals_too_high": ProblemType(409, "More members would leave than there are", WithdrawalsTooHigh),
    "wrong_kind": ProblemType(409, "A table is of another kind", WrongKind),
    "year_not_covered": ProblemType(409, "The table has no figures of this year", YearNotCovered),
    "year_not_projected": ProblemType(409, "The projection ends before this year", YearNotProjected),
    "zero_divisor": ProblemType(409, "Something is divided by 0", ZeroDivisor),
    "precondition_failed": ProblemType(412, "The version has changed", TagOutdated),
    "body_too_large": ProblemType(413, "The body is too large"),
    "row_too_long": ProblemType(413, "A row is too long"),
    "unsupported_media_type": ProblemType(415, "The body is not in a supported media type"),
    "invalid_request": ProblemType(422, "The request is not valid"),
    "precondition_required": ProblemType(428, "The request must say which state it changes"),
    "headers_too_large": ProblemType(431, "The head of the request is too large"),
    "internal_error": ProblemType(500, "Something went wrong here"),
    "deadline_passed": ProblemType(503, "The calculation takes too long"),
    "overloaded": ProblemType(503, "The service has more to do than it can"),
    "not_ready": ProblemType(503, "The service is starting or has no tables"),
    "store_unavailable": ProblemType(503, "The store cannot be reached"),
    "too_many_connections": ProblemType(503, "Too many connections are open"),
}

_CODE_BY_REFUSAL = {problem.refusal: code for code, problem in PROBLEMS.items() if problem.refusal is not None}

_POINTERS: Mapping[type[DomainError], str] = {
    DateConflict: "/as_of",
    AnnualLimitOutOfRange: "/annual_limit",
    EmployerNotCovered: "/workers",
    NoSurvivors: "",  # the request as a whole: any of three fields would do
    LossOfWorkingCapacityOutOfRange: "/loss_of_working_capacity_percent",
    YearNotProjected: "/year",
    GovernmentShareTooLow: "/government_share",
    NoBenefits: "/benefits",
    NoChange: "/change",
    CollectionAboveAll: "/collection_growth",
    CostRatioOutOfReach: "/target",
    NothingDeveloped: "/triangle",
}

_NAMING_A_FIELD = (
    TableConflict
    | ImpossibleClaim
    | ImpossibleCase
    | NotInTariff
    | YearNotCovered
    | AgeOutsideMultipliers
    | AgeOutsideLifeTable
    | PricesVanish
    | ZeroDivisor
)
"""The refusals that say themselves which field of the request they are about."""

Reasons = Sequence[tuple[str, str]]
"""JSON pointers into the request, each with what is wrong there."""


class Problem(Exception):
    """An error answer on its way out."""

    def __init__(
        self, code: str, detail: str, reasons: Reasons = (), headers: Sequence[tuple[bytes, bytes]] = ()
    ) -> None:
        """Args: a code of `PROBLEMS`, a sentence for people, pointers into the request, extra headers."""
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.reasons = reasons
        self.headers = (*headers, *(_RETRY if self.status == HTTPStatus.SERVICE_UNAVAILABLE else ()))

    @property
    def status(self) -> int:
        """HTTP status."""
        return PROBLEMS[self.code].status

    def body(self, instance: str) -> bytes:
        """The problem as JSON."""
        content: dict[str, object] = {
            "type": f"urn:rielquote:problem:{self.code}",
            "title": PROBLEMS[self.code].title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "code": self.code,
        }
        if self.reasons:
            content["errors"] = [{"pointer": pointer, "detail": detail} for pointer, detail in self.reasons]
        return orjson.dumps(content)


def fault() -> Problem:
    """The problem that an unexpected error becomes: it says nothing of it."""
    return Problem("internal_error", "The fault is ours, not in the request. It has been logged.")


def refused(refusal: DomainError, pins: str, dated_by: str = "as_of") -> Problem:
    """The problem that a rule's or a table's refusal becomes.

    Args:
        refusal: what was refused.
        pins: points to where the request has its pins.
        dated_by: the field of the request that says the date.
    """
    return Problem(_CODE_BY_REFUSAL[type(refusal)], str(refusal), _reasons(refusal, pins, dated_by))


def _reasons(refusal: DomainError, pins: str, dated_by: str) -> Reasons:
    if isinstance(refusal, NotEligible):
        return [
            ("/household" if each.person is None else f"/household/{each.person}", each.reason)
            for each in refusal.refusals[:MAX_REASONS]
        ]
    if isinstance(refusal, OverrideInvalid):
        return [(f"/overrides/{refusal.role}{pointer}", detail) for pointer, detail in refusal.reasons]
    if isinstance(refusal, VersionInvalid):
        return refusal.reasons
    if isinstance(refusal, ChecksFailed):
        return [(f"/content{pointer}", message) for _, pointer, message in refusal.faults[:MAX_REASONS]]
    pointer = _pointer(refusal, pins, dated_by)
    return () if pointer is None else [(pointer, str(refusal))]


def _pointer(refusal: DomainError, pins: str, dated_by: str) -> str | None:
    """The field that a refusal is about, where it is about one."""
    if isinstance(refusal, NoCoverage):
        return f"/{dated_by}" if refusal.nearest else "/known_at"
    if isinstance(refusal, _NAMING_A_FIELD):
        return None if refusal.field is None else f"/{refusal.field}"
    for kind, pointer in _POINTERS.items():
        if isinstance(refusal, kind):
            return pointer
    if isinstance(refusal, TableUnknown | VersionUnknown | DraftPinned | WrongKind):
        return f"{pins}/{refusal.role}"
    return None
