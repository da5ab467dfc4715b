"""Who works where, what firms may do, and what tax they declare."""

from __future__ import annotations

from datong.simulate.draft import Draft
from datong.simulate.draw import DAY_NUMBER, DAYS, TODAY, YEAR_START, age_on
from datong.simulate.model import REFERENCE_DATE, Employment, Firm, Permit, Person, TaxReturn
from datong.simulate.people import YEAR
from datong.simulate.trades import PERMITS

_QUARTERS = (("2025Q4", "2026-01-15"), ("2026Q1", "2026-04-15"), ("2026Q2", "2026-07-15"), ("2026Q3", "2026-10-15"))
_FREE_JOBS = ("灵活就业", "务工", "待业", "全职家务", "自由职业")


def employ(draft: Draft) -> None:
    """Give people of working age a job, a past job, or none."""
    rng = draft.rng("work")
    working = [firm for firm in draft.block.firms if firm.operating_unit is not None and firm.status in ("active", "abnormal")]
    seats = [firm for firm in working for _ in range(_staff(firm, draft, rng.random()))]
    gone = [firm for firm in draft.block.firms if firm.closed_on]
    for firm in working:
        if firm.kind != "sole_trader" and firm.legal_representative.employer is None and firm.legal_representative.home is not None:
            _hire(draft, firm.legal_representative, firm, rng.random(), True)
    for person in draft.block.people:
        age = age_on(person.birth, REFERENCE_DATE)
        if person.death or person.left or age < 18 or age >= 60 or not seats:
            _without_work(draft, person, age, working, rng.random())
            continue
        if person.employer is not None:
            continue
        if rng.random() < 0.66 and not (age < 23 and person.education == "本科" and not person.floating):
            firm = seats[int(rng.random() * len(seats))]
            employment = _hire(draft, person, firm, rng.random(), firm.kind != "sole_trader")
            if employment is not None and rng.random() < 0.3:
                _past_job(draft, person, DAY_NUMBER[employment.since], gone if gone and rng.random() < 0.4 else working, rng.random())
        else:
            person.occupation = "学生" if age < 23 else _FREE_JOBS[int(rng.random() * len(_FREE_JOBS))]


def _staff(firm: Firm, draft: Draft, chance: float) -> int:
    usual = draft.trades[firm].staff
    return max(1, int(usual * (0.4 + chance * 1.3))) if firm.kind != "sole_trader" else max(1, min(3, usual // 2))


def _hire(draft: Draft, person: Person, firm: Firm, chance: float, insured: bool) -> Employment | None:
    first = max(DAY_NUMBER[firm.founded_on] + 1, draft.births[person] + int(18.2 * YEAR))
    last = TODAY - 3
    if first > last:
        return None
    person.employer, person.occupation = firm, draft.trades[firm].job
    if firm.legal_representative is person:
        person.occupation = "负责人"
    since = first + int(chance**0.6 * (last - first))
    return _employment(draft, person, firm, since, "") if insured or chance < 0.4 else None


def _employment(draft: Draft, person: Person, firm: Firm, since: int, until: str) -> Employment:
    fund = firm.kind not in ("sole_trader", "cooperative") and (DAY_NUMBER[firm.founded_on] * 7 + since) % 10 < 6
    if fund and not person.fund_no:
        person.fund_no = "3703" + draft.issue.eight("fund")
    employment = Employment(draft.id("EM"), person, firm, DAYS[since], until, 4200 + since * 131 % 97 * 120, fund)
    draft.block.employments.append(employment)
    firm.staff.append(employment)
    return employment


def _past_job(draft: Draft, person: Person, before: int, firms: list[Firm], chance: float) -> None:
    firm = firms[int(chance * len(firms))]
    first = max(DAY_NUMBER[firm.founded_on] + 1, draft.births[person] + int(18 * YEAR))
    last = min(before, DAY_NUMBER[firm.closed_on] if firm.closed_on else TODAY)
    if firm is not person.employer and last - first > 120:
        start = first + int(chance * 977 % 1 * (last - first - 100))
        _employment(draft, person, firm, start, DAYS[start + 90 + int(chance * 331 % 1 * (last - start - 90))])


def _without_work(draft: Draft, person: Person, age: int, firms: list[Firm], chance: float) -> None:
    """The young, the old, the dead and those gone; some of the latter once worked here."""
    if age < 18:
        person.occupation = "学生" if age >= 6 else ""
    elif age >= 60:
        person.occupation = "务农" if person.home is not None and person.home.site.kind == "village" else "退休"
    if chance < 0.3 and age > 20 and firms:
        end = person.death or person.left
        stop = min(DAY_NUMBER[end] if end else TODAY, draft.births[person] + int(60 * YEAR))
        if stop > YEAR_START[2000]:
            _past_job(draft, person, stop, firms, chance / 0.3)


def license_and_tax(draft: Draft) -> None:
    """Permits of those who need them, and four quarters' tax returns of those who live."""
    rng = draft.rng("permits")
    for firm in draft.block.firms:
        unit = firm.operating_unit or firm.registered_unit
        if firm.kind in ("company", "sole_trader", "branch"):
            for word in draft.trades[firm].permits:
                if rng.random() < 0.85:
                    _permit(draft, firm, word, rng.random(), rng.random())
        if firm.status in ("active", "abnormal") and firm.kind in ("company", "sole_trader", "branch") and unit is not None:
            _returns(draft, firm, rng.random(), rng.random())


def _permit(draft: Draft, firm: Firm, word: str, first: float, second: float) -> None:
    title, issuer, head = PERMITS[word]
    day = DAY_NUMBER[firm.founded_on] + 5 + int(first * 60)
    if day > TODAY:
        return
    while day + 5 * 365 <= TODAY and not firm.closed_on:
        day += 5 * 365 - 20
    revoked = firm.closed_on if firm.closed_on and second < 0.6 and DAYS[day] < firm.closed_on else ""
    unit = firm.operating_unit or firm.registered_unit
    number = f"{head}{draft.issue.eight('permit ' + word)}"
    draft.block.permits.append(Permit(draft.id("PT"), number, title, issuer, firm, unit, DAYS[day], DAYS[day + 5 * 365], revoked))


def _returns(draft: Draft, firm: Firm, size: float, care: float) -> None:
    shell = firm.operating_unit is None
    monthly = 0 if shell else int((len(firm.staff) + 1) * (9000 + size * 60000))
    for place, (quarter, due) in enumerate(_QUARTERS):
        if firm.founded_on > due or (shell and care < 0.5):
            continue
        revenue = int(monthly * 3 * (0.8 + (size * 7919 * (place + 1)) % 1 * 0.4))
        tax = revenue * 3 // 100 if revenue > 300_000 else 0
        late = care > 0.95 and place == 3
        draft.block.tax_returns.append(TaxReturn(draft.id("TX"), firm, quarter, revenue, tax, due, "" if late and tax else due))
