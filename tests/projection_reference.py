"""The programme's projection a second time, from the paper alone: what the service's answers are compared with.

It imports nothing of the service. Premiums are those of tests/reference.py, rational multiples of √v; the years run in
decimals of 60 digits, so that a rounded cent is the right one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from typing import Any

from tests import reference

DIGITS = 60
FEDERATIONS = {  # Table 10
    "CCTUF": 2000, "CFBW": 1970, "CCAWDU": 40000, "FTUWKC": 24893, "CITA": 1500, "IDEA": 530, "CICA": 175,
    "CTSWF": 2250,
}  # fmt: skip
GROWTH = ("0.3", "0.5", "0.6", "0.6", "0.6")  # §IV
INFLATING = ("20476.4", "12753", "11484", "13250", "2500")  # Appendix D, what inflation touches
SOFTWARE, DEPRECIATION = "6000", "1500.60"  # Appendix D
EQUITY_YEARS = 3  # Table 2
REINSURED_SHARE, MOST_PER_RISK, MOST_A_YEAR, CEDED, REFUNDED = "0.9", "3000", "205000", "0.3", "0.7"  # Table 13, 2006
REINSURED_YEARS = 2  # completed by who dies, in the middle of the third year, after more than two years
EXPENSES, COMMISSION, YIELD, WITHDRAWALS = "0.35", "0.15", "0.06", "0.10"  # §VI
CENT, PERSON = Decimal("0.01"), Decimal(1)


@dataclass(frozen=True)
class Basis:
    """§IV, and what a what-if may change in it."""

    interest: str = "0.06"
    withdrawal: str = "0.10"
    exchange_rate: str = "4116"
    inflation: str = "0.10"
    initial_fund: str = "0"
    software: str = SOFTWARE
    evaluation: str = "2500"
    take_up: str = "0.10"
    growth: Sequence[str] = GROWTH
    federations: Mapping[str, int] = field(default_factory=lambda: FEDERATIONS)


def members_by_growth(basis: Basis) -> list[int]:
    """The unrounded chain, each link rounded half up."""
    chain = [Fraction(sum(basis.federations.values())) * Fraction(basis.take_up)]
    for rate in basis.growth:
        chain.append(chain[-1] * (1 + Fraction(rate)))
    return [int(2 * link + 1) // 2 for link in chain]


def projection(package: str, plan_type: str, members: Sequence[int], basis: Basis) -> dict[str, Any]:
    """The answer's own figures, as text."""
    with localcontext() as context:
        context.prec = DIGITS
        return _projection(package, plan_type, members, basis)


def _exact(number: Fraction | str) -> Decimal:
    ratio = Fraction(number)
    return Decimal(ratio.numerator) / Decimal(ratio.denominator)


def _persons(plan_type: str) -> dict[str, Fraction]:
    secondary, children = reference.PLANS[plan_type]
    return {
        reference.PRIMARY: Fraction(1),
        **({reference.SECONDARY: Fraction(1)} if secondary else {}),
        **({reference.CHILD: reference.CHILDREN_PER_FAMILY} if children else {}),
    }


def _member(package: str, plan_type: str, rate: Decimal) -> dict[str, Decimal]:
    """What one member brings and costs, in dollars. Claims carry no margin; NAP = S √v q (1 + m) gives them back."""
    root_v = (1 / (1 + _exact(reference.INTEREST))).sqrt()
    amounts = dict.fromkeys(
        ("premium", "allowance", "commission", "equity", "natural_death", "accident", "hospitalization"), Decimal(0)
    )
    for insured, number in _persons(plan_type).items():
        for cell in reference.tariff(package, insured, corrected=False):
            gross = _exact(number * cell.gross) * root_v / rate
            amounts["premium"] += gross
            amounts["allowance"] += _exact(EXPENSES) * gross
            amounts["commission"] += _exact(COMMISSION) * gross
            amounts["equity"] += gross if cell.coverage == "natural_death" else 0
            amounts[cell.coverage] += _exact(number * cell.net / (1 + reference.MARGIN)) / rate
    return amounts


def _recovery(package: str, plan_type: str, rate: Decimal, coverage: str) -> Decimal:
    """What the reinsurer is expected to pay for one member's plan: persons, times rate, times its part of a claim."""
    column = "ABCDEF".index(package)
    expected = Decimal(0)
    for insured, number in _persons(plan_type).items():
        child, q = insured == reference.CHILD, reference.tariff_mortality(insured)
        if coverage == "natural_death":
            benefit = reference.BENEFITS["funeral_assistance_1_14" if child else "natural_death"][column]
            incidence = q if child else q - reference.ACCIDENT_RATE
        else:
            benefit = reference.BENEFITS["accidental_death"][column]
            incidence = Fraction(0) if child else reference.ACCIDENT_RATE
        part = min(Decimal(REINSURED_SHARE) * benefit / rate, Decimal(MOST_PER_RISK))
        expected += _exact(number * incidence) * part
    return expected


def _limit(name: str, bound: str, actual: Decimal | None, limit: str) -> dict[str, str | None]:
    """A limit of §VI; a share of nothing is not assessed."""
    if actual is None:
        return {"covenant": name, "finding": "not_assessed", "margin": None}
    margin = Decimal(limit) - actual if bound == "most" else actual - Decimal(limit)
    shown = margin.quantize(Decimal("1e-12"), ROUND_HALF_UP)
    return {"covenant": name, "finding": "met" if shown >= 0 else "not_met", "margin": format(shown or abs(shown), "f")}


