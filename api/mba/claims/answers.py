"""What the answers to all claims share."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from api.amounts import whole_riel
from api.answers import DecimalText, Part
from api.engine import Basis
from api.mba.vocabulary import Decision
from pricing.mba.assumptions import Packages
from pricing.mba.claims.rulings import Ruling


class ClaimAnswer(Part):
    """A decision with the rule that made it, and what is paid."""

    decision: Decision = Field(description="What is decided.")
    reason: Annotated[str, Field(pattern="^[a-z0-9_]+$")] = Field(
        description="The rule that decided, for programs. A code never changes its meaning."
    )
    reason_text: str = Field(description="The rule as it applies to this claim, for people.")
    source: str = Field(description="Short name of the source document and the place of the rule in it.")
    currency: str = Field(description="Currency of every amount, ISO 4217: KHR.")
    benefit: DecimalText = Field(description="What is paid, KHR, whole riel.")
    benefit_exact: DecimalText = Field(description="The same before it is rounded, KHR.")


def claim_answer(ruling: Ruling, benefit: Decimal, basis: Basis) -> dict[str, str]:
    """The fields of every claim's answer."""
    packages: Packages = basis.assumptions["packages"]
    return {
        "decision": ruling.decision,
        "reason": ruling.reason,
        "reason_text": ruling.text,
        "source": ruling.source,
        "currency": packages.currency,
        **whole_riel("benefit", benefit),
    }
