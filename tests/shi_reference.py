"""Social health insurance from the tables' contents, in exact fractions: independent of pricing/."""

import math
from fractions import Fraction
from typing import Any

Content = dict[str, Any]
MILLION = 1_000_000


def frac(value: Any) -> Fraction:
    """A figure of a content."""
    return Fraction(str(value))


def text(value: Fraction, places: int) -> str:
    """Half up, every place written."""
    units = math.floor(value * 10**places + Fraction(1, 2))
    return f"{units // 10**places}.{units % 10**places:0{places}d}" if places else str(units)


def exact(value: Fraction) -> str:
    """Rates, ratios, persons, USD."""
    return text(value, 12)


def million(value: Fraction) -> str:
    """Million KHR."""
    return text(value, 6)


def proposed(ratio: Fraction) -> Fraction:
    """Up to the next tenth of a per cent."""
    return Fraction(math.ceil(ratio * 1000), 1000)


def people(male: Fraction, female: Fraction) -> dict[str, str]:
    """By sex, and both."""
    return {"male": exact(male), "female": exact(female), "total": exact(male + female)}


def both_sexes(content: Content) -> tuple[Fraction, Fraction]:
    """Of men, of women."""
    return frac(content["male"]), frac(content["female"])


def ratio(total: Fraction, paid_on: Content) -> Fraction:
    """The pay-as-you-go cost ratio."""
    base = frac(paid_on["insured_earnings"]) * frac(paid_on["density"]) * frac(paid_on["collection_rate"])
    return total / base


def financing(content: Content) -> dict[str, str]:
    """What contributions are paid on."""
    return {
        "insured_earnings": million(frac(content["insured_earnings"])),
        "density": exact(frac(content["density"])),
        "collection_rate": exact(frac(content["collection_rate"])),
    }


def dependants(insured: tuple[Fraction, Fraction], ratios: Content, boys: Fraction) -> list[tuple[Fraction, Fraction]]:
    """Spouses and children, each by sex."""
    men, women = insured
    spouse, child = both_sexes(ratios["spouse"]), both_sexes(ratios["child"])
    young = men * child[0] + women * child[1]
    return [(women * spouse[1], men * spouse[0]), (young * boys, young * (1 - boys))]


def care(
    covered: tuple[Fraction, Fraction],
    content: Content,
    shares: Content,
    add_on_rate: Fraction,
    paid: dict[str, Fraction],
) -> tuple[dict[str, Any], Fraction]:
    """The answer's fields of medical benefits, and their total. Args: `paid` of each kind of care, a fraction."""
    men, women = covered
    rate = frac(content["exchange_rate"])
    fields: dict[str, Any] = {"unit_costs": {}, "utilisation": {}, "services": {}}
    volume, cost = {}, {}
    for kind in ("outpatient", "inpatient"):
        fees, share = content["fees"][kind], frac(shares[kind])
        cost[kind] = (1 - share) * frac(fees["health_centre"]) + share * frac(fees["national_hospital"])
        use = both_sexes(content["utilisation_rates"][kind])
        volume[kind] = men * use[0] + women * use[1]
        fields["unit_costs"][kind] = exact(cost[kind])
        fields["utilisation"][kind] = exact(volume[kind] / (men + women))
        fields["services"][kind] = exact(volume[kind])
    parts = {kind: volume[kind] * cost[kind] * paid[kind] for kind in volume}
    parts["basic"] = sum(parts.values(), Fraction(0))
    parts["add_on"] = parts["basic"] * add_on_rate
    benefits = parts["basic"] + parts["add_on"]
    heads = men + women
    fields["per_head"] = {name: exact(value / heads) for name, value in parts.items()}
    fields["per_head"] |= {"total": exact(benefits / heads), "total_khr": exact(benefits / heads * rate)}
    spent = {name: value * rate / MILLION for name, value in parts.items()}
    spent["benefits"] = benefits * rate / MILLION
    spent["administration"] = spent["benefits"] * frac(content["administration_rate"])
    spent["total"] = spent["benefits"] + spent["administration"]
    fields["expenditure"] = {name: million(value) for name, value in spent.items()}
    fields["covered"] = people(*covered)
    return fields, spent["total"]


