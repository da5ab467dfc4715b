"""Whom to trust (c2sp.org/tlog-policy): which logs, which witnesses, and how many of these must have cosigned. Pure.

A policy file belongs to the one who verifies. Its lines are `log KEY [URL]`, `witness NAME KEY [URL]`,
`group NAME all|any|K NAME…`, and once `quorum NAME`, or `quorum none`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from datong.domain.errors import BadSettings, BadValue, BrokenLedger
from datong.ledger.checkpoint import Checkpoint, parse_checkpoint
from datong.ledger.cosignature import WitnessKey, time_of
from datong.ledger.note import NoteKey, VerifierKey, signers_of

NONE = "none"
MOST = 1000
"""Lines of one kind in a policy: far more than any city has offices, few enough to read at once."""


@dataclass(frozen=True)
class Witness:
    """A witness as the policy names it; the address is where cosignatures are asked for, and may be empty."""

    name: str
    key: WitnessKey
    url: str = ""


@dataclass(frozen=True)
class Group:
    """So many of these, each a witness or another group."""

    name: str
    needed: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Cosigned:
    """A witness that has cosigned, and when (seconds since 1970)."""

    name: str
    seconds: int


@dataclass(frozen=True)
class Trusted:
    """A checkpoint held against a policy: signed by one of its logs, and by which witnesses; `quorum` when they suffice."""

    checkpoint: Checkpoint
    log: VerifierKey
    cosigned: tuple[Cosigned, ...]
    quorum: bool
    wanted: str
    """What the quorum asks for, in words: `2 of police, audit, housing`."""


@dataclass(frozen=True)
class Policy:
    """Logs, witnesses, groups and the name of the quorum (`none`: no witness is asked for)."""

    quorum: str
    logs: tuple[VerifierKey, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    urls: dict[str, str] = field(default_factory=dict)
    """Origin of a log → its address, where the policy gives one."""

    def reached(self, names: set[str]) -> bool:
        """Whether these witnesses are enough."""
        if self.quorum == NONE:
            return True
        met = set(names)
        for group in self.groups:
            if sum(member in met for member in group.members) >= group.needed:
                met.add(group.name)
        return self.quorum in met

    def wanted(self) -> str:
        """What the quorum asks for, in words."""
        if self.quorum == NONE:
            return "no witness"
        groups = {group.name: group for group in self.groups}

        def words(name: str) -> str:
            group = groups.get(name)
            if group is None:
                return name
            return f"{group.needed} of {', '.join(f'({words(one)})' if one in groups else one for one in group.members)}"

        return words(self.quorum)

    def check(self, note: str) -> Trusted:
        """Hold a signed checkpoint against the policy. BrokenLedger when none of its logs signed it, or a known key signed
        something else; a missing quorum is told by the answer's `quorum`.
        """
        keys: list[NoteKey] = [*self.logs, *(witness.key for witness in self.witnesses)]
        text, signers = signers_of(note, keys)
        head = parse_checkpoint(text)
        log = next((key for key, _ in signers if isinstance(key, VerifierKey) and key.name == head.origin), None)
        if log is None:
            raise BrokenLedger("None of the expected keys of a log has signed this checkpoint.")
        names = {witness.key: witness.name for witness in self.witnesses}
        times: dict[str, int] = {}
        for key, signature in signers:
            if isinstance(key, WitnessKey):
                times[names[key]] = max(times.get(names[key], 0), time_of(signature))
        cosigned = tuple(Cosigned(name, seconds) for name, seconds in sorted(times.items()))
        return Trusted(head, log, cosigned, self.reached(set(times)), self.wanted())

    def require(self, note: str) -> Trusted:
        """As `check`, and BrokenLedger when the quorum is missing."""
        trusted = self.check(note)
        if not trusted.quorum:
            has = ", ".join(one.name for one in trusted.cosigned) or "none of them"
            raise BrokenLedger(f"The log has signed this, but too few witnesses have: wanted is {trusted.wanted}; {has} cosigned.")
        return trusted


def of(trust: VerifierKey | Policy) -> Policy:
    """A policy as it is; a log's key as the policy of somebody who trusts that log by itself and asks for no witness."""
    return Policy(NONE, (trust,)) if isinstance(trust, VerifierKey) else trust


