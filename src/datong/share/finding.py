"""Find the one subject a key leads to, within what the agreement lets be seen; outside it nothing is said to exist."""

from __future__ import annotations

from datong.domain.access import Answer, Decision, Ground, Key, Outcome, Question, SharedEntry
from datong.domain.codes import read_code
from datong.domain.identifiers import read_citizen_id, read_credit_code, read_phone, read_title_unit
from datong.share.collectors import entry_label
from datong.share.compare import queries_of as claims_of
from datong.share.passes import Pass, find_pass, why_invalid
from datong.share.prepared import Asking, Prepared, line, refused
from datong.share.rows import RowView, row_test
from datong.share.subjects import Subject, find, is_own, queries_of, read_subject
from datong.share.words import ground
from datong.store import Query

MOST_CANDIDATES = 20
_READERS = {
    "code": read_code,
    "citizen_id": read_citizen_id,
    "credit_code": read_credit_code,
    "title_no": read_title_unit,
    "phone": read_phone,
}
_WORDS = {
    "missing": ("内容为空", "nothing was given"),
    "length": ("位数不对", "the length is wrong"),
    "characters": ("含有不允许的字符", "it holds characters that cannot stand there"),
    "province": ("地区码不存在", "its first two digits are no province"),
    "birth_date": ("出生日期不存在", "its birth date does not exist"),
    "check_digit": ("校验位不符，请核对", "the check digit does not fit"),
    "check_character": ("校验位不符，请核对", "the check character does not fit"),
    "kind": ("首位应为 P、O 或 H", "it must begin with P, O or H"),
    "placeholder": ("是占位号码", "it is a placeholder"),
}


def find_subject(asking: Asking) -> tuple[Subject, Pass | None] | Prepared:
    """The subject and the pass that led to it; or, when there is not just one, the answer that says so."""
    key = asking.question.key
    assert key is not None
    shown: Pass | None = None
    if key.type == "pass":
        shown = find_pass(asking.session, key, asking.at)
        invalid = why_invalid(asking.session, shown, asking.question.purpose)
        if shown is None or invalid is not None:
            return refused(asking, (invalid or ground("pass_unknown"),), shown.premises if shown else "")
        codes = [shown.premises]
    else:
        if asking.session.travels:
            asking.session.ahead(wanted(asking.question, asking.decision))
        codes = find(asking.session, key, asking.question.register)
    visible = [one for code in codes[:MOST_CANDIDATES] if (one := read_subject(asking.session, code)) and may_see(asking, one)]
    if not visible:
        return _not_here(asking, key, codes)
    if len(visible) > 1:
        return _ambiguous(asking, visible)
    return visible[0], shown


def wanted(question: Question, decision: Decision) -> list[Query]:
    """What finding a subject by its code, reading it and comparing the granted claims will ask, so that it can be read ahead."""
    key = question.key
    if key is None or key.type != "code" or not (code := read_code(key.value)).sound:
        return []
    claims = [one for one in question.claims if one[0] in decision.fields] if question.operation == "verify" else []
    return [*queries_of(code.value), *claims_of(code.value, claims)]


def may_see(asking: Asking, subject: Subject) -> bool:
    """Whether the agreement's rows hold this subject."""
    agreement, person = asking.agreement, asking.actor.subject
    owners: frozenset[str] = frozenset()
    if agreement.rows.own and is_own(asking.session, person, subject.code, agreement.rows.own):
        owners = frozenset((person,))
    view = RowView(subject.code, subject.division, subject, owners)
    return row_test(agreement, asking.decision.jurisdiction, person)(view)


def _not_here(asking: Asking, key: Key, codes: list[str]) -> Prepared:
    """Nothing within what may be seen. Whether it exists elsewhere is not said, but the one asked about sees the attempt."""
    grounds: tuple[Ground, ...] = (ground("not_here", rule=asking.agreement.code),)
    reader = _READERS.get(key.type)
    problem = reader(key.value).problem if reader else ""
    if problem in _WORDS:
        grounds = (ground("key_unsound", what=_WORDS[problem]), *grounds)
    subject = codes[0] if len(codes) == 1 else ""
    written = line(asking, "read", subject, "not_found", grounds=[one.code for one in grounds])
    return Prepared(Answer("not_found", asking.decision, (*asking.decision.grounds, *grounds)), (written,))


def _ambiguous(asking: Asking, visible: list[Subject]) -> Prepared:
    """Several subjects fit: at a look-up they are named as far as the agreement names them, so that one can be chosen by its code."""
    outcome: Outcome = "ambiguous"
    grounds = (*asking.decision.grounds, ground("ambiguous", what=str(len(visible))))
    if asking.question.operation == "verify" or asking.agreement.consent:
        return Prepared(Answer(outcome, asking.decision, grounds), (line(asking, "read", "", outcome),))
    masks = dict(asking.decision.masks)
    entries = tuple(SharedEntry(one.code, one.register, label=entry_label(one, asking.agreement, masks)) for one in visible)
    lines = tuple(line(asking, "read", one.code, outcome, fields=["label"]) for one in visible)
    return Prepared(Answer(outcome, asking.decision, grounds, entries), lines)