def medical(option: int, content: Content) -> dict[str, Any]:
    """`POST /v1/shi/medical-costs`."""
    return medical_and_total(option, content)[0]


def medical_and_total(option: int, content: Content) -> tuple[dict[str, Any], Fraction]:
    """Its fields, and the total expenditure."""
    insured = both_sexes(content["insured"])
    spouses, children = dependants(insured, content["dependency_ratios"], frac(content["boys_share"]))
    everybody = [sum(group, Fraction(0)) for group in zip(insured, spouses, children, strict=True)]
    design = content["options"][f"option_{option}"]
    covered = everybody if design["dependants"] else insured
    paid = {"outpatient": Fraction(1), "inpatient": Fraction(1)}
    fields, total = care(
        (covered[0], covered[1]), content, design["national_hospital_shares"], frac(design["add_on_rate"]), paid
    )
    population = {
        "insured": people(*insured),
        "spouses": people(*spouses),
        "children": people(*children),
        "total": people(everybody[0], everybody[1]),
    }
    ratios = {name: both_sexes(content["dependency_ratios"][name]) for name in ("spouse", "child")}
    ratios["total"] = (ratios["spouse"][0] + ratios["child"][0], ratios["spouse"][1] + ratios["child"][1])
    found = {"spouse": sum(spouses), "child": sum(children), "total": sum(spouses) + sum(children)}
    for name, (male, female) in ratios.items():
        population[f"{name}_dependency"] = {
            "male": exact(male),
            "female": exact(female),
            "total": exact(Fraction(found[name]) / sum(insured)),
        }
    fields |= {
        "option": option,
        "currency": "USD",
        "population": population,
        "financing": financing(content["financing"]),
        "payg_cost_ratio": exact(ratio(total, content["financing"])),
    }
    return fields, total


CASH = (
    "insured",
    "average_annual_wage",
    "daily_wage",
    "benefit_days",
    "benefit_amount",
    "incidence_rate",
    "qualifying_share",
    "benefit_incidence_rate",
    "benefits",
    "benefit_expenditure",
    "administration",
    "total_expenditure",
    "financing",
    "payg_cost_ratio",
)
"""Fields of both cash benefits."""


def cash(insured: int, wage: Fraction, days: Fraction, content: Content) -> tuple[dict[str, Any], Fraction]:
    """The fields of a cash benefit, and its total."""
    daily = wage / content["days_per_year"]
    amount = daily * days * frac(content["replacement_rate"])
    incidence, share = frac(content["incidence_rate"]), frac(content["qualifying_share"])
    number = insured * incidence * share
    benefits = number * amount / MILLION
    total = benefits * (1 + frac(content["administration_rate"]))
    fields: dict[str, Any] = {
        "average_annual_wage": exact(wage),
        "daily_wage": exact(daily),
        "benefit_days": exact(days),
        "benefit_amount": exact(amount),
        "incidence_rate": exact(incidence),
        "qualifying_share": exact(share),
        "benefit_incidence_rate": exact(incidence * share),
        "benefits": exact(number),
        "benefit_expenditure": million(benefits),
        "administration": million(total - benefits),
        "total_expenditure": million(total),
        "payg_cost_ratio": exact(ratio(total, content["financing"])),
        "insured": insured,
        "financing": financing(content["financing"]),
    }
    return fields, total


def maternity(content: Content) -> dict[str, Any]:
    """`POST /v1/shi/cash-benefits/maternity`."""
    wage, days = frac(content["average_annual_wage"]), frac(content["benefit_days"])
    return cash(content["insured_women"], wage, days, content)[0]


def sickness(content: Content) -> dict[str, Any]:
    """`POST /v1/shi/cash-benefits/sickness` with the assumed share and days, the fields of both benefits."""
    wage, days = frac(content["average_annual_wage"]["amount"]), frac(content["benefit_days"])
    return cash(content["insured"], wage, days, content)[0]


