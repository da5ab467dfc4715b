"""Calls to other systems go outwards only, wherever a name leads; a signature's nonce is taken once by all processes together."""

from __future__ import annotations

from pathlib import Path

import pytest

from datong.settings import load_settings
from datong.share.doors import Nonces, wire
from datong.store import Store


@pytest.mark.parametrize(
    ("leads_to", "demo", "allowed", "says"),
    [
        (["127.0.0.1"], "0", "0", "inwards"),
        (["10.0.0.7"], "0", "0", "inwards"),
        (["8.8.8.8", "169.254.169.254"], "0", "0", "inwards"),
        (["::ffff:192.168.1.1"], "0", "0", "inwards"),
        (["10.0.0.7"], "0", "1", ""),
        (["8.8.8.8"], "0", "0", ""),
        (["127.0.0.1"], "1", "0", ""),
        (["10.0.0.7"], "1", "0", "inwards"),
    ],
)
def test_a_name_that_leads_inwards_is_not_called(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, leads_to: list[str], demo: str, allowed: str, says: str
) -> None:
    settings = load_settings(tmp_path, {}, demo=demo, webhook_inward=allowed)
    monkeypatch.setattr(wire.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (one, 443)) for one in leads_to])
    assert bool(wire.outward_address(settings, "receiver.example", 443)) == (not says)
    if says:
        reply = wire.call(settings, "POST", "https://receiver.example/x", {})
        assert (reply.status, reply.why) == (0, "the name leads inwards")


def test_a_nonce_is_taken_once_by_all_processes_together(sqlite_store: Store) -> None:
    first, second, now = Nonces(sqlite_store), Nonces(sqlite_store), 1_800_000_000
    assert first.take("key_a", "n" * 20, now) and not second.take("key_a", "n" * 20, now) and second.take("key_b", "n" * 20, now)
    assert second.take("key_a", "m" * 20, now + 700), "old ones are cleared away"
    with sqlite_store.session(read_only=True) as session:
        assert session.all("SELECT nonce FROM door_nonce WHERE key_id = 'key_a'") == [("m" * 20,)]
