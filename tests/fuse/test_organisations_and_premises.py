"""Which records are one organisation, and which lead to one door."""

from __future__ import annotations

from tests.fuse.world import World, credit


def firm(world: World, number: str, name: str, **more: str) -> str:
    return world.add("market_enterprise", entity_no=number, org_name=name, **more)


def test_a_renamed_company_is_one_by_its_code(world: World) -> None:
    one = firm(world, "1", "淄博鑫源机械有限公司", credit_code=credit(1))
    two = world.add("tax_paid", ticket_no="1", org_name="淄博远大机械有限公司", credit_code=credit(1).lower())
    world.fuse()
    assert world.code("market_enterprise", one, "organisation") == world.code("tax_paid", two, "organisation") != ""


def test_an_old_registration_number_leads_to_the_code_that_a_record_gives_beside_it(world: World) -> None:
    from datong.domain.identifiers import registration_check

    old = "37030012345678"
    old += registration_check(old)
    one = firm(world, "1", "淄博鑫源机械有限公司", credit_code=credit(1), registration_no=old)
    two = firm(world, "2", "鑫源机械", registration_no=old)
    world.fuse()
    assert world.member("market_enterprise", two, "organisation") == (
        world.code("market_enterprise", one, "organisation"),
        "registration_no",
    )


def test_a_company_without_a_code_is_found_by_its_full_name_but_not_by_a_similar_one(world: World) -> None:
    one = firm(world, "1", "淄博鑫源机械有限公司", credit_code=credit(1))
    two = world.add("tax_paid", ticket_no="1", org_name="淄博鑫源机械有限公司")
    other = world.add("tax_paid", ticket_no="2", org_name="淄博鑫源机电有限公司")
    world.fuse()
    assert world.code("tax_paid", two, "organisation") == world.code("market_enterprise", one, "organisation")
    assert world.code("tax_paid", other, "organisation") != world.code("market_enterprise", one, "organisation")


def test_two_shops_of_one_name_are_told_apart_by_owner(world: World) -> None:
    shops = [
        world.add("market_sole_trader", entity_no=str(n), org_name="老王小吃店", credit_code=credit(n), legal_name=owner)
        for n, owner in ((1, "王建国"), (2, "王丽"))
    ]
    told = world.add("market_food_permit", permit_no="1", org_name="老王小吃店", head_name="王丽")
    untold = world.add("market_food_permit", permit_no="2", org_name="老王小吃店")
    world.fuse()
    assert world.code("market_food_permit", told, "organisation") == world.code("market_sole_trader", shops[1], "organisation")
    assert world.code("market_food_permit", untold, "organisation") not in {
        world.code("market_sole_trader", shop, "organisation") for shop in shops
    }


def test_a_door_has_one_code_for_title_account_and_any_wording(world: World) -> None:
    home = world.home()
    title = "370303008001GB00001F00010001"
    police = next(iter(world.rows["police_address"]))
    deed = world.add("estate_title", title_record_no="1", title_unit_no=title, certificate_no="鲁1号", owner_name="王明", address=home)
    loan = world.add("estate_mortgage", mortgage_no="1", name="王明", citizen_id="", title_unit_no=title, address="柳门路")
    meter = world.add("power_account", account_no="3701", name="王明", address="丽景新村1号楼1单元101")
    reading = world.add("power_reading", account_no="3701", period="202610")
    world.fuse()
    code = world.code("police_address", police, "premises")
    assert code.startswith("H")
    assert world.member("estate_title", deed, "premises") == (code, "title_unit_no")
    assert world.member("estate_mortgage", loan, "premises") == (code, "title_unit_no"), "the number outweighs a vague text"
    assert world.member("power_account", meter, "premises") == (code, "address")
    assert world.member("power_reading", reading, "premises") == (code, "account_no")


def test_vague_and_impossible_addresses_lead_to_no_door_and_say_why(world: World) -> None:
    world.home()
    world.home(room="102")
    vague = world.health("1", "王小明", birth_date="1985-03-07", address="柳门路1号丽景新村1号楼")
    impossible = world.health("2", "李丽", birth_date="1986-03-07", address="柳门路1号丽景新村9号楼1单元101室")
    world.fuse()
    assert world.member("health_file", vague, "home") == ("", "vague_address")
    assert world.member("health_file", impossible, "home") == ("", "impossible_address")


def test_an_abolished_county_code_does_not_make_a_second_house(world: World) -> None:
    world.home()
    world.home(room="102")
    parts = {
        "division": "370301008001",
        "street": "四宝山街道",
        "community": "朱庄社区",
        "road": "柳门路",
        "road_no": "1",
        "estate": "丽景新村",
    }
    old = world.add("housing_unit", unit_no="1", building="1", entrance="1", room="101", standard_address="丽景新村1-1-101", **parts)
    world.fuse()
    police = next(record for record, row in world.rows["police_address"].items() if row["room"] == "101")
    assert world.code("housing_unit", old, "premises") == world.code("police_address", police, "premises")
