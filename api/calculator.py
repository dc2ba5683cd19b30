"""What a calculator is: everything that tells one endpoint from another; the way through is the same for all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel

from api.addresses import NamedTable
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
class EventDate(Generic[RequestT]):
    """The date of what a request is about, which chooses the versions in place of `as_of`.

    Attributes:
        field: the field of the request that says it.
        of: from a request to the date, or None where the request does not say it.
    """

    field: str
    of: Callable[[RequestT], date | None]


@dataclass(frozen=True)
class LaterDate(Generic[RequestT]):
    """A second date of a request, by which some of its tables are looked up as well.

    Attributes:
        field: pointer to it in the request, without the first slash.
        of: from a request to the date, or None where the request does not say it.
        roles: of the tables that are looked up.
    """

    field: str
    of: Callable[[RequestT], date | None]
    roles: tuple[str, ...]


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
        event_date: the event's own date, where the calculator has one.
        later_date: a second date, where the calculator has one.
        named_table: the part of the path in braces, where it has one.
        csv: from the result to rows of text, header first, where the answer also comes as CSV.
        takes_csv: whether a body of CSV will do as the field `csv`, the other fields then being the query's.
        recurring: whether few different questions are asked again and again; if so the question is hashable, and its
            answer is kept as long as the tables are the same.
        identified: whether the answer carries a `quote_id`.
        weight: whether the event loop may wait for the formula, or a worker process calculates it.
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
    event_date: EventDate[RequestT] | None = None
    later_date: LaterDate[RequestT] | None = None
    named_table: NamedTable | None = None
    csv: Callable[[ResultT, QuestionT], Sequence[Sequence[str]]] | None = None
    takes_csv: bool = False
    recurring: bool = False
    identified: bool = False
    weight: Literal["inline", "heavy"] = "inline"
