"""What a calculator is: everything that tells one endpoint from another; the way through is the same for all."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from api.engine import ENGINE_VERSION, Basis
from api.requests import OwnFields

RequestT = TypeVar("RequestT", bound=OwnFields)
ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class Context:
    """What an answer is computed from, beside the request.

    Attributes:
        basis: the resolved tables.
        request_sha256: hash of the request's own fields and overrides.
    """

    basis: Basis
    request_sha256: str

    @property
    def assumptions(self) -> Mapping[str, Any]:
        """Assumptions by role."""
        return self.basis.resolved.assumptions

    @property
    def quote_id(self) -> str:
        """The same question on the same tables has the same id, for ever.

        `q_` and 32 hex digits of SHA-256 over request_sha256, as_of, the sorted hashes of the table contents used and
        the engine version, one a line.
        """
        as_of = self.basis.receipt["as_of"].isoformat()
        question = f"{self.request_sha256}\n{as_of}\n{self.basis.content_sha256}\n{ENGINE_VERSION}"
        return f"q_{hashlib.sha256(question.encode()).hexdigest()[:32]}"


@dataclass(frozen=True)
class Answered(Generic[ResultT]):
    """A formula's result, with the codes of the published mistakes whose cells it used."""

    result: ResultT
    errata: tuple[str, ...] = ()


@dataclass(frozen=True)
class Calculator(Generic[RequestT, ResultT]):
    """One endpoint.

    Attributes:
        method, path, operation_id, summary, description, tag: as in OpenAPI.
        request: its own fields.
        answer: model of its own answer fields, for the contract; tests hold every answer against it.
        roles: the table roles that it needs.
        formula: from request and tables to an unrounded result.
        fields: from the result to the answer's own fields: rounding and naming.
        csv: from the result to rows of text, header first, where the answer also comes as CSV.
        example: a request for the documentation.
    """

    method: Literal["GET", "POST"]
    path: str
    operation_id: str
    summary: str
    description: str
    tag: str
    request: type[RequestT]
    answer: type[BaseModel]
    roles: tuple[str, ...]
    formula: Callable[[RequestT, Context], Answered[ResultT]]
    fields: Callable[[ResultT, RequestT, Context], dict[str, Any]]
    csv: Callable[[ResultT, RequestT, Context], Sequence[Sequence[str]]] | None = None
    example: Mapping[str, Any] | None = None
