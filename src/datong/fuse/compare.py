"""The comparisons: each takes two sides and says which level they reach. Their docstrings are shown to users.

The weight of each level stands in packs/registers/comparisons.yml; nothing here decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from rapidfuzz.distance import DamerauLevenshtein
from rapidfuzz.fuzz import ratio

from datong.domain.names import NAME_LEVELS, OrgName, compare_names, core_of, is_registered_form, parts_of_org_name, read_org_name
from datong.fuse.persona import Persona

Comparison = Callable[[Persona, Persona], str]
_ORG_ORDER = ("same_registered", "same", "core", "trade_name", "close", "other_industry", "other_region", "different")
_NUMERALS = re.compile(r"[0-9一二三四五六七八九十]+")
_NEAR_NAMES = frozenset(("pinyin", "lost_character", "part", "homophone", "one_character"))


def compare_name(left: Persona, right: Persona) -> str:
    """Names: the same; the same in traditional form or with other dots; in letters (pinyin); with a rare character
    lost as "?"; only its first part; sounding the same; one character apart; the same given name under another family name
    or with the husband's put before; same family name only; different."""
    levels = {compare_names(one, two) for one in left.of("name") for two in right.of("name")}
    return next((level for level in NAME_LEVELS if level in levels), "missing")


def compare_number(left: Persona, right: Persona) -> str:
    """Citizen numbers of which at least one is not sound by itself: the same; the 15 digits of the 18; one digit wrong,
    lost, or two swapped; agreeing where not masked; far apart. Two different sound numbers are never the same person."""
    if left.sound and right.sound and not left.sound & right.sound:
        return "two_sound"
    levels = {_number_level(one, two) for one in left.of("number") for two in right.of("number")}
    return next((level for level in ("same", "old15", "one_edit", "masked", "far") if level in levels), "missing")


@lru_cache(maxsize=100_000)
def _number_level(one: str, two: str) -> str:
    if one == two:
        return "same"
    if (len(one), len(two)) in ((15, 18), (18, 15)):
        longer, shorter = (one, two) if len(one) == 18 else (two, one)
        return "old15" if longer[:6] + longer[8:17] == shorter else "far"
    if "*" in one or "*" in two:
        return "masked" if _agree_unmasked(one, two) else "far"
    return "one_edit" if DamerauLevenshtein.distance(one, two, score_cutoff=1) <= 1 else "far"


def _agree_unmasked(one: str, two: str) -> bool:
    shown = [a == b for a, b in zip(one, two, strict=False) if "*" not in (a, b)]
    return len(one) == len(two) and len(shown) >= 6 and all(shown)


def compare_birth_date(left: Persona, right: Persona) -> str:
    """Birth dates: the same; day and month swapped; one digit wrong or two neighbours swapped; the year agrees and one
    side knows only the year (1 January); different."""
    levels = {_date_level(one, two) for one in left.of("birth_date") for two in right.of("birth_date")}
    return next((level for level in ("same", "swapped", "one_digit", "year", "different") if level in levels), "missing")


@lru_cache(maxsize=100_000)
def _date_level(one: str, two: str) -> str:
    if one == two:
        return "same"
    if one[:4] == two[:4] and one[5:7] == two[8:10] and one[8:10] == two[5:7]:
        return "swapped"
    if len(one) == len(two) and DamerauLevenshtein.distance(one, two, score_cutoff=1) <= 1:
        return "one_digit"
    return "year" if one[:4] == two[:4] and "-01-01" in (one[4:], two[4:]) else "different"


def compare_sex(left: Persona, right: Persona) -> str:
    """Sex, as stated or as the citizen number says."""
    return _any_same(left.of("sex"), right.of("sex"))


def compare_phone(left: Persona, right: Persona) -> str:
    """Phone numbers: any in common; one digit wrong; different."""
    level = _any_same(left.of("phone"), right.of("phone"))
    return "one_digit" if level == "different" and _one_digit(left.of("phone"), right.of("phone")) else level


def compare_place(left: Persona, right: Persona) -> str:
    """Premises: whether any address of both leads to the same door."""
    return _any_same(left.of("place"), right.of("place"))


def compare_organisation(left: Persona, right: Persona) -> str:
    """Organisations that a record names together with the person: works there, is its representative."""
    return _any_same(left.of("organisation"), right.of("organisation"))


def compare_relative(left: Persona, right: Persona) -> str:
    """Names of parents, children or spouse standing in the same record: any in common; one nearly the same; different."""
    return _name_among(left.of("relative"), right.of("relative"))


def compare_account(left: Persona, right: Persona) -> str:
    """The person's own insurance or housing fund number."""
    return _any_same(left.of("account"), right.of("account"))


def compare_org_name(left: Persona, right: Persona) -> str:
    """Organisation names, by their parts region, trade name, industry and form: the same, of a form registered once only
    (a company, a school); the same; the same trade name and industry (core); the same trade name, and one side names no
    industry; nearly the same core; the same trade name in another industry; the same core in another region; different."""
    levels = {_org_level(one, two) for one in left.of("org_name") for two in right.of("org_name")}
    return next((level for level in _ORG_ORDER if level in levels), "missing")