def parse_policy(data: bytes | str) -> Policy:
    """Read a policy file. BadSettings names the line that is wrong, and the mend."""
    raw = data.encode("utf-8", "surrogateescape") if isinstance(data, str) else data
    if any((octet < 0x20 and octet not in (0x09, 0x0A)) or octet == 0x7F for octet in raw):
        raise BadSettings("policy: it holds a control character; write plain lines, ended by a newline")
    reading = _Reading()
    for number, words in _lines(raw):
        try:
            reading.take(words)
        except BadValue as error:
            raise BadSettings(f"policy, line {number}: {error.message}") from None
    return reading.policy()


def _lines(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each line that says something, with its number; words are parted by blanks and tabs alone."""
    for number, line in enumerate(raw.decode("utf-8", "surrogateescape").split("\n"), 1):
        words = [word for word in line.replace("\t", " ").split(" ") if word]
        if words and not words[0].startswith("#"):
            yield number, words


@dataclass
class _Reading:
    """A policy as far as it is read."""

    logs: list[VerifierKey] = field(default_factory=list)
    urls: dict[str, str] = field(default_factory=dict)
    witnesses: list[Witness] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    quorum: str = ""

    def take(self, words: Sequence[str]) -> None:
        """One line; BadValue says what is wrong with it."""
        kinds: dict[str, Callable[[Sequence[str]], None]] = {
            "log": self._log,
            "witness": self._witness,
            "group": self._group,
            "quorum": self._quorum,
        }
        if words[0] not in kinds:
            raise BadValue(words[0], "is no line of a policy", f"lines begin with {', '.join(kinds)}")
        kinds[words[0]](words[1:])
        if max(len(self.logs), len(self.witnesses), len(self.groups)) > MOST:
            raise BadValue(words[0], f"stands here more than {MOST} times", "shorten the policy")

    def policy(self) -> Policy:
        """The whole policy, once every line is read."""
        if not self.quorum:
            raise BadSettings("policy: it has no quorum line; write `quorum NAME` at its end, or `quorum none`")
        return Policy(self.quorum, tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.urls)

    def _log(self, words: Sequence[str]) -> None:
        if not 1 <= len(words) <= 2:
            raise BadValue("log", "has too few or too many words", "write `log KEY` or `log KEY URL`")
        key = VerifierKey.parse(words[0])
        if any(known.public == key.public for known in self.logs):
            raise BadValue("log", "this key stands here already", "name each log once")
        self.logs.append(key)
        if len(words) == 2:
            self.urls[key.name] = _url("log", words[1])

    def _witness(self, words: Sequence[str]) -> None:
        if not 2 <= len(words) <= 3:
            raise BadValue("witness", "has too few or too many words", "write `witness NAME KEY` or `witness NAME KEY URL`")
        key = WitnessKey.parse(words[1])
        if any(known.key.public == key.public for known in self.witnesses):
            raise BadValue("witness", "this key stands here already", "name each witness once")
        self._define("witness", words[0])
        self.witnesses.append(Witness(words[0], key, _url("witness", words[2]) if len(words) == 3 else ""))

    def _group(self, words: Sequence[str]) -> None:
        if len(words) < 3:
            raise BadValue("group", "has too few words", "write `group NAME all|any|K NAME…`")
        name, how, members = words[0], words[1], tuple(words[2:])
        for member in members:
            if member not in self.names:
                raise BadValue("group", "names a member that no line before it defines", "define witnesses and inner groups first")
            if member in self.members:
                raise BadValue("group", "names a member that a group has already", "each witness and group counts in one place only")
            self.members.add(member)
        needed = {"all": len(members), "any": 1}.get(how) or (int(how) if how.isascii() and how.isdigit() and len(how) < 5 else 0)
        if not 1 <= needed <= len(members):
            raise BadValue("group", "does not say how many of its members are needed", f"write all, any, or 1 to {len(members)}")
        self._define("group", name)
        self.groups.append(Group(name, needed, members))

    def _quorum(self, words: Sequence[str]) -> None:
        if len(words) != 1 or self.quorum:
            raise BadValue("quorum", "is said twice, or not in one word", "write one line `quorum NAME`")
        if words[0] != NONE and words[0] not in self.names:
            raise BadValue("quorum", "names what no line before it defines", "name a witness, a group, or none")
        self.quorum = words[0]

    def _define(self, kind: str, name: str) -> None:
        if name == NONE or name in self.names:
            raise BadValue(kind, "its name is taken", "give each witness and each group a name of its own; `none` has a meaning already")
        self.names.add(name)


def _url(kind: str, url: str) -> str:
    if not url.startswith(("https://", "http://")):
        raise BadValue(kind, "its address is none", "write it like https://witness.example")
    return url.removesuffix("/")
