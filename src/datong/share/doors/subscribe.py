"""Telling other systems what changed: CloudEvents by signed webhook, retried over a day; what could not be told waits as a dead letter.

An event says that something changed, by code; what it is now, the system asks with its own rights. Events keep their order:
a subscription has one batch in hand at a time, and goes on only when that was taken. Each may come twice (`id` tells).
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_address
from urllib.parse import urlsplit

from datong import ledger
from datong.domain.access import Actor
from datong.domain.errors import BadValue, Busy, DatongError, Forbidden, Missing
from datong.registers import Change
from datong.settings import Settings
from datong.share.doors import queries, wire
from datong.share.doors.city_key import city_key, key_id
from datong.share.doors.message import Message, content_digest, sign
from datong.share.doors.wire import Reply, is_outward
from datong.share.follow import changes, newest_change
from datong.share.installed import installed, moment
from datong.share.notices import Message as Notice
from datong.share.notices import next_serial, notify
from datong.share.stop import Stopped
from datong.share.workdays import moment_text
from datong.store import Row, Session, Store

SETTLE = "sharing.subscriptions"
"""The permission to see every subscription and to settle dead letters."""
BATCH = 200
FIRST_WAIT, LONGEST_WAIT, GIVE_UP_AFTER = 10, 3 * 3600, 24 * 3600
"""Seconds: the first wait (doubled each time), the longest one, and when a batch that nobody took is dead."""
POLL_SECONDS, LEASE_SECONDS = 2, 120
MOST_SUBSCRIPTIONS = 10
EVENT_TYPE = "cn.datong.register.changed"
MEDIA_TYPE = "application/cloudevents-batch+json; charset=utf-8"
COVERED = ("@method", "@authority", "@path", "content-type", "content-digest")
_LISTED = 500
Call = Callable[[str, str, Mapping[str, str], bytes], Reply]
"""Send a request (method, address, headers, body) and say what it came to."""
RATE = 60
"""Requests a minute that a receiver is asked to allow (CloudEvents HTTP Web Hooks, 4.1.3)."""


@dataclass(frozen=True)
class Subscription:
    """One subscription: whose it is, where it goes, and how far it has come."""

    subscription_id: str
    key_id: str
    department: str
    url: str
    since: int
    state: str
    """active, halted (a dead letter waits), ended."""
    made_at: str
    attempts: int
    failing_since: str
    due_at: str
    error: str
    told_at: str
    allowed_at: str = ""
    """When the receiver said that it wants to be told."""
    allowed_rate: int = 0
    """Requests a minute that it allows; 0 for no limit."""


@dataclass(frozen=True)
class DeadLetter:
    """A batch that nobody took for a day."""

    letter_id: str
    subscription_id: str
    department: str
    first_seq: int
    last_seq: int
    events: int
    attempts: int
    error: str
    died_at: str
    state: str
    url: str


def subscribe(session: Session, actor: Actor, url: str, since: int = -1, *, now: datetime | None = None) -> Subscription:
    """Be told of changes in what the key's agreements open, from just now on, or after the change `since`.

    Raises BadValue for an address that is not taken, Forbidden when no agreement in force opens a register to the key.
    """
    settings, at_moment = installed(session).settings, moment(now)
    check_url(settings, url)
    changes(session, actor, 0, 1, now=at_moment)
    if len(session.all(queries.SUBSCRIPTIONS_OF, {"key_id": actor.id})) >= MOST_SUBSCRIPTIONS:
        raise BadValue("url", f"is one subscription too many: a key has at most {MOST_SUBSCRIPTIONS}", "end one that is not used")
    at = moment_text(at_moment)
    start = newest_change(session) if since < 0 else since
    found = f"S{next_serial(session, 'subscription'):06d}"
    params = {"subscription_id": found, "key_id": actor.id, "department": actor.department, "url": url, "since": start, "at": at}
    session.run(queries.ADD_SUBSCRIPTION, params)
    _write(session, actor, found, {"act": "made"}, at)
    return _find(session, found)


def check_url(settings: Settings, url: str) -> None:
    """Raises BadValue unless changes may be sent to this address: https without user, fragment or query; http only on this
    machine, in a demonstration city."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise BadValue("url", "is no address", "write https://…") from None
    local = settings.demo and parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    if not url.isascii() or len(url) > 500 or any(one <= " " for one in url) or not parts.hostname:
        raise BadValue("url", "is no address", "write https://…")
    if parts.scheme != "https" and not local:
        raise BadValue("url", "is not https", "write https://…")
    if not local and _is_inward(parts.hostname, allowed=settings.webhook_inward):
        raise BadValue("url", "leads to this machine, into a private network, or to nobody", "name the receiver's own public host")
    if parts.username or parts.password or parts.fragment or parts.query:
        raise BadValue("url", "carries a user, a query or a fragment", "leave them out; what is sent is signed, no secret is needed")