def scenario(
    option: int | None, cash_parts: list[str], contents: dict[str, Content], employer: Fraction | None
) -> dict[str, Any]:
    """`POST /v1/shi/scenarios`. Args: the contents by role; `cash_parts` of maternity and sickness, in this order."""
    parts: dict[str, tuple[Fraction, Fraction, Fraction]] = {}
    medical_fields: dict[str, Any] = {}
    if option is not None:
        basis = contents["shi_basis"]
        medical_fields, total = medical_and_total(option, basis)
        administration = total * frac(basis["administration_rate"]) / (1 + frac(basis["administration_rate"]))
        parts["medical"] = (total - administration, total, ratio(total, basis["financing"]))
    for name in cash_parts:
        content = contents[f"{name}_basis"]
        if name == "maternity":
            insured, wage = content["insured_women"], frac(content["average_annual_wage"])
        else:
            insured, wage = content["insured"], frac(content["average_annual_wage"]["amount"])
        _, total = cash(insured, wage, frac(content["benefit_days"]), content)
        benefits = total / (1 + frac(content["administration_rate"]))
        parts[name] = (benefits, total, ratio(total, content["financing"]))

    def sums(benefits: Fraction, total: Fraction, cost_ratio: Fraction) -> dict[str, str]:
        return {
            "benefit_expenditure": million(benefits),
            "administration": million(total - benefits),
            "total_expenditure": million(total),
            "payg_cost_ratio": exact(cost_ratio),
        }

    columns = [sum((part[place] for part in parts.values()), Fraction(0)) for place in range(3)]
    rate = proposed(columns[2])
    shares = None if employer is None else {"employer": exact(rate * employer), "worker": exact(rate * (1 - employer))}
    return {
        "parts": [{"benefit": name, **sums(*figures)} for name, figures in parts.items()],
        **sums(*columns),
        "contribution_rate": text(rate, 3),
        "contribution_shares": shares,
        "service_volume": medical_fields.get("services"),
        "medical_expenditure": medical_fields.get("expenditure"),
    }


def civil_servants(
    content: Content, share: Fraction, copaid: dict[str, Fraction], transition: tuple[int, int] | None
) -> dict[str, Any]:
    """`POST /v1/shi/civil-servants`. Args: the government's share, co-payments by kind of care, years of transition."""
    return civil_servants_and_total(content, share, copaid, transition)[0]


