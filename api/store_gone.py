"""The store does not answer: what needs it says so and asks to try again, all else goes on from memory."""

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from api.logs import log, where
from api.problems import Problem

STORE_GONE = (OperationalError, InterfaceError, NoConnection)
"""How SQLAlchemy says that the database is not there, goes away meanwhile, is locked, or has no connection to spare."""


def store_gone(error: Exception) -> Problem:
    """The answer to a request that needs the store; the error is logged."""
    log.error("store gone", **where(error))
    return Problem("store_unavailable", "The store cannot be reached. Try again shortly.")
