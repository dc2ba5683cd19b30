"""What every kind of table content has in common."""

from abc import ABC, abstractmethod
from typing import Any

from pydantic import BaseModel, BeforeValidator, ConfigDict
from pydantic_core import PydanticCustomError


def _stated(value: Any) -> Any:
    if value is None:
        raise PydanticCustomError("null", "must not be null: an optional key is left out")
    return value


LEFT_OUT_OR_STATED = BeforeValidator(_stated)
"""Of an optional key, whose None only says that it was left out: a null would give one content two hashes."""


class ContentPart(BaseModel):
    """A part of a content; unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Content(BaseModel, ABC):
    """Content of one kind of table, exactly as it is stored.

    Unknown keys are refused, so a misspelt one is an error and never a silent default. Optional keys stay out of the
    canonical form when they are left out, so a kind can grow one without changing the hash of what is published.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    @abstractmethod
    def assumptions(self) -> Any:
        """The same content as the frozen dataclass that the formulas take."""
