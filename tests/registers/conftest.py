"""The linking tests' small world, with its registers built."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.fuse.world import NOW, World, citizen, credit

from datong import registers
from datong.settings import load_settings
from datong.store import Store

WANG = citizen("1985-03-07", 11)
TITLE = "370303008001GB00001F00010001"


@pytest.fixture
def city(sqlite_store: Store, tmp_path: Path) -> World:
    """A fused small city on SQLite, registers built."""
    return filled(World(sqlite_store, load_settings(tmp_path / "city", environ={})))


@pytest.fixture
def any_city(any_store: Store, tmp_path: Path) -> World:
    """The same on each database."""
    return filled(World(any_store, load_settings(tmp_path / "city", environ={})))


def filled(world: World) -> World:
    home = world.home()
    world.home(room="102")
    household = {"name": "王小明", "citizen_id": WANG, "sex": "男", "birth_date": "1985-03-07", "since": "2010-01-01"}
    world.add("police_household", record_no="1", address=home, **household)
    world.add(
        "police_resident",
        record_no="1",
        name="王晓明",
        citizen_id=WANG,
        phone="139 0533 0001",
        address="丽景新村1-1-102",
        since="2020-05-01",
    )
    world.health("1", "王小明", birth_date="1985-03-07", phone="13905330002", address="柳门路附近")
    world.household("2", "赵丽", citizen("1990-06-07", 22), home)
    owner = {"owner_name": "王小明", "owner_citizen_id": WANG, "since": "2011-02-03"}
    world.add(
        "estate_title", title_record_no="1", title_unit_no=TITLE, certificate_no="鲁（2011）第1号", address=home, area="89.50", **owner
    )
    firm = {"legal_name": "王小明", "legal_citizen_id": WANG, "address": home, "founded_on": "2015-01-01"}
    world.add(
        "market_enterprise", entity_no="1", org_name="淄博鑫源机械有限公司", former_name="淄博鑫源五金厂", credit_code=credit(1), **firm
    )
    world.add("power_account", account_no="3701", name="王小明", citizen_id=WANG, address=home)
    world.fuse()
    registers.rebuild(world.store, world.settings, world.packs, NOW)
    return world
