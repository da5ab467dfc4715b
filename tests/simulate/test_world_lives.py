"""Nobody in the simulated city does what people cannot do."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

from tests.simulate.worlds import city, everything

from datong.simulate.draw import age_on
from datong.simulate.model import REFERENCE_DATE, Firm, Person

FOR_EVER = "9999"


def test_nobody_is_married_to_two_people_at_once() -> None:
    spells: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for marriage in everything("marriages"):
        assert marriage.husband.sex == "male" and marriage.wife.sex == "female"
        assert marriage.on <= (marriage.ended_on or FOR_EVER)
        assert age_on(marriage.husband.birth, marriage.on) >= 21 and age_on(marriage.wife.birth, marriage.on) >= 19
        for person in (marriage.husband, marriage.wife):
            spells[person.id].append((marriage.on, marriage.ended_on or FOR_EVER))
    assert any(len(several) > 1 for several in spells.values()), "somebody has married again"
    for several in spells.values():
        several.sort()
        assert all(first[1] <= second[0] for first, second in pairwise(several))


def test_husband_and_wife_name_each_other() -> None:
    running = {marriage.husband: marriage.wife for marriage in everything("marriages") if not marriage.ended_on}
    wives = set(running.values())
    for husband, wife in running.items():
        assert husband.spouse is wife and wife.spouse is husband
        assert husband.marital_status == wife.marital_status == "married"
    for person in everything("people"):
        assert (person.spouse is not None) == (person in running or person in wives)
        if person.spouse is not None:
            assert person.spouse.spouse is person and not person.death


def test_children_are_younger_than_their_parents() -> None:
    children = [person for person in everything("people") if person.mother or person.father]
    assert len(children) > 1000
    for child in children:
        for parent in filter(None, (child.mother, child.father)):
            assert 18 <= age_on(parent.birth, child.birth) <= 60
        if child.mother is not None and child.mother.death:
            assert child.mother.death >= child.birth


def test_nothing_happens_to_the_dead_or_before_birth() -> None:
    for name, field in (
        ("stays", "since"),
        ("registrations", "since"),
        ("moves", "on"),
        ("employments", "since"),
        ("pupils", "since"),
        ("treatments", "admitted_on"),
    ):
        for item in everything(name):
            day = getattr(item, field)
            assert item.person.birth <= day <= REFERENCE_DATE, (name, item.id)
            assert not item.person.death or day < item.person.death, (name, item.id)
    for name in ("stays", "employments"):
        for item in everything(name):
            end = item.person.death or item.person.left
            assert not end or (item.until and item.until <= end), (name, item.id)


def test_spells_end_after_they_begin() -> None:
    for name in ("stays", "registrations", "employments", "ownerships", "leases"):
        for item in everything(name):
            assert item.since < (item.until or FOR_EVER), (name, item.id)


def test_nobody_lives_in_two_homes_at_once() -> None:
    spells: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for stay in everything("stays"):
        spells[stay.person.id].append((stay.since, stay.until or FOR_EVER))
    for several in spells.values():
        several.sort()
        assert all(first[1] <= second[0] for first, second in pairwise(several))


def test_where_people_live_is_told_in_one_way() -> None:
    running = {stay.person.id: stay.unit for stay in everything("stays") if not stay.until}
    for person in everything("people"):
        assert (person.home is None) == bool(person.death or person.left)
        assert running.get(person.id) is person.home
        if person.home is not None:
            assert person in person.home.residents
    for unit in everything("units"):
        assert all(person.home is unit for person in unit.residents)
        assert unit.kind == "residential" or not unit.residents


def test_nobody_lives_in_a_house_before_it_is_built() -> None:
    for stay in everything("stays"):
        assert stay.since[:4] >= str(stay.unit.built_year), stay.id


def test_registers_have_one_head_and_local_people_have_a_register() -> None:
    for household in everything("households"):
        if household.kind == "家庭户":
            heads = [member for member in household.members if member.relation == "户主" and not member.until]
            assert [member.person for member in heads] == [household.head], household.id
    for person in everything("people"):
        if person.floating:
            assert person.household is None and person.native_address
        elif person.home is not None:
            assert person.registered_unit is not None and person.household is not None, person.id
    open_registers: dict[str, int] = defaultdict(int)
    for registration in everything("registrations"):
        open_registers[registration.person.id] += not registration.until
    assert max(open_registers.values()) == 1


def test_leases_permits_and_accounts_name_units_and_people_of_the_block() -> None:
    for block in city():
        units, people, firms = set(block.units), set(block.people), set(block.firms)
        known: set[Any] = people | firms
        for lease in block.leases:
            assert lease.unit in units and lease.landlord in known and lease.tenant in known and lease.landlord is not lease.tenant
        for account in block.accounts:
            assert account.unit in units and account.holder in known
        for title in block.ownerships:
            assert title.unit in units and title.owner in known
        for permit in block.residence_permits:
            assert permit.unit is permit.person.home and permit.person.floating


def test_tenants_have_a_lease_and_owners_a_title_before_they_move_in() -> None:
    tenants = {lease.tenant for lease in everything("leases")}
    owners = {title.owner for title in everything("ownerships")}
    letting = [stay for stay in everything("stays") if stay.basis == "tenant" and not stay.until]
    owning = [stay for stay in everything("stays") if stay.basis == "owner" and not stay.until]
    assert sum(1 for stay in letting if stay.person in tenants) > 0.3 * len(letting)
    assert sum(1 for stay in owning if stay.person in owners) > 0.6 * len(owning)


def test_shares_of_a_running_title_make_at_most_a_whole() -> None:
    shares: dict[str, int] = defaultdict(int)
    for title in everything("ownerships"):
        if not title.until:
            shares[title.unit.id] += title.share
            assert title.unit.certificate_no == title.certificate_no
    assert max(shares.values()) <= 100


def test_firms_live_in_order() -> None:
    for firm in everything("firms"):
        assert age_on(firm.legal_representative.birth, firm.founded_on) >= 18
        assert firm.founded_on < (firm.closed_on or FOR_EVER)
        assert bool(firm.closed_on) == (firm.status in ("closed", "revoked"))
        assert firm.addresses[-1].unit is firm.registered_unit and not firm.addresses[-1].until
        if firm.closed_on:
            assert firm.operating_unit is None
        for employment in firm.staff:
            assert firm.founded_on <= employment.since
            assert not firm.closed_on or (employment.until and employment.until <= firm.closed_on)
            assert age_on(employment.person.birth, employment.since) >= 18


def test_money_adds_up() -> None:
    for stay in everything("treatments"):
        assert 0 <= stay.insurance + stay.critical + stay.aid <= stay.total
    assert any(stay.aid for stay in everything("treatments"))
    assert all(isinstance(purchase.buyer, (Person, Firm)) and purchase.price > 0 for purchase in everything("purchases"))


def test_the_known_difficulties_are_planted() -> None:
    kinds = {trap.kind for trap in everything("traps")}
    planted = (
        "twins renamed rare_name dotted_name homonyms namesakes_born_same_day "
        "phone_handed_on remarried dead_not_cancelled lives_elsewhere two_sites_one_number many_firms_one_room "
        "firm_without_consent shell_firm firm_moved firm_renamed empty_house_with_use old_citizen_id "
        "owner_dead father_and_son namesakes_in_house new_building "
    )
    assert kinds >= set(planted.split())


def test_traps_are_what_they_say() -> None:
    people = {person.id: person for person in everything("people")}
    for trap in everything("traps"):
        if trap.kind == "father_and_son":
            father, son = (people[number] for number in trap.ids)
            assert son.father is father and son.name == father.name
        elif trap.kind == "namesakes_in_house":
            first, second = (people[number] for number in trap.ids)
            assert first.name == second.name and first.home is second.home and first.citizen_id != second.citizen_id
        elif trap.kind == "namesakes_born_same_day":
            first, second = (people[number] for number in trap.ids)
            assert first.name == second.name and first.birth == second.birth
        elif trap.kind == "twins":
            first, second = (people[number] for number in trap.ids)
            assert first.birth == second.birth and first.mother is second.mother and first.name != second.name
        elif trap.kind == "phone_handed_on":
            first, second = (people[number] for number in trap.ids)
            assert first.old_phone == second.phone != ""
        elif trap.kind == "renamed":
            person = people[trap.ids[0]]
            assert not person.former_name or (person.former_name != person.name and person.birth < person.renamed_on <= REFERENCE_DATE)
