"""What a visitor of the demonstration city finds open to the public, and what waits for the authority's review."""

from __future__ import annotations

from datetime import datetime

from tests.simulated_city import NOW, City

from datong.cli import demo_open
from datong.cli.key import Door
from datong.share import open_data

AT = datetime.fromisoformat(NOW)


def test_firms_are_open_and_a_proposal_waits_for_review(city: City) -> None:
    with city.store.session() as session:
        opened = demo_open.play(Door(session, city.packs, AT))
    with city.store.session(read_only=True) as session:
        shown, total = open_data.search(session, "企业", now=AT)
    assert total == len(opened) and shown[0].dataset.title == demo_open.FIRMS.title, "counts too small to be told stay closed"
    waits = {row[0] for row in city.all("SELECT title FROM open_dataset WHERE state = 'signed'")}
    assert demo_open.WAITING.title in waits and demo_open.FIRMS.title not in waits
