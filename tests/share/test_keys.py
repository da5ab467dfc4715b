"""One box takes any key: what was typed is recognised, and with it the register it opens."""

from __future__ import annotations

import pytest
from tests.share.city import FIRM_CREDIT, KEY, TITLE, WANG_ID

from datong.domain.codes import issue, show_code
from datong.share import read_key, register_of

CODE = next(issue("premises", 7, KEY))[1]


@pytest.mark.parametrize(
    ("text", "kind", "register"),
    [
        (CODE, "code", "premises"),
        (show_code(CODE).lower(), "code", "premises"),
        (WANG_ID, "citizen_id", "person"),
        (f"{WANG_ID[:6]} {WANG_ID[6:14]} {WANG_ID[14:]}", "citizen_id", "person"),
        ("370303850101001", "citizen_id", "person"),
        (FIRM_CREDIT, "credit_code", "organisation"),
        (TITLE, "title_no", "premises"),
        ("138 1234 1234", "phone", "person"),
        ("鲁C·12345", "plate", "person"),
        ("datong:pass:00000000000000000000000000", "pass", "premises"),
        ("鲁(2020)淄博市不动产权第0012345号", "certificate_no", "premises"),
        ("柳泉路1号3号楼2单元1501室", "address", "premises"),
        ("淄博明月商贸有限公司", "org_name", "organisation"),
        ("W-0012345", "account_no", "premises"),
    ],
)
def test_what_is_typed_is_recognised(text: str, kind: str, register: str) -> None:
    key = read_key(text)
    assert key.type == kind
    assert register_of(key) == register


def test_a_name_with_a_birth_date_is_a_persons() -> None:
    key = read_key("王小明", "1985-01-01")
    assert (key.type, key.extra, register_of(key)) == ("name_birth", (("birth_date", "1985-01-01"),), "person")
