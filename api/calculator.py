"""What a calculator is: everything that tells one endpoint from another; the way through is the same for all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from api.engine import Basis
from api.requests import OwnFields

RequestT = TypeVar("RequestT", bound=OwnFields)
QuestionT = TypeVar("QuestionT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class Answered(Generic[ResultT]):
    """A formula's result, with the codes of the published mistakes whose cells it used."""

    result: ResultT
    errata: tuple[str, ...] = ()


@dataclass(frozen=True)
class Calculator(Generic[RequestT, QuestionT, ResultT]):
    """One endpoint.

    Attributes:
        method, path, operation_id, summary, description, tag: as in OpenAPI.
        request: its own fields.
        answer: model of its own answer fields, for the contract; tests hold every answer against it.
        roles: the table roles that it needs.
        question: from a request to what the formula needs of it.
        formula: from question and tables to an unrounded result.
        fields: from the result to the answer's own fields: rounding and naming.
        csv: from the result to rows of text, header first, where the answer also comes as CSV.
        recurring: whether few different questions are asked again and again; if so the question is hashable, and its
            answer is kept as long as the tables are the same.
        identified: whether the answer carries a `quote_id`.
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
    question: Callable[[RequestT, Basis], QuestionT]
    formula: Callable[[QuestionT, Basis], Answered[ResultT]]
    fields: Callable[[ResultT, Basis], dict[str, Any]]
    csv: Callable[[ResultT, QuestionT], Sequence[Sequence[str]]] | None = None
    recurring: bool = False
    identified: bool = False