@lru_cache(maxsize=100_000)
def _org_level(left: str, right: str) -> str:
    one, two = read_org_name(left), read_org_name(right)
    if one == two:
        return "same_registered" if is_registered_form(one) else "same"
    core, other = core_of(one), core_of(two)
    if core == other and len(core) >= 2:
        return "other_region" if _apart(parts_of_org_name(one).region, parts_of_org_name(two).region) else "core"
    if _with_region(core, other, parts_of_org_name(two).region) or _with_region(other, core, parts_of_org_name(one).region):
        return "core"
    numbers_agree = _NUMERALS.findall(core) == _NUMERALS.findall(other)
    if numbers_agree and min(len(core), len(other)) >= 3 and ratio(core, other) >= 85:
        return "close"
    return _trade_level(parts_of_org_name(one), parts_of_org_name(two))


def _with_region(longer: str, core: str, region: str) -> bool:
    """Whether one core is the other's with its region before it: 淄博鑫源机械, and 鑫源机械 of 淄博市."""
    before = longer.removesuffix(core)
    return len(core) >= 2 and 2 <= len(before) < len(longer) and before in region


def _trade_level(one: OrgName, two: OrgName) -> str:
    """How two names stand whose cores differ: by their trade names."""
    if one.trade != two.trade or len(one.trade) < 2 or _apart(one.region, two.region):
        return "different"
    return "other_industry" if one.industry and two.industry else "trade_name"


def _apart(one: str, two: str) -> bool:
    """Whether two regions are both known and neither lies in the other."""
    return bool(one and two) and one not in two and two not in one


def compare_credit_code(left: Persona, right: Persona) -> str:
    """Credit codes of which at least one is not sound by itself: one character wrong, lost, or two swapped; the same nine
    characters of the old organisation code in them; far apart."""
    levels = {_credit_level(one, two) for one in left.of("credit_code") for two in right.of("credit_code")}
    return next((level for level in ("same", "one_edit", "body", "far") if level in levels), "missing")


@lru_cache(maxsize=100_000)
def _credit_level(one: str, two: str) -> str:
    if one == two:
        return "same"
    if DamerauLevenshtein.distance(one, two, score_cutoff=1) <= 1:
        return "one_edit"
    return "body" if len(one) == len(two) == 18 and one[8:17] == two[8:17] else "far"


def compare_registration_no(left: Persona, right: Persona) -> str:
    """Old business registration numbers: the same; one digit wrong; different."""
    level = _any_same(left.of("registration_no"), right.of("registration_no"))
    return "one_digit" if level == "different" and _one_digit(left.of("registration_no"), right.of("registration_no")) else level


def compare_representative(left: Persona, right: Persona) -> str:
    """Name of the legal representative or owner: the same in any spelling; nearly the same; different."""
    return _name_among(left.of("representative"), right.of("representative"))


def compare_name_rarity(left: Persona, right: Persona) -> str:
    """How much an agreeing name says: very_common (张伟), common, usual, rare; counted among the register's own people."""
    return "missing"


def compare_org_name_rarity(left: Persona, right: Persona) -> str:
    """How much an agreeing core of two organisations' names says: very_common, common, usual, rare, or unique (the very same
    name, and one organisation of the register alone has this core); counted in the register."""
    return "missing"


def compare_place_rarity(left: Persona, right: Persona) -> str:
    """How much the same door says: very_common where hundreds are registered (a collective address), common, usual, rare."""
    return "missing"


def _name_among(left: tuple[str, ...], right: tuple[str, ...]) -> str:
    """The strongest of same, close, different between two lists of names; `child:` before a name must stand before both."""
    if not left or not right:
        return "missing"
    if any(value in right for value in left):
        return "same"
    levels = {compare_names(_bare(a), _bare(b)) for a in left for b in right if a.startswith("child:") == b.startswith("child:")}
    return "same" if "variant" in levels else "close" if levels & _NEAR_NAMES else "different"


def _bare(name: str) -> str:
    return name.removeprefix("child:")


def _any_same(left: tuple[str, ...], right: tuple[str, ...]) -> str:
    if not left or not right:
        return "missing"
    return "same" if any(value in right for value in left) else "different"


def _one_digit(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    return any(DamerauLevenshtein.distance(one, two, score_cutoff=1) <= 1 for one in left for two in right)


COMPARISONS: dict[str, Comparison] = {
    "name": compare_name,
    "number": compare_number,
    "birth_date": compare_birth_date,
    "sex": compare_sex,
    "phone": compare_phone,
    "place": compare_place,
    "organisation": compare_organisation,
    "relative": compare_relative,
    "account": compare_account,
    "name_rarity": compare_name_rarity,
    "place_rarity": compare_place_rarity,
    "org_name": compare_org_name,
    "org_name_rarity": compare_org_name_rarity,
    "credit_code": compare_credit_code,
    "registration_no": compare_registration_no,
    "representative": compare_representative,
}
"""Comparison by the name it has in comparisons.yml. A renamed organisation meets itself by number, never here."""