def _is_inward(host: str, *, allowed: bool) -> bool:
    """Whether a host is this machine, inside or no machine at all, by its name or number; where a name leads is looked at when it is
    called. `allowed`: the city lets private networks be named, but never itself."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost") or "." not in host
    itself = address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast
    return itself or (not allowed and not is_outward(host))


def subscriptions(session: Session, actor: Actor) -> tuple[Subscription, ...]:
    """A system's own subscriptions; for an officer with the permission all of the city's. Raises Forbidden for others."""
    if actor.kind == "system":
        return tuple(_subscription(row) for row in session.all(queries.SUBSCRIPTIONS_OF, {"key_id": actor.id}))
    _may_settle(session, actor)
    return tuple(_subscription(row) for row in session.all(queries.SUBSCRIPTIONS, {"most": _LISTED}))


def end_subscription(session: Session, actor: Actor, subscription_id: str, *, now: datetime | None = None) -> None:
    """End one of the system's own subscriptions. Raises Missing for anybody else's."""
    if not session.run(queries.END_SUBSCRIPTION, {"subscription_id": subscription_id, "key_id": actor.id}):
        raise Missing("There is no such subscription of this key.")
    _write(session, actor, subscription_id, {"act": "ended"}, moment_text(moment(now)))


def dead_letters(session: Session, actor: Actor) -> tuple[DeadLetter, ...]:
    """What could not be told, oldest first. Raises Forbidden without the permission."""
    _may_settle(session, actor)
    return tuple(_letter(row) for row in session.all(queries.LETTERS, {"most": _LISTED}))


def settle_letter(session: Session, actor: Actor, letter_id: str, act: str, *, now: datetime | None = None) -> DeadLetter:
    """Send a dead letter again ("retry"), or pass it over ("drop"); its subscription goes on either way.

    Raises Missing, BadValue for another act, Busy when it was settled meanwhile, Forbidden without the permission.
    """
    _may_settle(session, actor)
    if act not in ("retry", "drop"):
        raise BadValue("act", "is not known", "choose retry or drop")
    row = session.one(queries.LETTER, {"letter_id": letter_id})
    if row is None:
        raise Missing("没有这封死信 (there is no such dead letter)")
    letter, at = _letter(row), moment_text(moment(now))
    state = "retried" if act == "retry" else "dropped"
    if not session.run(queries.SETTLE_LETTER, {"letter_id": letter_id, "state": state, "by": actor.id, "at": at}):
        raise Busy("这封死信已有人处理 (somebody has settled it already)")
    since = letter.first_seq - 1 if act == "retry" else letter.last_seq
    session.run(queries.RESUME, {"subscription_id": letter.subscription_id, "since": since, "at": at})
    _write(session, actor, letter.subscription_id, {"act": state, "letter": letter_id}, at)
    return letter


def dispatch_due(store: Store, settings: Settings, now: datetime, call: Call | None = None) -> int:
    """Tell every subscription that is due; how many batches were taken. No transaction is open while somebody is called."""
    at, sent = moment_text(now), 0
    with store.session(read_only=True) as session:
        due = [_subscription(row) for row in session.all(queries.SUBSCRIPTIONS_DUE, {"now": at})]
    for one in due:
        until = moment_text(now + timedelta(seconds=LEASE_SECONDS))
        with store.session() as session:
            leased = session.run(queries.LEASE_SUBSCRIPTION, {"subscription_id": one.subscription_id, "due_at": one.due_at, "until": until})
        if leased:
            sent += _dispatch(store, settings, one, now, call or partial(wire.call, settings))
    return sent


def _dispatch(store: Store, settings: Settings, one: Subscription, now: datetime, call: Call) -> int:
    try:
        with store.session(read_only=True) as session:
            holder = _holder(session, one.key_id)
            found, following = changes(session, holder, one.since, BATCH, now=now)
    except Stopped:
        return 0  # nothing is sent while the doors are stopped, and nothing counts as failed: the lease ends by itself
    except DatongError as error:
        return _failed(store, one, (one.since, one.since, 0), f"{type(error).__name__}: the key has no right to it now", now)
    if not found:
        _told(store, one, following, now, "")
        return 0
    if not one.allowed_at and (why := _ask_leave(store, settings, one, now, call)):
        return _failed(store, one, (found[0].seq, following, len(found)), why, now)
    body = json.dumps([event_of(settings, change) for change in found], ensure_ascii=False, separators=(",", ":")).encode()
    reply = call("POST", one.url, signed_headers(settings, one.url, body), body)
    if 200 <= reply.status < 300:
        _told(store, one, following, now, moment_text(now))
        return 1
    return _failed(store, one, (found[0].seq, following, len(found)), reply.why or f"HTTP {reply.status}", now)


def _ask_leave(store: Store, settings: Settings, one: Subscription, now: datetime, call: Call) -> str:
    """Ask the receiver, before the first batch, whether it wants to be told (the handshake of CloudEvents' HTTP Web Hooks, 4): nobody
    is sent a stranger's messages. Why not; "" when it allows it, which is kept with the rate it allows."""
    origin = settings.origin.partition("/")[0]
    reply = call("OPTIONS", one.url, {"WebHook-Request-Origin": origin, "WebHook-Request-Rate": str(RATE)}, b"")
    if not 200 <= reply.status < 300:
        return f"the handshake failed: {reply.why or f'HTTP {reply.status}'}"
    if reply.headers.get("webhook-allowed-origin", "").strip() not in (origin, "*"):
        return "the receiver does not allow this origin (WebHook-Allowed-Origin)"
    rate = reply.headers.get("webhook-allowed-rate", "").strip()
    params = {"subscription_id": one.subscription_id, "at": moment_text(now), "rate": int(rate) if rate.isdigit() and len(rate) < 7 else 0}
    with store.session() as session:
        session.run(queries.ALLOWED, params)
    return ""


def event_of(settings: Settings, change: Change) -> dict[str, object]:
    """One change as a CloudEvent (1.0, JSON)."""
    return {
        "specversion": "1.0",
        "id": str(change.seq),
        "source": f"//{settings.origin}/registers/{change.register}",
        "type": EVENT_TYPE,
        "subject": change.code,
        "time": change.at,
        "datacontenttype": "application/json",
        "data": {"seq": change.seq, "register": change.register, "what": change.what},
        **({"sandbox": True} if settings.sandbox else {}),
    }


def signed_headers(settings: Settings, url: str, body: bytes) -> dict[str, str]:
    """The headers of one delivery, signed with the city's key (RFC 9421)."""
    parts = urlsplit(url)
    headers = {"content-type": MEDIA_TYPE, "content-digest": content_digest(body)}
    message = Message("POST", parts.scheme, parts.netloc, parts.path or "/", headers=headers)
    parameters: dict[str, str | int] = {
        "created": int(time.time()),
        "nonce": secrets.token_urlsafe(18),
        "keyid": key_id(settings),
        "alg": "ed25519",
    }
    return {**headers, **sign(message, COVERED, parameters, city_key(settings))}


def _told(store: Store, one: Subscription, since: int, now: datetime, told_at: str) -> None:
    pause = max(POLL_SECONDS if since - one.since < BATCH else 0, 60 / one.allowed_rate if one.allowed_rate and told_at else 0)
    at = moment_text(now + timedelta(seconds=pause))
    with store.session() as session:
        params = {"subscription_id": one.subscription_id, "since": since, "at": at, "told_at": told_at or one.told_at}
        session.run(queries.TOLD, params)


def _failed(store: Store, one: Subscription, batch: tuple[int, int, int], why: str, now: datetime) -> int:
    """Wait twice as long each time; after a day the batch is a dead letter, the subscription halts, and people are told."""
    at, since = moment_text(now), one.failing_since or moment_text(now)
    with store.session() as session:
        if (now - datetime.fromisoformat(since)).total_seconds() >= GIVE_UP_AFTER:
            _give_up(session, one, batch, (why, at))
        else:
            wait = min(FIRST_WAIT * 2 ** min(one.attempts, 20), LONGEST_WAIT)
            due = moment_text(now + timedelta(seconds=wait))
            params = {"subscription_id": one.subscription_id, "failing_since": since, "due_at": due, "error": why[:200]}
            session.run(queries.FAILED, params)
    return 0


def _give_up(session: Session, one: Subscription, batch: tuple[int, int, int], told: tuple[str, str]) -> None:
    (first, last, events), (why, at) = batch, told
    letter = f"D{next_serial(session, 'dead_letter'):06d}"
    session.run(queries.HALT, {"subscription_id": one.subscription_id, "error": why[:200]})
    params = {"letter_id": letter, "subscription_id": one.subscription_id, "department": one.department, "first_seq": first}
    params |= {"last_seq": last, "events": events, "attempts": one.attempts + 1, "error": why[:200], "at": at}
    session.run(queries.ADD_LETTER, params)
    words = (
        f"订阅{one.subscription_id}连续一天推送失败（{why}），{events}条变更已转入死信，推送已暂停。请修复接收端后在“订阅与死信”中重发。",
        f"Subscription {one.subscription_id} was not taken for a day ({why}). {events} changes are a dead letter, and it is halted.",
    )
    about = (("subscription", one.subscription_id), ("letter", letter))
    for box in dict.fromkeys((one.department, "data")):
        notify(session, f"department:{box}", Notice("subscription_halted", ("订阅推送失败", "A subscription fails"), words, about), at)
    line = ledger.Line("subscription", at, "", one.key_id, one.department, "", "", {"act": "halted", "subscription": one.subscription_id})
    ledger.append(session, line)


def _holder(session: Session, key: str) -> Actor:
    row = session.one(queries.KEY_HOLDER, {"key_id": key})
    if row is None:
        raise Forbidden("The key is not in use.")
    return Actor(
        row[0],
        row[1],
        "system",
        row[2],
        agreements=tuple(json.loads(row[3])),
        resources=tuple(json.loads(row[4])),
        jurisdiction=tuple(json.loads(row[5])),
    )


def _may_settle(session: Session, actor: Actor) -> None:
    if not installed(session).may(actor, SETTLE):
        raise Forbidden(f"您的岗位不能管理订阅 (your post lacks {SETTLE})")


def _find(session: Session, subscription_id: str) -> Subscription:
    row = session.one(queries.SUBSCRIPTION, {"subscription_id": subscription_id})
    assert row is not None
    return _subscription(row)


def _subscription(row: Row) -> Subscription:
    return Subscription(
        row[0], row[1], row[2], row[3], int(row[4]), row[5], row[6], int(row[7]), row[8], row[9], row[10], row[11], row[12], int(row[13])
    )


def _letter(row: Row) -> DeadLetter:
    return DeadLetter(row[0], row[1], row[2], int(row[3]), int(row[4]), int(row[5]), int(row[6]), row[7], row[8], row[9], row[10])


def _write(session: Session, actor: Actor, subscription_id: str, body: dict[str, object], at: str) -> None:
    whole = {"subscription": subscription_id, **body}
    ledger.append(session, ledger.Line("subscription", at, "", actor.id, actor.department, actor.unit, "", whole))
