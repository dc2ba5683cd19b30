"""Every error answer: RFC 9457 problem details, one shape, never an echo of what was sent.

The only place that knows which refusal has which status. A code, once released, keeps its meaning.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from pricing.errors import DomainError
from pricing.life import AgeOutsideLifeTable
from pricing.mba.plans import NotEligible
from pricing.mba.premiums import AccidentRateAboveMortality, LoadingsTooHigh
from tables.errors import DraftPinned, NoCoverage, OverrideInvalid, TableUnknown, VersionUnknown, WrongKind
from tables.validation import MAX_REASONS

MEDIA_TYPE = b"application/problem+json"


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
    "not_found": ProblemType(404, "There is nothing at this address"),
    "method_not_allowed": ProblemType(405, "This address does not take this method"),
    "not_acceptable": ProblemType(406, "No acceptable form of the answer"),
    "request_timeout": ProblemType(408, "The request took too long to arrive"),
    "accident_rate_above_mortality": ProblemType(409, "Rates contradict each other", AccidentRateAboveMortality),
    "age_outside_life_table": ProblemType(409, "The life table does not reach this age", AgeOutsideLifeTable),
    "draft_pinned": ProblemType(409, "A draft cannot be used", DraftPinned),
    "loadings_too_high": ProblemType(409, "The loadings leave nothing for benefits", LoadingsTooHigh),
    "no_coverage": ProblemType(409, "No table is in force on this date", NoCoverage),
    "not_eligible": ProblemType(409, "The tariff has no price for this household", NotEligible),
    "override_invalid": ProblemType(409, "The override does not give a valid table", OverrideInvalid),
    "table_unknown": ProblemType(409, "A pinned table does not exist", TableUnknown),
    "version_unknown": ProblemType(409, "A pinned version does not exist", VersionUnknown),
    "wrong_kind": ProblemType(409, "A pinned table cannot play this role", WrongKind),
    "body_too_large": ProblemType(413, "The body is too large"),
    "unsupported_media_type": ProblemType(415, "The body is not in a supported media type"),
    "invalid_request": ProblemType(422, "The request is not valid"),
    "headers_too_large": ProblemType(431, "The head of the request is too large"),
    "internal_error": ProblemType(500, "Something went wrong here"),
    "overloaded": ProblemType(503, "The service has more to do than it can"),
    "not_ready": ProblemType(503, "The service is starting or has no tables"),
    "too_many_connections": ProblemType(503, "Too many connections are open"),
}

_CODE_BY_REFUSAL = {problem.refusal: code for code, problem in PROBLEMS.items() if problem.refusal is not None}

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
        self.headers = tuple(headers)

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


def refused(refusal: DomainError) -> Problem:
    """The problem that a rule's or a table's refusal becomes."""
    return Problem(_CODE_BY_REFUSAL[type(refusal)], str(refusal), _reasons(refusal))


def _reasons(refusal: DomainError) -> Reasons:
    if isinstance(refusal, NotEligible):
        return [
            ("/household" if each.person is None else f"/household/{each.person}", each.reason)
            for each in refusal.refusals[:MAX_REASONS]
        ]
    if isinstance(refusal, OverrideInvalid):
        return [(f"/overrides/{refusal.role}{pointer}", detail) for pointer, detail in refusal.reasons]
    if isinstance(refusal, NoCoverage):
        return [("/as_of" if refusal.nearest else "/known_at", str(refusal))]
    if isinstance(refusal, TableUnknown | VersionUnknown | DraftPinned | WrongKind):
        return [(f"/tables/{refusal.role}", str(refusal))]
    return ()
