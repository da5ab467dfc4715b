"""Verify a licence that somebody shows: is it signed by its issuer, is it still in force, did its holder show it herself.

The seal on a picture proves nothing, and is not looked at; the signature is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from datong.domain.access import Ground
from datong.licences import sdjwt
from datong.licences.jose import ForgedError, PublicKey
from datong.licences.licence import Verdict
from datong.licences.numbers import read_identifier
from datong.licences.status import INVALID, SUSPENDED, VALID
from datong.licences.trust import Statuses

SKEW = 120
"""Seconds by which two clocks may differ."""
PROOF_LIFE = 600
"""Seconds within which a holder's proof must be used."""
LONGEST = 200_000
"""Characters of a shown text that are still read."""
_TECHNICAL = frozenset(("iss", "vct", "iat", "nbf", "exp", "cnf", "status", "identifier", "department", "parts"))

WORDS: Mapping[str, tuple[str, str]] = {
    "genuine": ("签名有效，内容自签发以来没有改动", "The signature is good; nothing has been altered since it was issued"),
    "paper": ("整份文件由发证部门签名，一个字节也没有改动", "The whole file is signed by the issuer; not one byte has been altered"),
    "paper_bent": (
        "文件没有发证部门的有效签名，或被改动过",
        "The file bears no good signature of an issuer of this city, or has been altered",
    ),
    "in_force": ("状态清单显示有效", "The list of states says that it is in force"),
    "bound": ("持有人当场确认出示", "Its holder has shown it herself, here and now"),
    "unbound": ("未附持有人确认：请核对出示人身份", "No proof of its holder: compare who shows it with the licence"),
    "forged": ("签名不符或内容被改动，不是发证部门签发的原样", "The signature does not fit: this is not what the issuer wrote"),
    "unknown_issuer": ("不是本市发证部门签发的证照", "It is not issued by a department of this city"),
    "wrong_issuer": ("签发的密钥不属于这一发证部门", "The key that signed it is not that of the department it names"),
    "wrong_number": ("证照编号的校验码不符", "The check character of its number does not fit"),
    "not_yet": ("尚未生效", "It is not in force yet"),
    "expired": ("已过有效期", "Its time is over"),
    "revoked": ("已失效：被撤销、吊销、注销或已换发新版", "No longer in force: revoked, withdrawn, cancelled or replaced by a newer one"),
    "suspended": ("已被暂扣", "It is suspended"),
    "part": ("其中一项组成证照已失效", "One of the licences it holds together is no longer in force"),
    "no_list": ("没有这份证照的状态清单，无法判断现在是否有效", "There is no list of states for it: whether it is in force cannot be told"),
    "old_list": ("状态清单已过期，请更新后再核", "The list of states is too old: fetch it anew"),
    "audience": ("不是出示给本窗口的", "It was shown to somebody else"),
    "nonce": ("出示凭据不是应本次核验生成的，可能被转用", "The holder's proof answers another challenge: it may have been passed on"),
    "old_proof": ("出示时间已过，请重新出示", "It was shown too long ago: ask for it to be shown again"),
    "proof_missing": ("缺少持有人确认", "The holder's proof is missing"),
}

State = Callable[[str, int, str], int | None]
"""Address of a list, place, number of the licence → its state, or nothing when it is not known."""


@dataclass(frozen=True)
class Expect:
    """What a verifier asked for: her own name and her challenge. Empty: a licence shown without a holder's proof will do."""

    audience: str = ""
    nonce: str = ""


def ground(code: str) -> Ground:
    """A reason of a verdict in both languages."""
    zh, en = WORDS[code]
    return Ground(code, "", zh, en, "licence")


def verify(text: str, statuses: Statuses, *, now: datetime, expect: Expect | None = None, state: State | None = None) -> Verdict:
    """Whether a shown licence may be relied on, and why. `state` looks a state up at the source; else the lists are read."""
    seconds = int(now.astimezone(UTC).timestamp())
    shown = "".join(text.split())
    if len(shown) > LONGEST:
        return Verdict("forged", (ground("forged"),))
    try:
        opened = sdjwt.open_sd_jwt(shown, _key_of(statuses))
    except _UnknownIssuerError:
        return Verdict("forged", (ground("unknown_issuer"),))
    except ForgedError:
        return Verdict("forged", (ground("forged"),))
    said = _read(opened, statuses)
    if said.problem:
        return Verdict("forged", (ground(said.problem),))
    found = Verdict("valid", (ground("genuine"),), said.type, said.identifier, said.department, _content(opened.claims))
    if expect is not None and (expect.audience or expect.nonce or opened.binding):
        found = _bound(found, opened, expect, seconds)
    elif opened.binding is None:
        found = replace(found, reasons=(*found.reasons, ground("unbound")))
    return _in_force(found, opened.claims, statuses, seconds, state)