def civil_servants_and_total(
    content: Content, share: Fraction, copaid: dict[str, Fraction], transition: tuple[int, int] | None
) -> tuple[dict[str, Any], Fraction]:
    """Its fields, and the total expenditure."""
    boys, rate = frac(content["boys_share"]), frac(content["exchange_rate"])
    retired = [both_sexes(content[f"{kind}_pensioners"]) for kind in ("age", "invalidity")]
    members = {
        "civil_servants": both_sexes(content["civil_servants"]),
        "pensioners": (retired[0][0] + retired[1][0], retired[0][1] + retired[1][1]),
    }
    fields: dict[str, Any] = {}
    covered, all_dependants, all_members = [Fraction(0), Fraction(0)], Fraction(0), Fraction(0)
    for group, insured in members.items():
        ratios = content[f"dependency_of_{group}"]
        spouses, young = dependants(insured, ratios, boys)
        both = (spouses[0] + young[0], spouses[1] + young[1])
        total = (insured[0] + both[0], insured[1] + both[1])
        of_one = [frac(ratios["spouse"][sex]) + frac(ratios["child"][sex]) for sex in ("male", "female")]
        fields[group] = {
            "members": people(*insured),
            "spouses": people(*spouses),
            "children": people(*young),
            "dependants": people(*both),
            "total": people(*total),
            "dependency": {
                "male": exact(of_one[0]),
                "female": exact(of_one[1]),
                "total": exact((both[0] + both[1]) / (insured[0] + insured[1])),
            },
        }
        covered = [covered[0] + total[0], covered[1] + total[1]]
        all_dependants, all_members = all_dependants + sum(both), all_members + sum(insured)
    fields["pensioners"] |= {
        f"{kind}_pensioners": people(*persons) for kind, persons in zip(("age", "invalidity"), retired, strict=True)
    }
    stated = content["national_hospital_shares"]
    used = {kind: each["share"] for kind, each in content.get("costed_shares", {}).items()} or stated

    def costs(shares: Content, factor: Fraction) -> dict[str, Fraction]:
        return {
            kind: (
                frac(fees["health_centre"])
                + frac(shares[kind]) * (frac(fees["national_hospital"]) - frac(fees["health_centre"]))
            )
            * factor
            for kind, fees in content["fees"].items()
        }

    paid = {kind: 1 - each for kind, each in copaid.items()}
    cared, total_cost = care((covered[0], covered[1]), content, used, frac(content["add_on_rate"]), paid)
    cared.pop("unit_costs")
    volumes = {
        kind: [count * of_sex for count, of_sex in zip(covered, both_sexes(each), strict=True)]
        for kind, each in content["utilisation_rates"].items()
    }
    base = content["contribution_base"]
    basic, full = frac(base["basic_salaries"]) + frac(base["pensions"]["amount"]), frac(base["full"])
    ratios_of = {
        name: total_cost / (each * rate / 1000 * frac(base["density"]))
        for name, each in (("basic", basic), ("full", full))
    }
    in_khr = costs(used, rate)
    years = []
    if transition is not None:
        free, falling = transition
        for year in range(1, free + max(1, falling) + 1):
            part = Fraction(1)
            if year > free:
                part = share if falling == 0 else 1 - (1 - share) * Fraction(year - free, falling)
            years.append(
                {
                    "year": year,
                    "government_share": exact(part),
                    "government": million(total_cost * part),
                    "members": million(total_cost * (1 - part)),
                }
            )
    found = {
        **fields,
        **cared,
        "overall_dependency": exact(all_dependants / all_members),
        "stated_unit_costs": {kind: exact(each) for kind, each in costs(stated, Fraction(1)).items()},
        "stated_unit_costs_khr": {kind: exact(each) for kind, each in costs(stated, rate).items()},
        "unit_costs_khr": {kind: exact(each) for kind, each in in_khr.items()},
        "services": {kind: people(*each) for kind, each in volumes.items()},
        "co_payments": million(
            sum(sum(volumes[kind]) * in_khr[kind] * copaid[kind] for kind in copaid) / Fraction(MILLION)
        ),
        "contribution_base": {
            "basic_salaries": million(frac(base["basic_salaries"])),
            "pensions": million(frac(base["pensions"]["amount"])),
            "basic": million(basic),
            "full": million(full),
        },
        "payg_cost_ratio": {name: exact(each) for name, each in ratios_of.items()},
        "sharing": {
            "government_share": exact(share),
            "government": million(total_cost * share),
            "members": million(total_cost * (1 - share)),
            "government_rate": {name: exact(each * share) for name, each in ratios_of.items()},
            "members_rate": {name: exact(each * (1 - share)) for name, each in ratios_of.items()},
        },
        "transition": years,
    }
    return found, total_cost


Part = tuple[bool, Fraction, Fraction]
"""A benefit: whether it is care, what it costs, what contributions for it are in fact paid on; million KHR."""


