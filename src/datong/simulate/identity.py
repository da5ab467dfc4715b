"""Numbers of the simulated city: sound by the national rules and never given twice, block by block.

Every number is scattered from (block, serial in the block), so two blocks can be made apart and still never meet. All of
them are invented; should one belong to somebody, that is chance.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from datong.domain.errors import BadValue
from datong.domain.identifiers import CREDIT_ALPHABET, credit_check, organisation_check, registration_check
from datong.simulate.divisions import MAX_BLOCKS
from datong.simulate.draw import DAYS, Scatter

PER_BLOCK = 9_999
"""Numbers of one kind in one block."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SLOTS = 250
"""Blocks that share one division code and birth day, with two numbers for each sex."""
_SECOND_CODE = {"370303": "370301"}
"""Used when a district has had 250 blocks: the code of the city's former 市辖区."""
_PHONE_HEADS = (
    "135",
    "136",
    "137",
    "138",
    "139",
    "150",
    "151",
    "152",
    "158",
    "159",
    "182",
    "183",
    "187",
    "188",
    "130",
    "132",
    "186",
    "133",
    "189",
    "199",
)
_FIRST_CREDIT_DAY = "2015-10-01"
_PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Scatters:
    """The scatterings of one seed; making them is slow, using them is not."""

    phone: Scatter
    credit: Scatter
    old_credit: Scatter
    registration: Scatter
    certificate: Scatter
    eight: Scatter
    plate: Scatter
    green_plate: Scatter


@lru_cache(maxsize=4)
def scatters(seed: int) -> Scatters:
    """The scatterings of a seed."""
    return Scatters(
        phone=Scatter(10**8, seed, "phone"),
        credit=Scatter(31**6, seed, "credit"),
        old_credit=Scatter(10**8, seed, "old credit"),
        registration=Scatter(10**8, seed, "registration"),
        certificate=Scatter(10**7, seed, "certificate"),
        eight=Scatter(10**8, seed, "eight"),
        plate=Scatter(24 * 10**4 * 4, seed, "plate"),
        green_plate=Scatter(24 * 10**4 * 2, seed, "green plate"),
    )


@lru_cache(maxsize=4096)
def _code_sum(code: str) -> int:
    return sum(int(digit) * weight for digit, weight in zip(code, _WEIGHTS, strict=False))


@lru_cache(maxsize=65536)
def _day_sum(number: int) -> tuple[str, int]:
    text = DAYS[number].replace("-", "")
    return text, sum(int(digit) * weight for digit, weight in zip(text, _WEIGHTS[6:], strict=False))


class Issuer:
    """Gives out the numbers of one block."""

    def __init__(self, seed: int, index: int, turn: int, origins: list[str]) -> None:
        if turn >= _SLOTS * 2 or index >= MAX_BLOCKS:
            raise BadValue("people", "no citizen numbers are left for so many people", "ask for fewer")
        self.index = index
        self.scatters = scatters(seed)
        self._slot = turn % _SLOTS
        self._tier = turn // _SLOTS
        group, self._outside_slot = divmod(index, _SLOTS)
        groups = -(-MAX_BLOCKS // _SLOTS)
        self.origins = origins[group::groups]
        """Division codes of people first registered elsewhere that this block may use."""
        self._given: dict[tuple[str, int, bool], int] = {}
        self._serials: dict[str, int] = {}

    def serial(self, kind: str, per_block: int = PER_BLOCK) -> int:
        """The next serial of a kind in the whole city's numbering."""
        number = self._serials.get(kind, 0)
        if number >= per_block:
            raise BadValue("people", f"a block has used up its numbers for {kind}")
        self._serials[kind] = number + 1
        return self.index * per_block + number

    def citizen_id(self, code: str, day: int, male: bool, spread: bool = True) -> tuple[str, int]:
        """A citizen number and the birth day it holds: the next day when two of the block already have this one (`spread`)."""
        local = code.startswith("3703")
        given = self._given
        key = (code, day, male)
        taken = given.get(key, 0)
        while taken > 1:
            if not spread:
                raise BadValue("birth_date", "three of one sex were born on one day in one block")
            day -= 1
            key = (code, day, male)
            taken = given.get(key, 0)
        given[key] = taken + 1
        if local and self._tier:
            code = _SECOND_CODE.get(code, code)
        order = ((self._slot if local else self._outside_slot) * 2 + taken) * 2 + male
        text, total = _day_sum(day)
        tens, last = divmod(order, 10)
        hundreds, tens = divmod(tens, 10)
        check = "10X98765432"[(_code_sum(code) + total + hundreds * 8 + tens * 4 + last * 2) % 11]
        return f"{code}{text}{order:03d}{check}", day

    def may_be_twin(self, code: str, day: int, male: bool) -> bool:
        """Whether one more number of this sex and day is free."""
        return self._given.get((code, day, male), 0) < 2

    def phone(self) -> str:
        """A mobile number, all different, none that looks like a placeholder."""
        digits = f"{self.scatters.phone(self.serial('phone')):08d}"
        if digits == digits[0] * 8:
            return self.phone()
        return _PHONE_HEADS[int(digits[3:6]) % len(_PHONE_HEADS)] + digits

    def credit_code(self, head: str, county: str, founded: str) -> str:
        """A unified social credit code: `head` is the two characters of registering authority and kind (91, 92, 93, 12, 51)."""
        if founded < _FIRST_CREDIT_DAY:
            body = f"{self.scatters.old_credit(self.serial('old credit')):08d}"
        else:
            number = self.scatters.credit(self.serial("credit"))
            body = ""
            for _ in range(6):
                number, rest = divmod(number, 31)
                body += CREDIT_ALPHABET[rest]
            body = "MA" + body
        first = f"{head}{county}{body}{organisation_check(body)}"
        return first + credit_check(first)

    def registration_no(self, county: str, founded: str) -> str:
        """The old 15-digit number; empty for firms founded after the credit code came."""
        if founded >= _FIRST_CREDIT_DAY:
            return ""
        first = f"{county}{self.scatters.registration(self.serial('registration')):08d}"
        return first + registration_check(first)

    def eight(self, kind: str) -> str:
        """Eight digits, unique among its kind."""
        return f"{self.scatters.eight(self.serial(kind)):08d}"

    def certificate(self, place: str, since: str, kind: str = "不动产权") -> str:
        """A certificate number of the land registry, in the form of its time."""
        number = self.scatters.certificate(self.serial("certificate"))
        if since < "2016-01-01":
            return f"淄博市房权证{place}字第02-{number:07d}号" if kind == "不动产权" else f"淄博市房他证{place}字第{number:07d}号"
        return f"鲁({since[:4]})淄博{place}{kind}第{number:07d}号"

    def plate(self, green: bool = False) -> str:
        """A plate of 鲁C; new-energy cars have a D (electric) or F (hybrid) and one character more."""
        if green:
            shape, number = divmod(self.scatters.green_plate(self.serial("green plate", 480)), 24 * 10**4)
            return f"鲁C{'DF'[shape]}{_PLATE_LETTERS[number // 10**4]}{number % 10**4:04d}"
        shape, number = divmod(self.scatters.plate(self.serial("plate", 960)), 24 * 10**4)
        letter, text = _PLATE_LETTERS[number // 10**4], f"{number % 10**4:04d}"
        return "鲁C" + text[:shape] + letter + text[shape:]