@dataclass(frozen=True)
class _Said:
    type: str = ""
    identifier: str = ""
    department: str = ""
    problem: str = ""


class _UnknownIssuerError(Exception):
    """No key of this city has that name."""


def _key_of(statuses: Statuses) -> Callable[[Mapping[str, Any]], PublicKey]:
    def find(header: Mapping[str, Any]) -> PublicKey:
        found = statuses.keys.get(str(header.get("kid", "")))
        if found is None:
            raise _UnknownIssuerError
        return found[1]

    return find


def _read(opened: sdjwt.Opened, statuses: Statuses) -> _Said:
    """Type, number and department of a signed text; what does not fit together is no licence of this city."""
    claims = opened.claims
    number, department, vct = claims.get("identifier"), claims.get("department"), claims.get("vct")
    if claims.get("iss") != statuses.issuer or not isinstance(vct, str) or not vct.startswith(f"{statuses.issuer}/licence-types/"):
        return _Said(problem="unknown_issuer")
    if not isinstance(number, str) or not read_identifier(number).sound:
        return _Said(problem="wrong_number")
    if statuses.keys[str(opened.header["kid"])][0] != department:
        return _Said(problem="wrong_issuer")
    if not isinstance(claims.get("nbf"), int) or not isinstance(claims.get("exp", 0), int):
        return _Said(problem="forged")
    return _Said(vct.rsplit("/", 1)[1], number, str(department))


def _content(claims: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in claims.items() if name not in _TECHNICAL}


def _bound(found: Verdict, opened: sdjwt.Opened, expect: Expect, seconds: int) -> Verdict:
    """The holder's proof against what the verifier asked for. A proof for somebody else makes the licence worth nothing here."""
    proof = opened.binding
    if proof is None:
        return replace(found, outcome="forged", reasons=(ground("proof_missing"),), claims={})
    if (expect.audience and proof["aud"] != expect.audience) or (expect.nonce and proof["nonce"] != expect.nonce):
        why = "audience" if expect.audience and proof["aud"] != expect.audience else "nonce"
        return replace(found, outcome="forged", reasons=(ground(why),), claims={})
    if not -SKEW <= seconds - proof["iat"] <= PROOF_LIFE:
        return replace(found, outcome="forged", reasons=(ground("old_proof"),), claims={})
    return replace(found, bound=True, reasons=(*found.reasons, ground("bound")))


def _in_force(found: Verdict, claims: Mapping[str, Any], statuses: Statuses, seconds: int, state: State | None) -> Verdict:
    """Time and state, of the licence and of each licence it holds together."""
    if found.outcome != "valid":
        return found
    if seconds < claims["nbf"] - SKEW:
        return replace(found, outcome="not_yet", reasons=(*found.reasons, ground("not_yet")))
    if "exp" in claims and seconds >= claims["exp"]:
        return replace(found, outcome="expired", reasons=(*found.reasons, ground("expired")))
    places = [("", claims.get("status"), found.identifier)]
    for part in claims.get("parts", ()):
        part_of = part if isinstance(part, Mapping) else {}
        places.append(("part", part_of.get("status"), str(part_of.get("identifier", ""))))
    for kind, place, number in places:
        outcome, why = _state_of(place, number, statuses, seconds, state)
        if outcome != "valid":
            reasons = (*found.reasons, *((ground("part"),) if kind else ()), ground(why))
            return replace(found, outcome=outcome, reasons=reasons)
    return replace(found, reasons=(*found.reasons, ground("in_force")), as_of=_as_of(claims, statuses, seconds, state))


def _state_of(place: Any, number: str, statuses: Statuses, seconds: int, state: State | None) -> tuple[str, str]:
    entry = place.get("status_list") if isinstance(place, Mapping) else None
    if not isinstance(entry, Mapping) or not isinstance(entry.get("uri"), str) or not isinstance(entry.get("idx"), int):
        return "unsure", "no_list"
    if state is not None:
        value = state(entry["uri"], entry["idx"], number)
    else:
        known = statuses.lists.get(entry["uri"])
        if known is None:
            return "unsure", "no_list"
        if seconds >= known.until + SKEW:
            return "unsure", "old_list"
        value = known.value(entry["idx"])
    if value is None:
        return "unsure", "no_list"
    return {VALID: ("valid", ""), INVALID: ("revoked", "revoked"), SUSPENDED: ("suspended", "suspended")}.get(value, ("revoked", "revoked"))


def _as_of(claims: Mapping[str, Any], statuses: Statuses, seconds: int, state: State | None) -> str:
    moment = seconds if state is not None else statuses.lists[claims["status"]["status_list"]["uri"]].at
    return datetime.fromtimestamp(moment, UTC).isoformat().replace("+00:00", "Z")
