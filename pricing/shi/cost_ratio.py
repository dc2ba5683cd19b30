"""The cost ratio of any scheme of social health insurance: benefits of the private sector, or civil servants."""

from dataclasses import dataclass
from decimal import Decimal

from pricing.arithmetic import ONE
from pricing.shi.assumptions import ByCare, Financing, ShiBasis
from pricing.shi.cash import MaternityBasis, SicknessBasis
from pricing.shi.civil_servants import NssfcBasis, base_in_million_khr, civil_servant_costs
from pricing.shi.scenarios import MATERNITY, MEDICAL, SICKNESS, Combination, scenario_costs

BASIC = "basic"
FULL = "full"


@dataclass(frozen=True)
class ShiTables:
    """What the ratios rest on; each part has the name of the role that its table plays."""

    shi_basis: ShiBasis
    maternity_basis: MaternityBasis
    sickness_basis: SicknessBasis
    nssfc_basis: NssfcBasis


@dataclass(frozen=True)
class PublicScheme:
    """The scheme of civil servants and public pensioners.

    Attributes:
        contribution_base: basic or full.
        co_payment_rates: fractions of the unit costs that patients pay.
    """

    contribution_base: str
    co_payment_rates: ByCare


Scheme = Combination | PublicScheme


@dataclass(frozen=True)
class CostedPart:
    """One benefit.

    Attributes:
        benefit: medical, maternity or sickness.
        expenditure: with administration, million KHR a year.
        contribution_base: what contributions are in fact paid on: earnings · density · collection, million KHR a year.
    """

    benefit: str
    expenditure: Decimal
    contribution_base: Decimal


@dataclass(frozen=True)
class Costed:
    """A scheme costed, unrounded.

    Attributes:
        parts: benefit by benefit.
        payg_cost_ratio: of all of them.
        members: insured persons.
        insured_earnings: theirs, million KHR a year.
        collection_rate: fraction of the contributions due that is collected; the highest of the benefits'.
        contribution_base: earnings · density · collection of medical benefits, million KHR a year.
        errata: codes of the published mistakes whose cells were used.
    """

    parts: tuple[CostedPart, ...]
    payg_cost_ratio: Decimal
    members: Decimal
    insured_earnings: Decimal
    collection_rate: Decimal
    contribution_base: Decimal
    errata: tuple[str, ...]


def roles_of(scheme: Scheme) -> tuple[str, ...]:
    """The tables that a scheme's cost ratio rests on."""
    if isinstance(scheme, PublicScheme):
        return ("nssfc_basis",)
    parts = (scheme.medical_option is not None, scheme.maternity, scheme.sickness)
    roles = ("shi_basis", "maternity_basis", "sickness_basis")
    return tuple(role for role, is_part in zip(roles, parts, strict=True) if is_part)


def costed(scheme: Scheme, tables: ShiTables) -> Costed:
    """What a scheme costs. Raises: AmountTooLarge."""
    if isinstance(scheme, PublicScheme):
        return _public(scheme, tables.nssfc_basis)
    basis = tables.shi_basis
    found = scenario_costs(scheme, None, basis, tables.maternity_basis, tables.sickness_basis)
    financing = {
        MEDICAL: basis.financing,
        MATERNITY: tables.maternity_basis.financing,
        SICKNESS: tables.sickness_basis.financing,
    }
    return Costed(
        parts=tuple(
            CostedPart(each.benefit, each.total_expenditure, _paid_on(financing[each.benefit])) for each in found.parts
        ),
        payg_cost_ratio=found.payg_cost_ratio,
        members=basis.insured.exact.total,
        insured_earnings=basis.financing.insured_earnings,
        collection_rate=max(financing[each.benefit].collection_rate for each in found.parts),
        contribution_base=_paid_on(basis.financing),
        errata=found.errata,
    )


def _paid_on(financing: Financing) -> Decimal:
    return financing.insured_earnings * financing.density * financing.collection_rate


def _public(scheme: PublicScheme, basis: NssfcBasis) -> Costed:
    found = civil_servant_costs(None, scheme.co_payment_rates, None, basis)
    on_basic = scheme.contribution_base == BASIC
    earnings = base_in_million_khr(found.basic_base if on_basic else found.full_base, basis.exchange_rate)
    paid_on = earnings * basis.contribution_base.density
    unused = None if on_basic else basis.contribution_base.pensions.erratum
    return Costed(
        parts=(CostedPart(MEDICAL, found.care.expenditure.total, paid_on),),
        payg_cost_ratio=found.basic_ratio if on_basic else found.full_ratio,
        members=found.civil_servants.insured.total + found.pensioners.insured.total,
        insured_earnings=earnings,
        collection_rate=ONE,
        contribution_base=paid_on,
        errata=tuple(code for code in found.errata if code != unused),
    )