def scheme(body: dict[str, Any], contents: dict[str, Content]) -> list[Part]:
    """The parts of what a request about any scheme asks for."""
    if "civil_servants" in body:
        asked, content = body["civil_servants"], contents["nssfc_basis"]
        copaid = {kind: frac(asked.get("co_payment", {}).get(kind, 0)) for kind in ("outpatient", "inpatient")}
        _, total = civil_servants_and_total(content, Fraction(1), copaid, None)
        base = content["contribution_base"]
        earnings = frac(base["full"])
        if asked.get("contribution_base", "basic") == "basic":
            earnings = frac(base["basic_salaries"]) + frac(base["pensions"]["amount"])
        return [(True, total, earnings * frac(content["exchange_rate"]) / 1000 * frac(base["density"]))]
    asked = body.get("benefits") or {"medical_option": body["scenario"], "maternity": True, "sickness": True}
    parts: list[Part] = []
    if asked.get("medical_option"):
        content = contents["shi_basis"]
        total = medical_and_total(asked["medical_option"], content)[1]
        parts.append((True, total, total / ratio(total, content["financing"])))
    if asked.get("maternity"):
        content = contents["maternity_basis"]
        wage, days = frac(content["average_annual_wage"]), frac(content["benefit_days"])
        total = cash(content["insured_women"], wage, days, content)[1]
        parts.append((False, total, total / ratio(total, content["financing"])))
    if asked.get("sickness"):
        content = contents["sickness_basis"]
        wage, days = frac(content["average_annual_wage"]["amount"]), frac(content["benefit_days"])
        total = cash(content["insured"], wage, days, content)[1]
        parts.append((False, total, total / ratio(total, content["financing"])))
    return parts


def cost_ratio(body: dict[str, Any], contents: dict[str, Content]) -> Fraction:
    """The cost ratio of any scheme."""
    return sum((cost / paid_on for _, cost, paid_on in scheme(body, contents)), Fraction(0))


def projection(body: dict[str, Any], contents: dict[str, Content], members: Fraction) -> dict[str, Any]:
    """`POST /v1/shi/projections`: rates and years. Args: the request, the contents, insured persons at the start."""

    def of(name: str) -> Fraction:
        return frac(body.get(name, 0))

    def grown(name: str, year: int) -> Fraction:
        return (1 + of(f"{name}_growth")) ** year

    costs, bases, ratios = [], [], []
    for year in range(body["years"]):
        people, wages = grown("members", year), grown("wages", year)
        care = people * grown("unit_cost", year) * grown("utilisation", year)
        in_cash = people * wages * grown("incidence", year)
        paid = people * wages * grown("collection", year)
        parts = [(cost * (care if is_care else in_cash), base * paid) for is_care, cost, base in scheme(body, contents)]
        costs.append(sum((cost for cost, _ in parts), Fraction(0)))
        ratios.append(sum((cost / base for cost, base in parts), Fraction(0)))
        bases.append(costs[-1] / ratios[-1])
    interest, last = 1 + of("interest_rate"), body["years"] - 1
    required = [
        cost * of("reserve_months") / 12 if body.get("reserve_at") != "last_year" or year == last else Fraction(0)
        for year, cost in enumerate(costs)
    ]

    def worth(amounts: list[Fraction], year: int) -> Fraction:
        return sum((amounts[paid] * interest ** (year - paid) for paid in range(year + 1)), Fraction(0))

    needed = [
        (required[year] + worth(costs, year) - of("initial_reserve") * interest ** (year + 1)) / worth(bases, year)
        for year in range(body["years"])
    ]
    level = max(Fraction(0), *needed)
    rate = frac(body["contribution_rate"]) if body.get("contribution_rate") is not None else level
    reserve = of("initial_reserve")
    years = []
    for year, cost in enumerate(costs):
        earned = reserve * of("interest_rate")
        reserve += earned + rate * bases[year] - cost
        years.append(
            {
                "year": year + 1,
                "calendar_year": 2010 + year,
                "members": members * grown("members", year),
                "expenditure": cost,
                "payg_cost_ratio": ratios[year],
                "contributions": rate * bases[year],
                "interest": earned,
                "reserve": reserve,
                "required_reserve": required[year],
                "shortfall": max(Fraction(0), required[year] - reserve),
            }
        )
    return {
        "contribution_rate": rate,
        "level_contribution_rate": level,
        "proposed_contribution_rate": proposed(level),
        "deciding_year": needed.index(level) + 1 if level else None,
        "years": years,
    }
