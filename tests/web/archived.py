"""The archive of a case that somebody withdrew, and a list for its disposal that nobody may decide on yet."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from tests.web.small_city import CREDIT_CODE, NOW, TITLE_NO

from datong import services
from datong.services import archives
from datong.store import Session
from datong.web.accounts import find_actor

FORM = {"credit_code": CREDIT_CODE, "firm": "某店", "premises": TITLE_NO, "shop_name": "某店", "area": "80", "dishes": "hot", "seats": "20"}


def file_one(session: Session) -> dict[str, str]:
    """File it: the numbers of the archive and of the list."""
    actor, now = find_actor(session, "owner"), datetime.now(UTC)
    assert actor is not None
    answers = {"tobacco": "no", "sign": "no", "own": "yes"}
    wanted = services.NewCase("restaurant_opening", answers=answers, form=FORM, documents={"layout": "图"})
    case_id = services.begin(session, actor, wanted, now=now).case.case_id
    services.act(session, actor, case_id, services.Doing("withdraw"), now=now)
    assert archives.file_closed(session, now=now + timedelta(days=40)) == 1
    (found,) = session.all("SELECT archive_id FROM case_archive")
    sql = "INSERT INTO archive_disposal (disposal_id, department, state, archives, why, made_by, made_at, decided_by, decided_at, said) "
    listed = {"archives": json.dumps([found[0]]), "at": NOW}
    session.run(sql + "VALUES ('X20261120-9001', 'approval', 'proposed', :archives, '期满', 'archivist', :at, '', '', '')", listed)
    return {"archive_id": found[0], "disposal_id": "X20261120-9001"}