def _projection(package: str, plan_type: str, members: Sequence[int], basis: Basis) -> dict[str, Any]:
    i, w = Decimal(basis.interest), Decimal(basis.withdrawal)
    member = _member(package, plan_type, Decimal(basis.exchange_rate))
    p = 1 - _exact(reference.mortality(reference.TARIFF_AGE))
    half_a_year = (1 + i).sqrt()
    level = sum(map(Decimal, INFLATING)) - Decimal(2500) + Decimal(basis.evaluation)

    def value(years: int) -> Decimal:
        """0.35 (GAP)_ND s-due; s-due by its closed form where there is interest."""
        due = ((1 + i) ** years - 1) * (1 + i) / i if i else Decimal(years)
        return _exact(reference.EQUITY_VALUE) * member["equity"] * due

    recovered = {
        coverage: _recovery(package, plan_type, Decimal(basis.exchange_rate), coverage)
        for coverage in ("natural_death", "accident")
    }
    with_reinsurance = Decimal(basis.initial_fund)
    reinsurance: list[dict[str, str]] = []
    covenants: list[list[dict[str, str | None]]] = []
    joined: list[Decimal] = []
    years: list[dict[str, Decimal]] = []
    for position, count in enumerate(members):
        # Who joined in year e has completed (position - e) years now, and (p - w) of them are left after each.
        left = [number * (p - w) ** (position - e) for e, number in enumerate(joined)]
        paid = sum(
            (w * number * value(position - e) for e, number in enumerate(left) if position - e >= EQUITY_YEARS),
            Decimal(0),
        )
        joined.append(count - sum(left, Decimal(0)))
        reserve = sum(
            (number * (p - w) ** (position - e + 1) * value(position - e + 1) for e, number in enumerate(joined)),
            Decimal(0),
        )
        spent = level * (1 + Decimal(basis.inflation)) ** position + Decimal(DEPRECIATION)
        spent += Decimal(basis.software) if position == 0 else 0
        allowance = count * member["allowance"]
        year = {
            "premium_income": count * member["premium"],
            "expense_allowance": allowance,
            "subsidy": max(Decimal(0), spent - allowance),
            "operating_expenses": spent,
            "commission": count * member["commission"],
            "equity_paid": paid,
            "natural_death_claims": count * member["natural_death"],
            "accident_claims": count * member["accident"],
            "hospitalization_claims": count * member["hospitalization"],
            "equity_reserve": reserve,
            "surplus": max(Decimal(0), allowance - spent) * (1 + i),
        }
        before = years[-1]["fund_end"] if years else Decimal(basis.initial_fund)
        year["fund_beginning"] = (
            before + year["premium_income"] + year["subsidy"] - spent - year["commission"] - year["equity_paid"]
        )
        claims = year["natural_death_claims"] + year["accident_claims"] + year["hospitalization_claims"]
        year["fund_middle"] = year["fund_beginning"] * half_a_year - claims
        year["fund_end"] = year["fund_middle"] * half_a_year
        year["contingency_reserve"] = year["fund_end"] - year["equity_reserve"] - year["surplus"]
        years.append(year)

        # The same year again, with the treaty's three payments where they fall.
        settled = sum((number for e, number in enumerate(left) if position - e >= REINSURED_YEARS), Decimal(0))
        ceded = Decimal(CEDED) * year["premium_income"]
        recoveries = settled * recovered["natural_death"] + count * recovered["accident"]
        recoveries = min(recoveries, Decimal(MOST_A_YEAR))
        refund = Decimal(REFUNDED) * max(Decimal(0), ceded - recoveries)
        beginning = with_reinsurance + year["fund_beginning"] - before - ceded
        with_reinsurance = (beginning * half_a_year - claims + recoveries) * half_a_year + refund
        amounts = {
            "ceded_premium": ceded,
            "recoveries": recoveries,
            "experience_refund": refund,
            "net_cost": ceded - recoveries - refund,
            "fund_end": with_reinsurance,
            "contingency_reserve": with_reinsurance - reserve - year["surplus"],
        }
        reinsurance.append({name: cents(amount) for name, amount in amounts.items()})
        income = year["premium_income"]
        covenants.append(
            [
                _limit("expense_ratio", "most", spent / income if income else None, EXPENSES),
                _limit("commission_ratio", "most", year["commission"] / income if income else None, COMMISSION),
                _limit("investment_yield", "least", i, YIELD),
                _limit("withdrawal_rate", "most", w, WITHDRAWALS),
            ]
        )
    carried = [number + 1 for number, year in enumerate(years) if not year["subsidy"]]
    return {
        "years": [
            {
                "year": number + 1,
                "members": members[number],
                **{name: cents(amount) for name, amount in year.items()},
                "reinsurance": reinsurance[number],
                "covenants": covenants[number],
            }
            for number, year in enumerate(years)
        ],
        "break_even_year": carried[0] if carried else None,
        "total_subsidy": cents(sum((year["subsidy"] for year in years), Decimal(0))),
    }


def cents(amount: Decimal) -> str:
    """Half up; nothing has no sign. An exact half cent may have come out of a division one digit short."""
    rounded = Context(prec=DIGITS - 10).plus(amount).quantize(CENT, ROUND_HALF_UP)
    return format(rounded or abs(rounded), "f")
