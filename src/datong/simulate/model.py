"""What there is in the simulated city: the truth that every delivered row is measured against.

Everything is invented except the names and codes of divisions. Dates are ISO text and "" means "not (yet)", so a spell with an
empty `until` is still running. Every object carries a world id, unique in the whole city and stable for a seed: P person, F firm,
U unit (premises), S site, B building, H household, and two letters for events and contracts. Objects refer to each other directly;
compare them by `is` or by id. Structural values are English words listed here, contents (names, uses, ethnicities) are Chinese.

Slots instead of frozen: a million people are made in a minute or two, and freezing triples the cost. Nobody changes a block
after `world.blocks` has yielded it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

REFERENCE_DATE = "2026-10-31"
"""The day the world stands still at: everything alive, open or running is so at the end of this day."""

Sex = Literal["male", "female"]
Marital = Literal["single", "married", "divorced", "widowed"]
UnitKind = Literal["residential", "commercial", "industrial"]
SiteKind = Literal["estate", "village", "tower", "factory", "shops"]
"""estate 小区; village (yards, groups); tower 写字楼/商业大厦; factory 厂区/园区; shops: 沿街商铺, numbered on the road itself."""
FirmKind = Literal["company", "branch", "sole_trader", "cooperative", "institution", "association"]
FirmStatus = Literal["active", "abnormal", "revoked", "closed"]
"""active 存续; abnormal 存续 but 列入经营异常名录; revoked 吊销未注销; closed 注销."""
Utility = Literal["water", "power", "gas"]


@dataclass(slots=True, eq=False)
class Division:
    """A row of packs/registers/divisions.csv. Level 1 province … 5 village or community; kind legal or functional."""

    code: str
    name: str
    level: int
    parent: str
    valid_from: str
    valid_to: str
    kind: Literal["legal", "functional"] = "legal"


@dataclass(slots=True, eq=False)
class Community:
    """A community or village with everything above it in one place."""

    code: str
    name: str
    """As the statistics list has it, e.g. 丰泽社区居委会."""
    short: str
    """As people write it: 丰泽社区, 卫固村."""
    street_code: str
    street: str
    district_code: str
    district: str
    zone_code: str
    """Functional zone that runs it (370371) or ""."""
    zone: str
    """高新区 or ""."""
    city: str = "淄博市"
    province: str = "山东省"
    village: bool = False
    police_station: str = ""


@dataclass(slots=True, eq=False)
class Site:
    """A named or numbered place: an estate, a village, a tower, a factory, or a row of shops on a road."""

    id: str
    kind: SiteKind
    name: str
    """Full official name with phase, e.g. 颐和花园二期; "" for shops; the village's short name for villages."""
    base_name: str
    """Without phase: 颐和花园."""
    phase: str
    """一期, 东区, 二区 … or ""."""
    aliases: tuple[str, ...]
    former_names: tuple[str, ...]
    community: Community
    road: str
    road_no: str
    """Digits, sometimes with 甲/乙 or -1; "" where there is none (villages)."""
    other_addresses: tuple[tuple[str, str], ...]
    """Further (road, road_no) of the same site."""
    building_word: str
    """号楼 幢 栋 座, or "" (villages, shops)."""
    land: str
    """Parcel kind in title unit numbers: GB state-owned surface, JC homestead, JB collective construction land."""
    built_year: int
    property_company: str
    developer: str
    longitude: float
    latitude: float
    grid_cell: str
    """Community code + two digits."""
    buildings: list[Building] = field(default_factory=list, repr=False)
    units: list[Unit] = field(default_factory=list, repr=False)


@dataclass(slots=True, eq=False)
class Building:
    """One building of a site. `entrances` 0: rooms are numbered through, no 单元 is ever said."""

    id: str
    site: Site = field(repr=False)
    number: str
    """3, 12, A."""
    word: str
    entrances: int
    floors: int
    rooms_per_floor: int
    """A landing's rooms (per entrance)."""
    built_year: int
    completed_on: str
    structure: str
    """钢混 砖混 钢结构."""
    longitude: float
    latitude: float
    units: list[Unit] = field(default_factory=list, repr=False)

    @property
    def name(self) -> str:
        """3号楼."""
        return self.number + self.word


