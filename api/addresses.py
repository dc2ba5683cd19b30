"""Addresses with a part that differs from request to request: it names the table of a role."""

from dataclasses import dataclass
from inspect import Parameter
from typing import Annotated

from fastapi import Path
from starlette.types import Scope

from api.engine import Basis
from api.problems import Problem
from tables.names import MAX_NAME
from tables.snapshot import Snapshot


@dataclass(frozen=True)
class NamedTable:
    """The part of a path in braces: the role whose table it names has no default, and no other table plays it.

    Attributes:
        parameter: what the path's template calls it; in the question's hash it is a field of that name.
        role: the role that the table plays.
        prefix: what the table's name has before it.
        description, example: as in OpenAPI.
    """

    parameter: str
    role: str
    prefix: str
    description: str
    example: str

    def table(self, said: str) -> str:
        """The table that is named."""
        return f"{self.prefix}{said}"

    def known(self, snapshot: Snapshot) -> dict[str, str]:
        """The tables that can be named, by what names them."""
        tables = (table for table in snapshot.of_kind(self.role) if table.startswith(self.prefix))
        return {table.removeprefix(self.prefix): table for table in tables}

    def said(self, scope: Scope, snapshot: Snapshot) -> str:
        """What a request's address says. Raises: Problem (`not_found`)."""
        said: str = scope["path_params"][self.parameter]
        known = self.known(snapshot)
        if said not in known:
            raise Problem("not_found", f"There is no such {self.parameter}. There are: {', '.join(known)}.")
        return said

    def check(self, basis: Basis, said: str) -> None:
        """Refuse a pin to another table than the one that is named. Raises: Problem (`wrong_kind`)."""
        table = self.table(said)
        if basis.resolved.versions[self.role].table != table:
            detail = f"{self.role}: the address names the table {table}. Pin that one or a version of it."
            raise Problem("wrong_kind", detail, [(f"/tables/{self.role}", detail)])

    def declared(self) -> Parameter:
        """The parameter as FastAPI reads it for the contract."""
        # The form is said to clients and not checked: what has no such name is not found, whatever its form.
        form = {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": MAX_NAME - len(self.prefix)}
        path = Path(description=self.description, json_schema_extra=form, examples=[self.example])
        return Parameter(self.parameter, Parameter.KEYWORD_ONLY, annotation=Annotated[str, path])
