"""What one row of a roll, or one household, may hold: as much as a single quote."""

from typing import get_args

from api.mba.quotes import MAX_ADDITIONAL, MAX_HOUSEHOLD
from pricing.bulk.cells import Limits
from tables.kinds.mba import Package, PlanTypeName
from tables.numbers import MAX_AGE

LIMITS = Limits(get_args(Package), get_args(PlanTypeName), MAX_ADDITIONAL, MAX_HOUSEHOLD, MAX_AGE)