@dataclass(slots=True, eq=False)
class Unit:
    """One premises: a home, shop, office, workshop or yard. What a department calls 房屋."""

    id: str
    kind: UnitKind
    use: str
    """住宅 宿舍 商铺 办公 厂房 仓库."""
    site: Site = field(repr=False)
    building: Building | None = field(repr=False)
    entrance: str
    """2, or "" where the building has none."""
    floor: int
    room: str
    """501, 0305, or "" for yards, shops and whole factory buildings."""
    group: str
    """Villages: 3 (of 3组), or ""."""
    house_no: str
    """Villages: number of the yard; shops: the number on the road (overrides site.road_no)."""
    area: float
    structure: str
    built_year: int
    title_unit_no: str
    """28 characters, sound; every unit has one even before its first registration."""
    door_plate: str
    """Number of the QR door plate."""
    longitude: float
    latitude: float
    address: str = ""
    """The standard wording (`wording.standard_address`)."""
    certificate_no: str = ""
    """Of the newest registration of title; "" when never registered."""
    residents: list[Person] = field(default_factory=list, repr=False)
    """Who lives there on the reference date."""


@dataclass(slots=True, eq=False)
class Person:
    """Somebody. The dead (`death` filled) and those who left the city (`left` filled) are kept: records outlive both."""

    id: str
    citizen_id: str
    name: str
    sex: Sex
    birth: str
    ethnicity: str
    education: str
    """未上学 小学 初中 高中 中专 大专 本科 硕士 博士."""
    phone: str
    """"" for small children and some of the old."""
    old_phone: str = ""
    """A number given up some years ago; somebody else may hold it by now (see traps)."""
    former_name: str = ""
    renamed_on: str = ""
    death: str = ""
    left: str = ""
    """Day she moved out of the city for good."""
    floating: bool = False
    """Registered elsewhere, lives here."""
    native_address: str = ""
    """Registered address outside the city, for floating people."""
    marital_status: Marital = "single"
    father: Person | None = field(default=None, repr=False)
    mother: Person | None = field(default=None, repr=False)
    spouse: Person | None = field(default=None, repr=False)
    """Today's; past ones are in Block.marriages."""
    household: Household | None = field(default=None, repr=False)
    """Today's (or last) household register; None for floating people."""
    registered_unit: Unit | None = field(default=None, repr=False)
    """Where the household register has her: the household's unit."""
    home: Unit | None = field(default=None, repr=False)
    """Where she really lives today; None when dead or gone."""
    employer: Firm | None = field(default=None, repr=False)
    occupation: str = ""
    insurance_no: str = ""
    """Social-security card number, from 16."""
    fund_no: str = ""
    """Housing-fund account, for those who have ever had one."""
    disability_level: int = 0
    """0 none, 1 worst … 4."""
    school: School | None = field(default=None, repr=False)


class Member(NamedTuple):
    """A line of a household register. Relation to the head: 户主 配偶 子 女 父亲 母亲 孙子 孙女 儿媳 女婿 兄弟姐妹 其他."""

    person: Person
    relation: str
    since: str
    until: str


@dataclass(slots=True, eq=False)
class Household:
    """A household register (户口簿)."""

    id: str
    household_no: str
    """9 digits."""
    unit: Unit = field(repr=False)
    head: Person = field(repr=False)
    kind: str
    """家庭户 or 集体户."""
    since: str
    members: list[Member] = field(default_factory=list, repr=False)
    """Present and past ones."""


@dataclass(slots=True, eq=False)
class Stay:
    """Someone really lived somewhere for a time. `basis`: owner, family, tenant, dormitory."""

    id: str
    person: Person
    unit: Unit
    since: str
    until: str
    basis: str


@dataclass(slots=True, eq=False)
class Registration:
    """Someone was on the household register at a unit for a time. `how`: 出生 迁入 婚迁 分户 补录; `end`: 死亡 迁出 or ""."""

    id: str
    person: Person
    household: Household
    unit: Unit
    since: str
    until: str
    how: str
    end: str


@dataclass(slots=True, eq=False)
class Marriage:
    """`ended_by`: "", divorce, death. Certificate numbers as civil affairs writes them: J370303-2012-001234 / L370303-…"""

    id: str
    certificate_no: str
    husband: Person
    wife: Person
    on: str
    ended_on: str
    ended_by: str
    divorce_no: str


@dataclass(slots=True, eq=False)
class Birth:
    """A birth in the last years with its medical certificate (newborn lists of the health department)."""

    id: str
    certificate_no: str
    child: Person
    mother: Person | None
    father: Person | None
    on: str
    hospital: str


