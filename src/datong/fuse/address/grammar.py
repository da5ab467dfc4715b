"""Split a clean text into parts, from left to right: divisions by name, then names by their endings, then numbers.

The grammar sees every digit as 0, so that what it does never depends on a number's value: texts that differ in their
numbers only have one split, which `reader` remembers. One pass, no backtracking over tokens: linear in the text.
"""

from __future__ import annotations

from datong.domain.address import Part
from datong.fuse.address import parts
from datong.fuse.address.lexicon import DIVISION_RANK, Entries, Entry, Hits
from datong.fuse.address.marks import (
    COMMITTEE,
    COUNTY_SEAT,
    DISTANCE,
    DIVISION_ENDING,
    FALLBACK,
    FIXED_BY_DIGITS,
    FIXED_WORD,
    GATE,
    HALL,
    LEADING_SIGN,
    MARK,
    NOISE,
    PHASE,
    PLACE_GOES_ON,
    RELATIVE,
    ROAD_FOLLOWS,
    ROAD_GOES_ON,
    ROAD_NAMES_PLACE,
    SECTION,
    SHORT_NAME_BLOCK,
    SUB_NO,
    TOWN_GOES_ON,
    VILLAGE_GOES_ON,
    VILLAGE_NAMES_PLACE,
)
from datong.fuse.address.numerals import CN
from datong.fuse.address.tail import BIT, Chain, Token, place_chain, read_chain

_new = tuple.__new__
_BEFORE_DIVISIONS = frozenset((None, parts.PROV, parts.CITY, parts.DISTRICT, parts.NOISE))
_PASSED_OVER = frozenset((parts.NOISE, parts.COUNTRY))
_DOOR = frozenset((parts.BUILDING, parts.ENTRANCE, parts.FLOOR, parts.ROOM))
_DOOR_SEEN = sum(BIT[part] for part in _DOOR)
_FLOOR_OR_ROOM_SEEN = BIT[parts.FLOOR] | BIT[parts.ROOM]
_NUMERIC = frozenset("0123456789第负地甲乙丙丁" + CN)
_FIXED = frozenset(
    "0123456789电自住一集仅不nN市约近对斜正隔附旁交路村驻政人门东南西北以与和前后里外大楼地院入出街岔内口边中尽向往上下老新甲乙丙丁戊之null"
    + CN
)
_HOLDS_HALLS = frozenset((parts.ESTATE, parts.PHASE, parts.ROAD_NO, parts.SUB_NO, parts.RELATIVE))
GAPS = " -、·#|"


