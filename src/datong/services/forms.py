"""What the applicant says: questions that are skipped when the answer is known, fields that sharing fills, and what does not fit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from datong.domain.errors import BadValue
from datong.domain.identifiers import read_citizen_id, read_credit_code
from datong.services.known import Known
from datong.spec import FormField, Service, SituationQuestion

_NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,4})?")
_PHONE = re.compile(r"1\d{10}|0\d{9,11}")
SHORTEST_KEY = 4


@dataclass(frozen=True)
class Filled:
    """A field as the form shows it: its value, where it comes from, and whether it may be changed."""

    field: FormField
    value: str
    known: Known | None

    @property
    def fixed(self) -> bool:
        """A verified value is shown, not asked: who says it is wrong, reports it."""
        return self.known is not None and self.known.state == "verified" and bool(self.known.value)


def known_answers(service: Service, facts: Mapping[str, Known]) -> dict[str, str]:
    """The questions that facts have already answered."""
    found: dict[str, str] = {}
    for one in service.questions:
        fact = facts.get(one.known)
        if fact is None or fact.state != "verified" or not fact.value:
            continue
        answer = one.answered_by.get(fact.value) or one.answered_by.get("*") or fact.value
        if any(answer == choice.code for choice in one.answers):
            found[one.code] = answer
    return found


def open_questions(service: Service, facts: Mapping[str, Known]) -> tuple[SituationQuestion, ...]:
    """The questions that must still be asked."""
    known = known_answers(service, facts)
    return tuple(one for one in service.questions if one.code not in known)


def check_answers(service: Service, facts: Mapping[str, Known], given: Mapping[str, str]) -> dict[str, str]:
    """Every question answered: by a fact, else as given. Raises BadValue."""
    answers = known_answers(service, facts)
    for one in service.questions:
        if one.code in answers:
            continue
        if given.get(one.code) not in {choice.code for choice in one.answers}:
            raise BadValue(one.code, f"请选择：{one.title.zh} (choose an answer)", " / ".join(choice.code for choice in one.answers))
        answers[one.code] = given[one.code]
    return answers


def applies(field: FormField, answers: Mapping[str, str]) -> bool:
    """Whether a field is asked in this situation."""
    return all(answers.get(question) == answer for question, answer in field.when.items())


def filled(service: Service, facts: Mapping[str, Known], written: Mapping[str, str]) -> tuple[Filled, ...]:
    """The form with what is known filled in."""
    found = []
    for one in service.form:
        known = facts.get(one.fact) if one.fact else None
        value = known.value if known is not None and known.value and known.state == "verified" else written.get(one.code, "")
        found.append(Filled(one, value or (known.value if known else ""), known))
    return tuple(found)


def check_form(service: Service, facts: Mapping[str, Known], answers: Mapping[str, str], written: Mapping[str, str]) -> dict[str, str]:
    """What the case keeps of the form: verified facts as they are, the rest as written. Raises BadValue naming the field and the mend."""
    unknown = set(written) - {one.code for one in service.form}
    if unknown:
        raise BadValue(sorted(unknown)[0][:40], "不是这个事项的表单项 (is no field of this form)")
    kept: dict[str, str] = {}
    for one in filled(service, facts, written):
        if not applies(one.field, answers):
            continue
        value = one.value.strip()
        if not value and one.field.required:
            raise BadValue(one.field.code, f"请填写{one.field.title.zh} (is missing)")
        if value and not one.fixed:
            value = _fit(one.field, value)
        kept[one.field.code] = value
    return kept


def _fit(field: FormField, value: str) -> str:
    if len(value) > field.most:
        raise BadValue(field.code, f"最多{field.most}个字 (too long)", f"{field.most} characters at most")
    if field.type == "number" and not _NUMBER.fullmatch(value):
        raise BadValue(field.code, "请填写数字 (is no number)", "digits, for example 120 or 89.5")
    if field.type == "date" and not _is_date(value):
        raise BadValue(field.code, "请填写日期 (is no date)", "like 2026-01-31")
    if field.type == "choice" and value not in {one.code for one in field.choices}:
        raise BadValue(field.code, "请从所列选项中选择 (is none of the choices)")
    if field.type == "yes_no" and value not in ("yes", "no"):
        raise BadValue(field.code, "请选择是或否 (choose yes or no)")
    if field.type == "phone" and not _PHONE.fullmatch(value):
        raise BadValue(field.code, "请填写手机或固定电话号码 (is no phone number)", "11 digits")
    if field.type == "premises" and len(value) < SHORTEST_KEY:
        raise BadValue(field.code, "请填写房屋编码、不动产单元号或不动产权证号 (is no key of premises)")
    for kind, reader in (("citizen_id", read_citizen_id), ("credit_code", read_credit_code)):
        if field.type == kind:
            reading = reader(value)
            if reading.problem:
                raise BadValue(field.code, "号码有误，请核对 (the number is not sound)")
            return reading.value
    return value


def _is_date(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