@dataclass(slots=True, eq=False)
class Death:
    """A death: civil affairs (cremation), health and police each learn of it at another time."""

    id: str
    certificate_no: str
    person: Person
    on: str
    cancelled_on: str
    """Day the household register struck her; "" when it has not yet (the pension trap)."""
    cremated_on: str


@dataclass(slots=True, eq=False)
class Move:
    """A change of real residence. Either end is None when it is outside the city; `place` then names it."""

    id: str
    person: Person
    origin: Unit | None
    target: Unit | None
    place: str
    on: str


@dataclass(slots=True, eq=False)
class ResidencePermit:
    """居住证 of a floating person."""

    id: str
    permit_no: str
    person: Person
    unit: Unit
    issued_on: str
    expires_on: str


@dataclass(slots=True, eq=False)
class Vehicle:
    """A car or motorcycle of a person or a firm."""

    id: str
    plate: str
    owner: Owner
    model: str
    registered_on: str
    scrapped_on: str


@dataclass(slots=True, eq=False)
class Allowance:
    """A family on the minimum living allowance. `kind`: 城市低保 农村低保 特困供养."""

    id: str
    certificate_no: str
    household: Household
    applicant: Person
    people: int
    kind: str
    monthly: int
    """Yuan a month for the family."""
    since: str
    until: str


@dataclass(slots=True, eq=False)
class Disability:
    """A disability card: the number is the citizen number + kind digit + level digit."""

    id: str
    card_no: str
    person: Person
    kind: str
    """视力 听力 言语 肢体 智力 精神 多重."""
    level: int
    issued_on: str


@dataclass(slots=True, eq=False)
class School:
    """A kindergarten or school; the id is the same in every block that names it."""

    id: str
    name: str
    stage: str
    """幼儿园 小学 初中 高中."""
    district: str


@dataclass(slots=True, eq=False)
class Pupil:
    """A child at a school in the running school year."""

    id: str
    pupil_no: str
    person: Person
    school: School
    grade: str
    since: str
    guardian: Person | None


@dataclass(slots=True, eq=False)
class Treatment:
    """A stay in hospital and who paid for it, in yuan: total = insurance + critical + aid + own."""

    id: str
    settlement_no: str
    person: Person
    hospital: str
    diagnosis: str
    icd10: str
    admitted_on: str
    discharged_on: str
    total: int
    insurance: int
    critical: int
    aid: int


class FirmAddress(NamedTuple):
    """A firm's address for a time."""

    unit: Unit
    since: str
    until: str


@dataclass(slots=True, eq=False)
class Firm:
    """A company, branch, sole trader, cooperative, institution or association."""

    id: str
    kind: FirmKind
    name: str
    form: str
    """有限责任公司(自然人独资), 个体工商户, 分公司, 农民专业合作社 …"""
    credit_code: str
    registration_no: str
    """Old 15-digit number; "" for those founded after October 2015."""
    industry: str
    scope: str
    capital: float
    """10,000 yuan."""
    founded_on: str
    legal_representative: Person
    registered_unit: Unit
    operating_unit: Unit | None
    """Where it really works; None when nobody is to be found (a shell, or closed)."""
    phone: str
    status: FirmStatus
    closed_on: str = ""
    """Day of closing (注销) or revocation (吊销)."""
    former_name: str = ""
    renamed_on: str = ""
    addresses: list[FirmAddress] = field(default_factory=list, repr=False)
    """Registered addresses in time order; the last is `registered_unit`."""
    address_by_right: str = "own"
    """own, lease, or none: registered there without the owner's knowledge."""
    parent: Firm | None = field(default=None, repr=False)
    """For a branch."""
    staff: list[Employment] = field(default_factory=list, repr=False)
    tax_status: str = "正常"
    """正常 非正常 注销."""


Owner: TypeAlias = Person | Firm


@dataclass(slots=True, eq=False)
class Employment:
    """Who worked where, as social insurance and the housing fund know it (`base` in yuan a month; `fund`: pays the housing fund)."""

    id: str
    person: Person
    firm: Firm
    since: str
    until: str
    base: int
    fund: bool


@dataclass(slots=True, eq=False)
class Permit:
    """A permit of a firm at a place: 食品经营许可证 卫生许可证 消防安全检查合格证 烟草专卖零售许可证 排污许可证 …"""

    id: str
    permit_no: str
    kind: str
    issuer: str
    """Department code: market, health, fire, tobacco, environment, culture."""
    firm: Firm
    unit: Unit
    issued_on: str
    expires_on: str
    revoked_on: str


