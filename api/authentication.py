"""API keys at the door: who may pass to `/v1/`.

One guard stands in front of every route under `/v1/`. It asks nothing but memory: the keys are read from the store at
the start, and by `api.refresh` ever after.
"""

import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from fastapi.routing import iter_route_contexts
from starlette._utils import get_route_path
from starlette.routing import BaseRoute
from starlette.types import Scope

from api.edge import REQUEST_ID_KEY
from api.engine import today
from api.openapi import roles_needed
from api.problems import Problem
from api.state import Running
from tables.audit import Actor
from tables.keys import PREFIX_DIGITS, ROLES, SECRET_DIGITS, Key, Role, digest

GUARDED = "/v1/"
KEY_PREFIX = "rielquote.key"
"""Where a request's scope has the prefix of the key that it came with."""
KEY = "rielquote.known_key"
"""Where it has the key itself, as it is known."""

GRANTS: Mapping[Role, frozenset[Role]] = {
    "read": frozenset({"read"}),
    "author": frozenset({"read", "author"}),
    "publish": frozenset({"read", "publish"}),
    "admin": frozenset(ROLES),
}
"""The roles that a key of each role can play."""

_READING: frozenset[Role] = frozenset({"read"})
_CREDENTIALS = re.compile(rb"(?i:bearer) +(rq_([0-9a-f]{%d})_[0-9a-f]{%d})" % (PREFIX_DIGITS, SECRET_DIGITS))
_CHALLENGE = ((b"www-authenticate", b"Bearer"),)


class Guard:
    """Lets requests pass, or says why not."""

    def __init__(self, running: Running, routes: Sequence[BaseRoute], *, require_key: bool) -> None:
        """Args: where the keys are, all routes with the roles that they declare, whether reading needs a key."""
        self._running = running
        self._is_open = not require_key
        needed = ((each, roles_needed(each)) for each in iter_route_contexts(routes))
        self._declared = [(each.path_regex, each.methods or (), roles) for each, roles in needed if roles != _READING]

    def admit(self, scope: Scope) -> None:
        """Let a request pass. What comes as credentials must be a key, even where none is needed, and is noted.

        Args:
            scope: the request, HEAD as GET.
        Raises: Problem (`unauthenticated`, `forbidden`, `not_ready`).
        """
        path = get_route_path(scope)
        if not path.startswith(GUARDED):
            return
        needed = self._needed(path, scope["method"])
        credentials = [value for name, value in scope["headers"] if name == b"authorization"]
        if not credentials:
            if self._is_open and needed == _READING:
                return
            raise _unauthenticated("This needs an API key. Send it as Authorization: Bearer rq_….")
        scope[KEY_PREFIX], scope[KEY] = self._known(credentials)
        if not may(scope, *needed):
            detail = f"This needs a key of the role {' or '.join(sorted(needed))}, and the key sent has another."
            raise Problem("forbidden", detail)

    def _known(self, credentials: list[bytes]) -> tuple[str, Key]:
        found = _CREDENTIALS.fullmatch(credentials[0]) if len(credentials) == 1 else None
        if found is None:
            raise _unauthenticated("The header Authorization is not Bearer with one API key, rq_….")
        prefix = found[2].decode()
        known = self._running.keys.get(prefix)
        is_known = known is not None and hmac.compare_digest(digest(found[1]), known.digest)
        if known is None or not is_known or (known.expires_on is not None and today() > known.expires_on):
            raise _unauthenticated("The API key is not valid: it is unknown, has expired or was revoked.")
        return prefix, known

    def _needed(self, path: str, method: str) -> frozenset[Role]:
        for pattern, methods, roles in self._declared:
            if method in methods and pattern.match(path):
                return roles
        return _READING


def may(scope: Scope, *roles: Role) -> bool:
    """Whether a request that was let pass came with a key that can play any of these roles."""
    known: Key | None = scope.get(KEY)
    return known is not None and not GRANTS[known.role].isdisjoint(roles)


def actor(scope: Scope, at: datetime) -> Actor:
    """Who asks, for the audit record. Args: a request that came with a key, the instant."""
    known: Key = scope[KEY]
    return Actor(known.name, known.role, at, scope[KEY_PREFIX], scope.get(REQUEST_ID_KEY))


def _unauthenticated(detail: str) -> Problem:
    return Problem("unauthenticated", detail, headers=_CHALLENGE)
