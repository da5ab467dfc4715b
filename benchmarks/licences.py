"""Licences: what issuing, showing and verifying one costs; limits 0.3 ms cpu each for issuing and verifying.

    python benchmarks/licences.py             everything, in a temporary folder
    python benchmarks/licences.py --count 5000

`sign` is the signed text alone (13 hidden facts, a key of its own for the holder); `issue` is the whole act: number, key, signature,
library row, notice and ledger line, durable on SQLite: one by one, or as a department's system issues a batch. The peer is the reference implementation of SD-JWT (pip install
sd-jwt) on the same claims in the same run, where it is installed. CPU is of this process.
"""

from __future__ import annotations

import argparse
import gc
import json
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from datong import licences, share
from datong.cli.serve import YOUNG
from datong.domain.access import Actor
from datong.domain.codes import issue as codes
from datong.licences import SigningKey, sdjwt, status
from datong.licences.sdjwt import Hidden, Proof
from datong.settings import load_settings
from datong.spec import load_packs
from datong.store import migrate, open_store

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LIMIT_MS = 0.3
OFFICER = Actor("bench", "bench", "officer", "disabled_federation", roles=frozenset({"officer"}))
FACTS = {
    "holder_name": "李梅",
    "citizen_id": "370303199002020020",
    "sex": "女",
    "birth_date": "1990-02-02",
    "kind": "肢体",
    "level": "二级",
    "guardian_name": "李强",
    "address": "山东省淄博市张店区政通路77号",
    "number": "37030319900202002042",
}
CLAIMS = {f"fact_{number}": Hidden(f"值{number}，一项证照内容") for number in range(13)} | {"iss": "https://city.example", "vct": "x"}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2000)
    count = parser.parse_args().count
    print(f"{'what':42}{'cpu ms':>9}{'wall ms':>9}")
    with tempfile.TemporaryDirectory() as folder:
        held = texts(count)
        peer(count // 4)
        issued(Path(folder), count, held)


def per_one(what: str, count: int, work: Callable[[int], object], limit: float = 0.0, *, size: int = 1) -> None:
    """Do something `count` times and print what one costs; each time does `size` of them."""
    work(0)
    wall, cpu = time.perf_counter(), time.process_time()
    for number in range(count):
        work(number)
    done = count * size
    cpu, wall = (time.process_time() - cpu) / done * 1e3, (time.perf_counter() - wall) / done * 1e3
    said = "" if not limit else f"   limit {limit} ms cpu: {'holds' if cpu <= limit else 'MISSED'}"
    print(f"{what:42}{cpu:9.3f}{wall:9.3f}{said}", flush=True)


def texts(count: int) -> str:
    """Sign, show and open texts of 13 hidden facts."""
    key, holder = SigningKey.new("k"), SigningKey.new()
    claims = {**CLAIMS, "cnf": {"jwk": holder.public.jwk()}}
    whole = sdjwt.issue(key, claims)
    _, disclosures = sdjwt.disclosures_of(whole)
    two = sdjwt.present(whole, disclosures[:2])
    bound = sdjwt.present(whole, disclosures[:2], holder, Proof("a", "n", 0))
    public = key.public
    per_one("sign (13 hidden facts)", count, lambda _: sdjwt.issue(key, claims))
    per_one("show two facts with proof", count, lambda _: sdjwt.present(whole, disclosures[:2], holder, Proof("a", "n", 0)))
    per_one("open, two facts shown", count, lambda _: sdjwt.open_sd_jwt(two, lambda _: public))
    per_one("open, all facts shown", count, lambda _: sdjwt.open_sd_jwt(whole, lambda _: public))
    per_one("open, two facts with proof", count, lambda _: sdjwt.open_sd_jwt(bound, lambda _: public))
    print(f"bytes: whole {len(whole)}, two facts {len(two)}, with proof {len(bound)}")
    return whole


def peer(count: int) -> None:
    """The reference implementation on the same claims."""
    try:
        from jwcrypto.jwk import JWK
        from sd_jwt.common import SDObj
        from sd_jwt.issuer import SDJWTIssuer
        from sd_jwt.verifier import SDJWTVerifier
    except ImportError:
        print("peer: the reference implementation is not installed (pip install sd-jwt)")
        return
    key = JWK.generate(kty="EC", crv="P-256")
    claims = {
        SDObj(name) if isinstance(value, Hidden) else name: value.value if isinstance(value, Hidden) else value
        for name, value in CLAIMS.items()
    }
    made = SDJWTIssuer(claims, key).sd_jwt_issuance
    per_one("peer: issue", count, lambda _: SDJWTIssuer(claims, key))
    per_one("peer: verify, all facts shown", count, lambda _: SDJWTVerifier(made, lambda *_: key).get_verified_payload())


def issued(folder: Path, count: int, text: str) -> None:
    """Issue, verify by a carried file, and make the list of states."""
    settings = load_settings(folder, environ={}, packs=str(ROOT / "packs"), store=f"sqlite:///{folder / 'store.db'}")
    store = open_store(settings)
    migrate(store)
    share.install(store, settings, load_packs(settings.packs))
    gc.set_threshold(YOUNG, 10, 10)
    gc.collect()
    gc.freeze()  # both as `datong serve` does
    people = [code for _, code in islice(codes("person", 0, b"k" * 32), count + 1)]

    def wanted(number: int, size: int) -> list[licences.NewLicence]:
        return [licences.NewLicence("disability_card", people[(number * size + place) % count], FACTS) for place in range(size)]

    def alone(size: int) -> Callable[[int], object]:
        def one(number: int) -> None:
            with store.session() as session:
                for each in wanted(number, size):
                    licences.issue(session, OFFICER, each, now=NOW)

        return one

    def together(number: int) -> None:
        with store.session() as session:
            licences.issue_all(session, OFFICER, wanted(number, 64), now=NOW)

    per_one("issue whole, 1 a commit", count // 2, alone(1))
    per_one("issue whole, one after another, 64 a commit", max(4, count // 64), alone(64), size=64)
    per_one("issue whole, 64 at once", max(4, count // 64), together, LIMIT_MS, size=64)
    with store.session() as session:
        trust = licences.read_bundle(json.dumps(licences.bundle(session, now=NOW)))
        made = licences.issue(session, OFFICER, licences.NewLicence("disability_card", people[0], FACTS), now=NOW)
    per_one("verify a licence with a carried list", count, lambda _: licences.verify(made.credential, trust, now=NOW), LIMIT_MS)
    assert licences.verify(made.credential, trust, now=NOW).good
    values = [(index * 20, status.INVALID) for index in range(status.LIST_SIZE // 20)]
    key = SigningKey.new("city-1")
    wall = time.perf_counter()
    packed = status.sign_list(key, "u", status.pack(values, status.LIST_SIZE), 0)
    print(f"list of 1,048,576 states, 5 % not valid: {len(packed):,} bytes, made in {(time.perf_counter() - wall) * 1e3:.0f} ms")
    store.close()


if __name__ == "__main__":
    main()