@dataclass(slots=True, eq=False)
class TaxReturn:
    """A quarter's tax of a firm, in yuan. `paid_on` "" means owing."""

    id: str
    firm: Firm
    quarter: str
    """2026Q3."""
    revenue: int
    tax: int
    filed_on: str
    paid_on: str


@dataclass(slots=True, eq=False)
class Ownership:
    """A registered title. `how`: 首次登记 买卖 继承 赠与 批准 (homestead); co-owners have one row each and one certificate."""

    id: str
    certificate_no: str
    unit: Unit
    owner: Owner
    share: int
    """Per cent."""
    since: str
    until: str
    how: str


@dataclass(slots=True, eq=False)
class Mortgage:
    """A registered mortgage, yuan."""

    id: str
    certificate_no: str
    unit: Unit
    owner: Owner
    bank: str
    amount: int
    since: str
    until: str


@dataclass(slots=True, eq=False)
class Purchase:
    """A sale contract on record at the housing department. `seller` is a name: developers are not in the block."""

    id: str
    contract_no: str
    unit: Unit
    buyer: Owner
    seller: str
    seller_id: str
    """World id of the seller when in the block, else ""."""
    on: str
    price: int


@dataclass(slots=True, eq=False)
class Lease:
    """A lease, on record (`filed`) or not."""

    id: str
    contract_no: str
    unit: Unit
    landlord: Owner
    tenant: Owner
    since: str
    until: str
    """Last day; a lease running past the reference date has a later day, an ended one an earlier one."""
    rent: int
    """Yuan a month."""
    filed: bool


@dataclass(slots=True, eq=False)
class Account:
    """A customer account of a utility at a unit. Readings come from `readings.monthly(account)` when asked for."""

    id: str
    account_no: str
    utility: Utility
    unit: Unit
    holder: Owner
    opened_on: str
    closed_on: str
    level: int
    """Mean monthly use: tons, kWh or m³."""
    pattern: str
    """home, vacant, away (summer or winter only), business, shell (a firm that does not work), leak, crypto (abnormally high)."""


class Trap(NamedTuple):
    """A planted difficulty and the world ids it is about.

    Kinds: father_and_son (one name), namesakes_in_house (not related, one name, one unit), homonyms (one name, same year),
    namesakes_born_same_day, twins, renamed, rare_name, dotted_name, phone_handed_on (first id gave up the number the second has now),
    remarried, dead_not_cancelled, lives_elsewhere, two_sites_one_number, estate_name_twice, many_firms_one_room, firm_without_consent,
    shell_firm, firm_renamed, firm_moved, empty_house_with_use, new_building, old_citizen_id.
    """

    kind: str
    ids: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Block:
    """Some 2,000 living people with all that is theirs. Nothing in it refers to another block."""

    index: int
    seed: int
    communities: list[Community] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    buildings: list[Building] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    """The living, the dead and those gone."""
    households: list[Household] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    registrations: list[Registration] = field(default_factory=list)
    marriages: list[Marriage] = field(default_factory=list)
    births: list[Birth] = field(default_factory=list)
    deaths: list[Death] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    residence_permits: list[ResidencePermit] = field(default_factory=list)
    vehicles: list[Vehicle] = field(default_factory=list)
    allowances: list[Allowance] = field(default_factory=list)
    disabilities: list[Disability] = field(default_factory=list)
    schools: list[School] = field(default_factory=list)
    pupils: list[Pupil] = field(default_factory=list)
    treatments: list[Treatment] = field(default_factory=list)
    firms: list[Firm] = field(default_factory=list)
    employments: list[Employment] = field(default_factory=list)
    permits: list[Permit] = field(default_factory=list)
    tax_returns: list[TaxReturn] = field(default_factory=list)
    ownerships: list[Ownership] = field(default_factory=list)
    mortgages: list[Mortgage] = field(default_factory=list)
    purchases: list[Purchase] = field(default_factory=list)
    leases: list[Lease] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    traps: list[Trap] = field(default_factory=list)


class Wording(NamedTuple):
    """An address as somebody wrote it, with the truth about it.

    `truth`: unit (means exactly this unit), ambiguous (the unit is one of a few it may mean), vague (stops above the unit), impossible
    (names something that does not exist), wrong (the address of the unit with one part that contradicts the rest). `level` is the deepest
    part that is right: unit, floor, entrance, building, site, road, community, street. `kind` names the way of writing.
    """

    text: str
    kind: str
    truth: str = "unit"
    level: str = "unit"
