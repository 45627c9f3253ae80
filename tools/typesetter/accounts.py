"""Accounts: what an organisation plans to spend in a year, from which all nine tables follow.

Amounts are integers of fen, so that every sum is exact. Few figures are free: spending by functional item, split into
personnel, operating and project money from the budget and three incomes of the organisation's own. The economic items
are made from them, so that what the codes say in two classifications agrees: pension 30108 = 2080505, annuity 30109 =
2080506, medical insurance 30110 = 2101101 + 2101102, housing fund 30113 = 2210201, retirement pay 30302 = 2080501 +
2080502.

`step` is the smallest amount: 100 fen for budgets printed in whole yuan, 1 for those printed with fen.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from random import Random

from typesetter.classification import Body, classification

WAN_STEP = 10_000
"""Amounts of the 三公 table are multiples of 100 yuan: exact in 万元 with two decimals."""

PENSION, ANNUITY, HOUSING_FUND, HOUSING_AID = "2080505", "2080506", "2210201", "2210203"
MEDICAL = ("2101101", "2101102")
RETIREES = ("2080501", "2080502")
FUND_ITEMS = ("2120803", "2296002")
CAPITAL_ITEM = "2230105"

PAY_WEIGHTS = {"30101": 18, "30102": 45, "30103": 8, "30107": 20, "30112": 1, "30199": 8}
OFFICE_WEIGHTS = {
    "30201": 22, "30202": 3, "30204": 1, "30205": 2, "30206": 6, "30207": 4, "30209": 18, "30211": 4, "30213": 5,
    "30214": 8, "30215": 1, "30216": 2, "30217": 1, "30226": 3, "30227": 5, "30228": 9, "30229": 10, "30239": 12,
    "30299": 9, "31002": 4, "31007": 2,
}  # fmt: skip
ALWAYS = ("30101", "30102", "30199", "30201", "30228", "30299")


@dataclass(frozen=True, slots=True)
class Spending:
    """The plan for one functional item, by kind of spending and source of money; `fund` names the budget it is in.

    `reserve` is what an organisation keeps back for the year (单位预留机动经费). `opening` and `closing` are what final
    accounts carry over from the year before and into the next, of appropriations.
    """

    code: str
    fund: str = "general_public_budget"
    personnel: int = 0
    operating: int = 0
    project: int = 0
    service_income: int = 0
    business_income: int = 0
    other_income: int = 0
    reserve: int = 0
    opening: int = 0
    closing: int = 0

    @property
    def basic(self) -> int:
        return self.personnel + self.operating

    @property
    def fiscal_appropriation(self) -> int:
        return self.basic + self.project + self.reserve

    @property
    def total(self) -> int:
        return self.fiscal_appropriation + self.service_income + self.business_income + self.other_income

    @property
    def appropriated(self) -> int:
        """The year's revenue from appropriations: what is spent and kept, without what was there."""
        return self.fiscal_appropriation + self.closing - self.opening


@dataclass(frozen=True, slots=True)
class ThreePublic:
    """The three kinds of public expenses, the operating money of the agencies, meetings and training."""

    overseas_visits: int = 0
    receptions: int = 0
    vehicle_purchase: int = 0
    vehicle_operation: int = 0
    agency_operating: int = 0
    meetings: int = 0
    training: int = 0


@dataclass(frozen=True, slots=True)
class Accounts:
    """One organisation's budget for one year; `executed` is last year's execution of each item."""

    organisation: str
    level: str
    year: int
    administrative: bool
    step: int
    spending: tuple[Spending, ...]
    economic: tuple[tuple[str, int], ...]
    three_public: ThreePublic
    executed: tuple[tuple[str, int], ...] = ()