class Scan:
    """One reading of one text, from a place where nothing to its left matters but the state kept here.

    `tokens` is the outcome; `division` the code prefix of the divisions read.
    """

    __slots__ = ("before", "division", "doubts", "former", "hits", "rank", "seen", "text", "tokens")

    def __init__(self, text: str, hits: Hits) -> None:
        """`hits` are the known names of the text."""
        self.text = text
        self.hits = hits
        self.tokens: list[Token] = []
        self.seen = 0
        self.before: Part | None = None
        self.rank = 0
        self.division = ""
        self.former = ""
        self.doubts = 0

    def run_on(self) -> None:
        """Read the whole text from the state given."""
        at = 0
        while at < len(self.text):
            at = at + 1 if self.text[at] in GAPS else self._step(at)

    def _step(self, at: int) -> int:
        """Read one token or chain at this place and say where it ended."""
        if not self.seen & _DOOR_SEEN:
            known = self.hits.get(at)
            if known is not None and (after := self._known_division(at, known)):
                return after
            if self.before in _BEFORE_DIVISIONS and (after := self._told_division(at, known)):
                return after
            if known is not None and (after := self._known_name(at, known)):
                return after
        char = self.text[at]
        if (char in _FIXED or char.isascii()) and (after := self._fixed_word(at)):
            return after
        if (char in _NUMERIC or char.isascii()) and (after := self._number(at)):
            return after
        return self._name(at)

    def _add(self, start: int, end: int, part: Part, *, said: bool = True) -> int:
        self.tokens.append(_new(Token, (start, end, part, said)))
        if part not in _PASSED_OVER:
            self.seen |= BIT[part]
            self.before = part
        return end

    # ── divisions ────────────────────────────────────────────────────────────────────────────────

    def _known_division(self, at: int, known: list[tuple[int, Entries]]) -> int:
        """A province, city, county or street here that is known by name."""
        if known[0][1].own_name:
            return 0  # the longest name here is the city's own, not a division: 稷下南生活区, not 稷下
        for end, entries in known:
            if (entry := self.fitting(at, end, entries)) and (self.rank < 4 or not entry.short):
                if not entry.short and self.cuts_own_name(end):
                    continue  # 淄博市府西一街, where the register has a 市府西一街
                return self.take_division(at, end, entry)
        return 0

    def _told_division(self, at: int, known: list[tuple[int, Entries]] | None) -> int:
        """A province, city or county here that is told by its ending alone."""
        if self.rank > 2 or (known is not None and known[0][1].own_name) or not DIVISION_ENDING.search(self.text, at, at + 14):
            return 0
        for part, rank, pattern in FALLBACK:
            if rank > self.rank and (found := pattern.match(self.text, at)):
                self.rank = rank
                self.division = self.division[: 2 * (rank - 1)] if rank < 3 else self.division
                return self._add(at, found.end(), part)
        return 0

    def fitting(self, at: int, end: int, entries: Entries) -> Entry | None:
        """The first entry that agrees with what was read; a full name may also disagree, a short one never."""
        second: Entry | None = None
        for entry, rank, agrees in entries.fitting(self.division):
            if entry.short:
                if self._short_stands(at, end, entry, rank):
                    return entry
            elif agrees and not (rank == 4 and not self.division and len(entry.name) < 3):
                return entry
            elif rank < 4 and second is None:
                second = entry
        return second

    def _short_stands(self, at: int, end: int, entry: Entry, rank: int) -> bool:
        """A name without its ending counts only where nothing makes it the beginning of another name."""
        if SHORT_NAME_BLOCK.match(self.text, end):
            return False
        if rank == 2 and ROAD_FOLLOWS.match(self.text, end):
            return self.rank < 2
        following = self.text[end : end + 1]
        if rank == 4:
            return len(self.division) >= 4 and self.rank >= 2 and following not in ("区", "县", "镇", "乡", "城", "山", "园", "苑", "府")
        if rank <= self.rank and (entry.code != self.division[: len(entry.code)] or end not in self.hits):
            return False
        return following not in ("县", "区", "镇", "乡", "城", "园", "苑", "府", "人", "籍") or self._own_name_from(end, end)

    def _own_name_from(self, at: int, beyond: int) -> bool:
        """A name of the city's own begins here and goes on beyond a place."""
        return any(end > beyond and entries.own_name for end, entries in self.hits.get(at, ()))

    def cuts_own_name(self, end: int) -> bool:
        """A division that ends here takes the first sign of a name of the city's own."""
        return end - 1 in self.hits and self._own_name_from(end - 1, end) and not self._own_name_from(end, end)

    def take_division(self, at: int, end: int, entry: Entry) -> int:
        rank = DIVISION_RANK[entry.part]
        if rank < self.rank or (rank == self.rank and self.seen & BIT[entry.part]):
            return self._add(at, end, parts.NOISE)
        if not (entry.code.startswith(self.division) or self.division.startswith(entry.code)):
            self.doubts += 1
        if len(entry.code) > len(self.division) or self.doubts:
            self.division = entry.code
        if entry.former:
            self.former = entry.name
        self.rank = rank
        after = self._add(at, end, entry.part)
        if COUNTY_SEAT.match(self.text, end) and self.text[end - 1] == "县":
            after = self._add(end, end + 1, parts.NOISE)
        return after

    # ── names ────────────────────────────────────────────────────────────────────────────────────

    def _known_name(self, at: int, known: list[tuple[int, Entries]]) -> int:
        """A road, estate, village … of the city's own register that begins here; the longest."""
        for end, entries in known:
            for entry in entries.names:
                if not (entry.code.startswith(self.division) or self.division.startswith(entry.code[: len(self.division)])):
                    continue
                if entry.part != parts.ROAD and ROAD_GOES_ON.match(self.text, end):
                    continue
                if entry.part in (parts.VILLAGE, parts.COMMUNITY) and VILLAGE_NAMES_PLACE.match(self.text, end):
                    continue
                if entry.part in (parts.VILLAGE, parts.COMMUNITY) and (town := TOWN_GOES_ON.match(self.text, end)) and self.rank < 4:
                    self.rank = 4
                    return self._add(at, town.end(), parts.STREET)
                if entry.part == parts.VILLAGE and self.text[end - 1] == "庄" != entry.name[-1] and not self._number_or_end(end):
                    continue  # 麻营庄 is 麻营村, 麻营庄园 is not
                if entry.part == parts.VILLAGE and (committee := COMMITTEE.match(self.text, end)):
                    end = committee.end()
                if entry.part == parts.ZONE and not self._zone_stands(entry):
                    continue
                part = parts.LANE if entry.part == parts.ROAD and self.before == parts.ROAD else entry.part
                if part == parts.STREET:
                    self.rank = 4
                return self._add(at, end, part)
        return 0

    def _number_or_end(self, at: int) -> bool:
        """Nothing of a name follows here: the text ends, or a number or gap comes."""
        following = self.text[at : at + 1]
        return not following or following in _NUMERIC or following in GAPS

    def _zone_stands(self, entry: Entry) -> bool:
        """A zone says in which city it lies; 开发区 alone is the city's only where no county of its own is named before it."""
        if len(self.division) < len(entry.code):
            self.division, self.rank = entry.code, max(self.rank, 2)
        return not entry.short or self.division == entry.code

    def _name(self, at: int) -> int:
        """A name told by the word that ends it; without such a word it runs to the next number, gap or relation."""
        text = self.text
        found = MARK.search(text, at + 1)
        begin = self._next_known(at, found.end() if found else len(text))
        if begin:
            return self._unmarked(at, begin)
        if not found:
            return self._unmarked(at, len(text))
        kind, end = found.lastgroup or "", found.end()
        if kind == "stop":
            return self._unmarked(at, found.start())
        part, end = self._settle(at, kind, end)
        if part in (parts.ROAD, parts.LANE) and end - at < 2:
            return self._unmarked(at, end)
        self._add(at, end, part)
        if part in (parts.ROAD, parts.LANE) and (section := SECTION.match(text, end)):
            end = self._add(end, section.end(), parts.LANE)
        return end

    def _settle(self, at: int, kind: str, end: int) -> tuple[Part, int]:
        """What the ending really ends: 花园 may go on to 花园路, 锦绣花园 to 锦绣花园小区."""
        text = self.text
        if kind in ("estate", "village", "community", "zone") and (road := ROAD_GOES_ON.match(text, end)):
            return (parts.LANE if self.before == parts.ROAD else parts.ROAD), road.end()
        if kind == "estate":
            if (village := VILLAGE_GOES_ON.match(text, end)) and end - at < 6:
                word = village.group()
                part = {"村": parts.VILLAGE, "社区": parts.COMMUNITY}.get(word, parts.STREET)
                return part, village.end()
            for _ in range(2):
                longer = PLACE_GOES_ON.match(text, end)
                if not longer:
                    break
                end = longer.end()
            return (parts.PERSON if self.seen & _FLOOR_OR_ROOM_SEEN and self.before in _DOOR else parts.ESTATE), end
        if kind == "road":
            if (place := ROAD_NAMES_PLACE.match(text, end)) and not ROAD_GOES_ON.match(text, place.end()):
                return (parts.COMMUNITY if place.group() == "社区" else parts.ESTATE), place.end()
            if self.before in _DOOR and self.seen & BIT[parts.FLOOR]:
                return parts.ENTRANCE, end  # the inner streets of a market hall
            if text[end - 1] in "巷弄街" and text[end : end + 1] == "村":
                return parts.VILLAGE, end + 1
            return (parts.LANE if self.before == parts.ROAD else parts.ROAD), end
        if kind == "village" and (place := VILLAGE_NAMES_PLACE.match(text, end)):
            return parts.ESTATE, place.end()
        if kind == "street":
            if self.rank >= 4 or end - at > 7:
                return parts.ESTATE, end
            self.rank = 4
        return Part(kind), end

    def _next_known(self, at: int, limit: int) -> int:
        """Where a known name of the city begins inside the name being read, when it reaches to its end or beyond."""
        first = limit
        for start, found in self.hits.items():
            if at + 2 <= start < first:
                for end, entries in found:
                    if end >= limit and end - start >= 3 and entries.named:
                        first = start
                        break
        return first if first < limit else 0

    def _unmarked(self, at: int, end: int) -> int:
        """A name no word ends: shop or person after a door, else a place."""
        self.doubts += 1
        if self.before in _DOOR:
            return self._add(at, end, parts.PERSON)
        if end - at == 1 and self.before is not None:
            return self._add(at, end, parts.NOISE)
        if self.before == parts.STREET and end - at <= 3 and self.text[end : end + 1] == "0":
            return self._add(at, end, parts.VILLAGE)
        return self._add(at, end, parts.ESTATE)

    # ── words of one meaning, numbers ────────────────────────────────────────────────────────────

    def _fixed_word(self, at: int) -> int:
        text = self.text
        if not (FIXED_BY_DIGITS if text[at] == "0" else FIXED_WORD).match(text, at):
            return 0
        if found := NOISE.match(text, at):
            return self._add(at, found.end(), parts.NOISE)
        if self.before is None:
            return 0
        if found := DISTANCE.match(text, at):
            return self._add(at, found.end(), parts.DISTANCE)
        if self.before in (parts.ESTATE, parts.PHASE, parts.VILLAGE, parts.COMMUNITY, parts.ZONE) and (found := PHASE.match(text, at)):
            return self._add(at, found.end(), parts.PHASE)
        if self.before in _HOLDS_HALLS and not self.seen & _DOOR_SEEN and (found := HALL.match(text, at)):
            return self._add(at, found.end(), parts.BUILDING)
        if found := GATE.match(text, at):
            return self._add(at, found.end(), parts.ESTATE)
        if self.before == parts.ROAD and (found := SECTION.match(text, at)):
            return self._add(at, found.end(), parts.LANE)
        if found := RELATIVE.match(text, at):
            return self._add(at, found.end(), parts.RELATIVE)
        if self.before in (parts.ROAD_NO, parts.LANE_NO, parts.ROAD) and (found := SUB_NO.match(text, at)):
            return self._add(at, found.end(), parts.SUB_NO)
        return 0

    def _number(self, at: int) -> int:
        sign = LEADING_SIGN.match(self.text, at)
        chain = read_chain(self.text, sign.end() if sign else at)
        if not chain:
            return 0
        if not chain.kind and (after := self._name_with_digits(at, chain)):
            return after
        if chain.kind == "road" and chain.end - 1 > chain.elements[-1][1]:
            self._leave_own_name(chain)
        if not chain.kind and chain.end - at == 6 and chain.end == len(self.text) and self.seen & BIT[parts.ROOM]:
            return self._add(at, chain.end, parts.NOISE)  # the postal code behind an address
        if chain.kind == "phase" and self.before in _DOOR and not self.seen & BIT[parts.BUILDING]:
            chain.kind = ""
        follow = self._numbers_follow(chain.end)
        for token in place_chain(chain, self.before, self.seen, follow):
            self._add(at if sign and token.start == chain.elements[0][0] else token.start, token.end, token.part, said=token.said)
        return chain.end

    def _leave_own_name(self, chain: Chain) -> None:
        """86号大街小区 is number 86 and then a name of the city's own, not an avenue."""
        for start in range(chain.elements[-1][1] + 1, chain.end):
            if self.text[start - 1] == "号" and self._own_name_from(start, chain.end):
                chain.kind, chain.end = "no", start
                return

    def _numbers_follow(self, end: int) -> bool:
        while end < len(self.text) and self.text[end] in GAPS:
            end += 1
        following = read_chain(self.text, end)
        return following is not None and following.kind in ("", "no", "room", "entrance", "floor", "building")

    def _name_with_digits(self, at: int, chain: Chain) -> int:
        """8090公寓, A8艺术中心: digits that begin a name, where no number is due."""
        if len(chain.elements) > 1 or self.before in (parts.ROAD, parts.LANE, parts.ROAD_NO) or self.before in _DOOR:
            return 0
        found = MARK.search(self.text, chain.end)
        if found and found.lastgroup == "estate" and found.start() - chain.end <= 4 and self.text[chain.end : chain.end + 1] not in GAPS:
            part, end = self._settle(at, "estate", found.end())
            return self._add(at, end, part)
        return 0
