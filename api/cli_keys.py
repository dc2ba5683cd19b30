"""`rielquote keys`: API keys are made, listed and ended here. A key is printed once, and is nowhere afterwards."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

import typer

from api.cli_store import day, one_line, print_json, print_rows, ready_store, refuse, stop, where
from api.engine import instant_text, today
from tables.keys import MAX_NAME, PREFIX_DIGITS, ApiKey, Role, create_key, list_keys, revoke_key

keys = typer.Typer(no_args_is_help=True, help="API keys.")

_COLUMNS = ("prefix", "role", "status", "created_at", "expires_on", "revoked_at", "name")

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


@keys.command()
def create(
    name: Annotated[str, typer.Option(help="Who gets it, for people.")],
    role: Annotated[Role, typer.Option(help="What it may do; every role reads, admin may do all.")],
    expires: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Last day on which it works, in Phnom Penh.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print it, this once."""
    name = one_line(name, "--name", MAX_NAME)
    expires_on = None if expires is None else _last_day(expires)
    with ready_store() as store:
        key, stored = create_key(store, name, role, expires_on, _now())
    if as_json:
        print_json({"key": key, **_described(stored)})
        return
    typer.echo(
        f"Key {stored.prefix} is in the store {where()}. It is shown this once; whoever has it can use it:", err=True
    )
    typer.echo(key)


@keys.command("list")
def list_(as_json: AsJson = False) -> None:
    """List every key, without what would let anyone use it."""
    with ready_store() as store:
        described = [_described(each) for each in list_keys(store)]
    if as_json:
        print_json({"keys": described})
    elif described:
        print_rows([list(_COLUMNS), *([each[name] for name in _COLUMNS] for each in described)])
    else:
        typer.echo(f"There are no keys in the store {where()}.", err=True)


@keys.command()
def revoke(
    prefix: Annotated[str, typer.Argument(help="The key's digits between `rq_` and the next `_`.")],
    as_json: AsJson = False,
) -> None:
    """End a key, at once and for ever."""
    if not re.fullmatch(rf"[0-9a-f]{{{PREFIX_DIGITS}}}", prefix):
        # Not repeated: it may be a whole key.
        refuse(f"That is no prefix of a key: give the {PREFIX_DIGITS} digits that `rielquote keys list` shows.")
    with ready_store() as store:
        stored = revoke_key(store, prefix, _now())
    if stored is None:
        stop(f"No key in the store {where()} has the prefix {prefix}: see `rielquote keys list`.")
    if as_json:
        print_json(_described(stored))
    else:
        typer.echo(f"Key {prefix} ({stored.name}) is revoked since {_described(stored)['revoked_at']}.")


def _last_day(given: str) -> date:
    last = day(given, "--expires")
    if last < today():
        refuse("--expires is in the past: the key would never work.")
    return last


def _now() -> datetime:
    return datetime.now(UTC)


def _described(key: ApiKey) -> dict[str, Any]:
    if key.revoked_at is not None:
        status = "revoked"
    else:
        status = "expired" if key.expires_on is not None and key.expires_on < today() else "valid"
    return {
        "prefix": key.prefix,
        "name": key.name,
        "role": key.role,
        "status": status,
        "created_at": instant_text(key.created_at),
        "expires_on": key.expires_on and key.expires_on.isoformat(),
        "revoked_at": key.revoked_at and instant_text(key.revoked_at),
    }
