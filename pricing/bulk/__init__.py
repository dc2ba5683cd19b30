"""Premiums of a whole roll: every row the decimals of its own quote, at the speed of whole columns.

However long a roll is, it asks few different questions. Each is priced once, by the formula of a single quote, in exact
decimals; the rows find their answers by integer codes in numpy. No amount is ever a float.

A roll has either one plan a row (`plans.PLAN_COLUMNS`) or one person a row (`persons.PERSON_COLUMNS`), a household's
rows together. `roll.quoted` prices an Arrow record batch.
"""
