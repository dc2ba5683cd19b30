"""Ages in completed years."""

from datetime import date


def completed_years(birth_date: date, on: date) -> int:
    """Completed years of age; who was born on 29 February turns on 1 March. Negative before birth."""
    before_birthday = (on.month, on.day) < (birth_date.month, birth_date.day)
    return on.year - birth_date.year - before_birthday
