"""What a verifier carries: the keys of the issuers, and the last list of states of each type; in one file for work without a line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from datong import ledger, share
from datong.domain.errors import BadValue, Missing
from datong.licences import queries
from datong.licences.flow import list_uri
from datong.licences.jose import ForgedError, PublicKey
from datong.licences.keys import CITY, issuer_name, jwks, public_keys, signing_key
from datong.licences.status import INVALID, LIST_BITS, LIST_SIZE, SUSPENDED, StatusList, open_list, pack, sign_list
from datong.store import Session

FORM = "datong-licence-trust-1"


@dataclass(frozen=True)
class Statuses:
    """Issuers' keys by name with whose they are, and lists of states by address, all verified. `titles`: type → 中文, English."""

    issuer: str
    keys: Mapping[str, tuple[str, PublicKey]]
    lists: Mapping[str, StatusList] = field(default_factory=dict)
    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    national: ledger.Sm2Key | None = None
    """The city's SM2 key, where it has one: files in OFD bear its signature too."""


def status_list(session: Session, list_id: str, *, now: datetime | None = None) -> str:
    """The signed list of states of a part of a type's licences, as of now. Raises Missing."""
    at = share.moment(now)
    known = {one for one, _ in _list_ids(session)}
    if list_id not in known:
        raise Missing("没有这张状态清单 (there is no such list of states)")
    size = next(size for one, size in _list_ids(session) if one == list_id)
    values = [(index, SUSPENDED if state == "suspended" else INVALID) for index, state in _not_valid(session, list_id)]
    settings = share.installed(session).settings
    key = signing_key(session, CITY, at)
    return sign_list(key, list_uri(settings, list_id), pack(values, size), int(at.timestamp()))


def bundle(session: Session, *, now: datetime | None = None) -> dict[str, Any]:
    """Everything a verifier needs without a line, ready to be written into a file."""
    signing_key(session, CITY, share.moment(now))
    lists = [status_list(session, list_id, now=now) for list_id, _ in _list_ids(session)]
    packs = share.installed(session).packs
    titles = {code: [one.title_zh, one.title_en] for code, one in packs.licences.items()}
    settings = share.installed(session).settings
    found = {"form": FORM, "issuer": issuer_name(settings), "keys": jwks(session), "lists": lists, "titles": titles}
    national = ledger.national_signer(settings.home)
    return found | ({"national": str(national.verifier)} if national else {})


def statuses(session: Session, *, now: datetime | None = None) -> Statuses:
    """What the city itself verifies with: the keys on record. States are looked up in the library, not in lists."""
    packs, settings = share.installed(session).packs, share.installed(session).settings
    titles = {code: (one.title_zh, one.title_en) for code, one in packs.licences.items()}
    national = ledger.national_signer(settings.home)
    return Statuses(issuer_name(settings), public_keys(session), {}, titles, national.verifier if national else None)


def read_bundle(text: str) -> Statuses:
    """A verifier's file, with every list's signature verified. Raises BadValue when it is none."""
    try:
        found = json.loads(text)
        if found["form"] != FORM:
            raise KeyError
        keys = {one["kid"]: (str(one["department"]), PublicKey.from_jwk(one)) for one in found["keys"]["keys"]}
        city = {kid: key for kid, (department, key) in keys.items() if department == CITY}
        lists = [open_list(one, city) for one in found["lists"]]
        titles = {code: (str(pair[0]), str(pair[1])) for code, pair in found["titles"].items()}
        national = ledger.Sm2Key.parse(found["national"]) if "national" in found else None
        return Statuses(str(found["issuer"]), keys, {one.uri: one for one in lists}, titles, national)
    except (ForgedError, KeyError, TypeError, ValueError, IndexError, AttributeError):
        mend = "take it anew with `datong licences statuses --out FILE`"
        raise BadValue("statuses", "is no file of keys and lists that this city signed", mend) from None


def as_of(lists: Mapping[str, StatusList]) -> str:
    """Of when the oldest of the lists is."""
    return datetime.fromtimestamp(min(one.at for one in lists.values()), UTC).isoformat() if lists else ""


def _list_ids(session: Session) -> list[tuple[str, int]]:
    """Every list with its size: whole ones, and the one that is being filled, up to the next power of two."""
    found = []
    for type_code, last in session.all(queries.LISTS):
        for part in range((int(last) >> LIST_BITS) + 1):
            filled = min(LIST_SIZE, int(last) - (part << LIST_BITS) + 1)
            found.append((f"{type_code}-{part}", max(1024, 1 << (filled - 1).bit_length())))
    return found


def _not_valid(session: Session, list_id: str) -> list[tuple[int, str]]:
    return [(int(index), str(state)) for index, state in session.all(queries.NOT_VALID, {"list_id": list_id})]
