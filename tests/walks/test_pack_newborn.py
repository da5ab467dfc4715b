"""The walk of a birth in one go: a pack that was added by following the guide, without touching Python."""

from __future__ import annotations

from tests.simulated_city import City
from tests.walks.doors import Doors, doors
from tests.walks.test_pack_means import COUPLES

__all__ = ["doors"]
WRITTEN = {
    "a_household": "mine", "a_card": "yes", "f_child_name": "小宝", "f_sex": "female", "f_born_on": "2026-10-20", "f_hospital": "市妇幼保健院",
    "f_clinic": "柳泉社区卫生服务中心", "f_card_bank": "某银行", "f_phone": "13900001111",
}  # fmt: skip
LATER = {"insurance": "medical_insurance", "vaccination": "health", "card": "human_resources"}


def test_five_counters_in_one_form_with_the_other_parents_word(doors: Doors, city: City) -> None:
    mother, father = city.all(COUPLES)[0]
    phone, other = doors.phone(mother), doors.phone(father)
    assert "出生" in phone.get("/me/services?q=新生儿")
    form = phone.form("newborn")
    assert city.fact(father, "name") in form, "the spouse on record is not typed"
    made = phone.apply("newborn", **WRITTEN)
    assert "按申请所写登记姓名和户口" in other.get("/me/messages")
    other.answer(case_id=made.case_id, seat="other")
    doors.window("health").finish(made.case_id, "certificate")
    assert made.case_id not in doors.window("medical_insurance").get("/office/cases")
    doors.window("police").finish(made.case_id, "household")
    for task, department in LATER.items():
        doors.window(department).finish(made.case_id, task)
    assert "已办结，准予" in phone.case(made.case_id)
    assert city.all("SELECT type FROM licence WHERE case_ref = :c", c=made.case_id) == [("birth_certificate",)]
    refused = phone.apply("newborn", **WRITTEN)
    other.answer(case_id=refused.case_id, seat="other", says="decline")
    assert "已办结，不予" in phone.case(refused.case_id)