def split(total: int, weights: Mapping[str, int], step: int) -> dict[str, int]:
    """`total` shared out by weight in multiples of `step`; the last share takes the remainder."""
    whole, *_, last = sum(weights.values()), *weights
    shares = {code: total * weight // whole // step * step for code, weight in weights.items()}
    return shares | {last: shares[last] + total - sum(shares.values())}


def drawn_weights(weights: Mapping[str, int], rng: Random) -> dict[str, int]:
    """Weights of one organisation: the usual ones shaken, some items left out."""
    return {
        code: weight * rng.randint(60, 140) for code, weight in weights.items() if code in ALWAYS or rng.random() < 0.75
    }


def economic_of(
    spending: Iterable[Spending], pay: Mapping[str, int], office: Mapping[str, int], step: int
) -> tuple[tuple[str, int], ...]:
    """Basic expenditure by economic item, in agreement with the functional items."""
    items = tuple(spending)
    personnel = {item.code: item.personnel for item in items}
    bound = {
        "30108": personnel.get(PENSION, 0),
        "30109": personnel.get(ANNUITY, 0),
        "30110": sum(personnel.get(code, 0) for code in MEDICAL),
        "30113": personnel.get(HOUSING_FUND, 0),
        "30302": sum(personnel.get(code, 0) for code in RETIREES),
    }
    free = split(sum(personnel.values()) - sum(bound.values()), pay, step)
    running = split(sum(item.operating for item in items), office, step)
    return tuple(sorted((code, amount) for code, amount in (bound | free | running).items() if amount))


def _rounded_up(fen: int) -> int:
    return -(-fen // WAN_STEP) * WAN_STEP


def _three_public(economic: tuple[tuple[str, int], ...], administrative: bool, rng: Random) -> ThreePublic:
    """三公 figures no smaller than their part in basic expenditure."""
    by_code = dict(economic)
    operating = sum(amount for code, amount in economic if code[:3] in ("302", "310"))
    return ThreePublic(
        receptions=_rounded_up(by_code.get("30217", 0)) + rng.choice((0, 0, rng.randint(1, 200) * WAN_STEP)),
        vehicle_purchase=rng.choice((0, 0, 0, 1800 * WAN_STEP)) if administrative else 0,
        vehicle_operation=rng.randint(1, 8) * 539 * WAN_STEP if administrative else 0,
        agency_operating=operating if administrative else 0,
    )


def make_accounts(
    rng: Random, body: Body, name: str, year: int, *, administrative: bool = True, step: int = 100
) -> Accounts:
    """A unit's accounts for its first year."""

    def yuan(low: int, high: int) -> int:
        return (rng.randint(low, high) * 100 + (rng.randint(0, 99) if step == 1 else 0)) // step * step

    staff = rng.randint(12, 160)
    own = f"{body.main}01" if administrative else f"{body.main}50"
    main = own if own in classification().functional else body.works[0]
    pension = staff * yuan(16_000, 24_000)
    medical, retirees = (MEDICAL[0], RETIREES[0]) if administrative else (MEDICAL[1], RETIREES[1])
    items = [
        Spending(
            main,
            personnel=staff * yuan(130_000, 210_000),
            operating=staff * yuan(14_000, 32_000),
            service_income=yuan(100_000, 3_000_000) if not administrative and rng.random() < 0.5 else 0,
            business_income=yuan(50_000, 900_000) if not administrative and rng.random() < 0.15 else 0,
            other_income=yuan(10_000, 400_000) if rng.random() < 0.15 else 0,
        ),
        Spending(PENSION, personnel=pension),
        Spending(ANNUITY, personnel=pension // 2 // step * step),
        Spending(medical, personnel=staff * yuan(9_000, 13_000)),
        Spending(HOUSING_FUND, personnel=staff * yuan(14_000, 24_000)),
        Spending(retirees, personnel=yuan(40_000, 1_400_000), operating=yuan(2_000, 60_000)),
        Spending("2080599", operating=yuan(300, 14_000)),
    ]
    if administrative:
        items.append(Spending(HOUSING_AID, personnel=staff * yuan(20_000, 32_000)))
    works = [code for code in body.works if code != main]
    items += [Spending(code, project=_project(rng, step)) for code in rng.sample(works, rng.randint(2, len(works)))]
    if administrative and rng.random() < 0.35:
        items.append(Spending(rng.choice(FUND_ITEMS), "government_fund_budget", project=_project(rng, step)))
    if administrative and rng.random() < 0.15:
        items.append(Spending(CAPITAL_ITEM, "state_capital_budget", project=_project(rng, step)))
    spending = tuple(sorted(items, key=lambda item: item.code))
    economic = economic_of(spending, drawn_weights(PAY_WEIGHTS, rng), drawn_weights(OFFICE_WEIGHTS, rng), step)
    executed = tuple((item.code, _executed(item, rng, step)) for item in spending)
    public = _three_public(economic, administrative, rng)
    return Accounts(name, "unit", year, administrative, step, spending, economic, public, executed)


def _project(rng: Random, step: int) -> int:
    """A project's cost: thousands to tens of millions of yuan, small ones more often, mostly in hundreds of yuan."""
    cost = rng.choice((1_000, 10_000, 100_000, 1_000_000)) * rng.randint(12, 99)
    return cost * 100 if rng.random() < 0.8 else cost * 100 + rng.randint(1, 9_999) // step * step


def _executed(item: Spending, rng: Random, step: int) -> int:
    return item.fiscal_appropriation * rng.randint(820, 1_030) // 1_000 // step * step


def next_year(accounts: Accounts, body: Body, rng: Random) -> Accounts:
    """The same unit a year later: pay grows evenly, projects each in their own way, a few end or begin."""
    step = accounts.step
    pay, office = rng.randint(985, 1_075), rng.randint(930, 1_060)
    grown = []
    for item in accounts.spending:
        work = item.project and not item.basic
        if work and rng.random() < 0.06:
            continue
        factor = rng.choice((1_000, rng.randint(700, 1_450)))
        grown.append(
            replace(
                item,
                personnel=item.personnel * pay // 1_000 // step * step,
                operating=item.operating * office // 1_000 // step * step,
                project=item.project * factor // 1_000 // step * step,
            )
        )
    absent = [code for code in body.works if code not in {item.code for item in accounts.spending}]
    if absent and rng.random() < 0.3:
        grown.append(Spending(rng.choice(absent), project=_project(rng, step)))
    spending = tuple(sorted(grown, key=lambda item: item.code))
    shares = {code: amount for code, amount in accounts.economic if amount}
    economic = economic_of(
        spending,
        {code: shares[code] for code in PAY_WEIGHTS if code in shares},
        {code: shares[code] for code in OFFICE_WEIGHTS if code in shares},
        step,
    )
    return replace(
        accounts,
        year=accounts.year + 1,
        spending=spending,
        economic=economic,
        three_public=_three_public(economic, accounts.administrative, rng),
        executed=tuple((item.code, _executed(item, rng, step)) for item in accounts.spending),
    )


def executed_of(accounts: Accounts, rng: Random, carried: Mapping[str, Spending]) -> Accounts:
    """Final accounts of a budget: what was spent of it; `carried` are last year's items that left a balance, by code.

    A balance of an item that the budget has no more is spent this year.
    """
    step = accounts.step
    planned = {item.code for item in accounts.spending}
    spending = [
        Spending(code, item.fund, project=item.closing, opening=item.closing)
        for code, item in carried.items()
        if code not in planned
    ]
    for item in accounts.spending:
        pay, running, works = rng.randint(960, 1_030), rng.randint(900, 1_000), rng.randint(720, 1_080)
        project = item.project * works // 1_000 // step * step
        kept = bool(item.project) and rng.random() < 0.3
        opening = carried[item.code].closing if item.code in carried else 0
        kinds = {
            kind: getattr(item, kind) * rng.randint(900, 1_100) // 1_000 // step * step
            for kind in ("service_income", "business_income", "other_income")
        }
        spending.append(
            replace(
                item,
                personnel=item.personnel * pay // 1_000 // step * step,
                operating=item.operating * running // 1_000 // step * step,
                project=project,
                opening=opening,
                closing=project * rng.randint(5, 150) // 1_000 // step * step if kept else 0,
                **kinds,
            )
        )
    shares = {code: amount for code, amount in accounts.economic if amount}
    economic = economic_of(
        spending,
        {code: shares[code] for code in PAY_WEIGHTS if code in shares},
        {code: shares[code] for code in OFFICE_WEIGHTS if code in shares},
        step,
    )
    budget = accounts.three_public
    spent = {
        field.name: getattr(budget, field.name) * rng.choice((0, 600, 850, 1_000)) // 1_000 // WAN_STEP * WAN_STEP
        for field in fields(ThreePublic)
    }
    spent["agency_operating"] = sum(amount for code, amount in economic if code[:3] in ("302", "310"))
    ordered = tuple(sorted(spending, key=lambda item: item.code))
    return replace(accounts, spending=ordered, economic=economic, three_public=ThreePublic(**spent))


def with_reserves(accounts: Accounts, rng: Random) -> Accounts:
    """A budget that keeps some money back, and names what meetings and training cost."""
    first, *others = accounts.spending
    reserve = first.fiscal_appropriation * rng.choice((0, 50, 120)) // 1_000 // accounts.step * accounts.step
    by_code = dict(accounts.economic)
    meetings, training = (
        _rounded_up(by_code.get(code, 0)) + rng.randint(0, 90) * WAN_STEP for code in ("30215", "30216")
    )
    public = replace(accounts.three_public, meetings=meetings, training=training)
    return replace(accounts, spending=(replace(first, reserve=reserve), *others), three_public=public)


def department_of(name: str, units: tuple[Accounts, ...]) -> Accounts:
    """The accounts of a department: its units added up, code by code."""
    first = units[0]
    return replace(
        first,
        organisation=name,
        level="department",
        spending=tuple(
            _added(code, [item for unit in units for item in unit.spending if item.code == code])
            for code in sorted({item.code for unit in units for item in unit.spending})
        ),
        economic=tuple(sorted(_summed(pair for unit in units for pair in unit.economic).items())),
        three_public=ThreePublic(
            *(sum(getattr(unit.three_public, field.name) for unit in units) for field in fields(ThreePublic))
        ),
        executed=tuple(sorted(_summed(pair for unit in units for pair in unit.executed).items())),
    )


def _summed(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for code, amount in pairs:
        sums[code] += amount
    return sums


def _added(code: str, items: list[Spending]) -> Spending:
    kinds = [field.name for field in fields(Spending) if field.name not in ("code", "fund")]
    return Spending(code, items[0].fund, **{kind: sum(getattr(item, kind) for item in items) for kind in kinds})
