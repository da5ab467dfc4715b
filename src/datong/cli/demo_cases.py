"""What people applied for before the visitor came: a restaurant half way through its departments, a drinks shop that waits for the
owner of its premises, statements of insurance given at once or looked at by a person."""

from __future__ import annotations

from datetime import timedelta

from datong import services
from datong.cli.key import Door
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Forbidden, Missing

COUNTED_AFTER = timedelta(hours=1)
"""Nobody else commits here, so that what has ended may be counted at once."""
_PERSON = "SELECT subject FROM account WHERE account_id = :account AND subject <> ''"
_SHOP = """
SELECT k.key_value, h.to_code FROM relation r
JOIN relation h ON h.from_code = r.to_code AND h.type = 'registered_at' AND h.until = ''
JOIN entry_key k ON k.code = r.to_code AND k.key_type = 'credit_code'
WHERE r.type = 'legal_representative_of' AND r.until = '' AND r.from_code = :person ORDER BY r.to_code LIMIT 1"""
_OWN = "SELECT to_code FROM relation WHERE type = 'owns' AND until = '' AND from_code = :person ORDER BY to_code LIMIT 1"
_FORM = {
    "area": "86",
    "seats": "24",
    "phone": "13800000000",
    "shop_name": "四宝山面馆",
    "sign_text": "四宝山面馆",
    "address": "四宝山街道",
}


def play(door: Door) -> tuple[str, ...]:
    """Do it once, in the caller's transaction; gives the items begun. What the city has nothing for is left out."""
    begun = []
    boss = _citizen(door, "boss")
    shop = door.session.one(_SHOP, {"person": boss.subject}) if boss else None
    own = door.session.one(_OWN, {"person": boss.subject}) if boss else None
    if boss and shop and own:
        restaurant = _begin(door, boss, _shop("restaurant_opening", shop[0], own[0], "hot"))
        begun += ["restaurant_opening"] if restaurant else []
        begun += ["drinks_shop_opening"] if _begin(door, boss, _shop("drinks_shop_opening", shop[0], shop[1], "drinks")) else []
        if restaurant:
            _half_way(door, restaurant)
    for account in ("boss", "citizen"):
        person = _citizen(door, account)
        if person and _begin(door, person, services.NewCase("insurance_statement")):
            begun.append("insurance_statement")
    services.count_benefits(door.session, now=door.now + COUNTED_AFTER)
    return tuple(begun)


def _shop(item: str, credit_code: str, premises: str, dishes: str) -> services.NewCase:
    form = _FORM | {"credit_code": credit_code, "premises": premises, "dishes": dishes}
    return services.NewCase(item, answers={"tobacco": "yes", "sign": "no"}, form=form, documents={"layout": "平面布局图"})


def _half_way(door: Door, case_id: str) -> None:
    """Accepted, and looked at by the first department; the others have it before them."""
    approver, registrar = _officer("approver", "approval"), _officer("registrar", "market_regulation")
    case = services.act(door.session, approver, case_id, services.Doing("accept"), now=door.now)
    if "food" in case.tasks:
        for doing in (services.Doing("claim", "food"), services.Doing("finish", "food", "", {"outcome": "agree"})):
            services.act(door.session, registrar, case_id, doing, now=door.now)


def _begin(door: Door, actor: Actor, wanted: services.NewCase) -> str:
    """The case's number; empty where the registers do not hold what the item needs."""
    try:
        return services.begin(door.session, actor, wanted, now=door.now).case.case_id
    except (BadValue, Missing, Forbidden):
        return ""


def _citizen(door: Door, account: str) -> Actor | None:
    row = door.session.one(_PERSON, {"account": account})
    return Actor(account, account, "citizen", roles=frozenset({"citizen"}), subject=row[0]) if row else None


def _officer(account: str, department: str) -> Actor:
    return Actor(account, account, "officer", department, roles=frozenset({"officer"}), jurisdiction=("",))
