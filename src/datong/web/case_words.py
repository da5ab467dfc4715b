"""What people read of a case: its events, states, acts and papers in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from datong import licences, services
from datong.spec import Words
from datong.web.render import local_time
from datong.web.visit import Visit

ACTS = {
    "accept": Words("受理", "Accept"),
    "not_accept": Words("不予受理", "Do not accept"),
    "ask_supplement": Words("一次性告知补正", "Tell once what lacks"),
    "give_supplement": Words("提交补正", "Hand in what lacked"),
    "claim": Words("由我办理", "I take it"),
    "hand_over": Words("移交", "Hand over"),
    "pause": Words("中止计时", "Stop the clock"),
    "resume": Words("恢复计时", "Let the clock run"),
    "extend": Words("延长期限", "Extend"),
    "finish": Words("提出意见", "Give the opinion"),
    "withdraw": Words("撤回申请", "Withdraw"),
    "urge": Words("催办", "Ask to hurry"),
    "reopen": Words("重新办理", "Open again"),
}
"""What each act is called."""
OUTCOMES = {
    "agree": Words("同意", "agreed"),
    "refuse": Words("不同意", "refused"),
    "confirm": Words("已确认", "confirmed"),
    "expired": Words("逾期未答复", "no answer in time"),
    "given": Words("已补正", "mended"),
    "silent": Words("到期未答复", "no answer in time"),
    "undone": Words("已撤回", "taken back"),
}
EVENTS = {
    "submitted": Words("已提交", "Submitted"),
    "opened": Words("开始", "Begun"),
    "claimed": Words("有人办理", "Somebody has it"),
    "handed_over": Words("移交", "Handed over"),
    "paused": Words("计时中止", "The clock stands"),
    "resumed": Words("恢复计时", "The clock runs on"),
    "extended": Words("期限延长", "Extended"),
    "done": Words("完成", "Done"),
    "cancelled": Words("取消", "Ended without a result"),
    "undone": Words("已撤回", "Taken back"),
    "skipped": Words("已核实确认，不必再审", "Confirmed before, not examined again"),
    "overdue": Words("超过法定时限", "Past its statutory time"),
    "late": Words("超过承诺的时限", "Past the promised hours"),
    "told": Words("一次性告知补正", "Told once what lacks"),
    "decided": Words("按规则自动核对", "Checked by rule"),
    "urged": Words("申请人催办", "The applicant asked to hurry"),
    "lead_raised": Words("当事人拒绝，已转核查", "A party refused; it is looked into"),
    "reopened": Words("重新办理", "Opened again"),
    "source_down": Words("数据来源暂时无法访问", "A source cannot be reached"),
    "source_again": Words("再次询问，来源仍无法访问", "Asked again; the source still cannot be reached"),
    "source_came": Words("数据来源已答复", "The source has answered"),
    "source_gave_up": Words("数据来源到期未答复，转人工凭材料办理", "The source never answered; an officer decides on papers"),
    "licensed": Words("证照已签发", "Licence issued"),
    "not_licensed": Words("证照未能签发", "A licence could not be issued"),
}
UNITS = {
    "answered": Words("已答复", "answered"),
    "asked": Words("查询中", "asked, no answer yet"),
    "not_asked": Words("尚未查询", "not asked yet"),
    "waiting": Words("等待成年成员全部授权", "waits for every adult's consent"),
    "disputed": Words("有异议，核查中", "disputed, being checked"),
    "late": Words("超期未答复", "late"),
    "silent": Words("到期未答复", "no answer in time"),
    "down": Words("来源暂时无法访问", "source cannot be reached"),
    "differs": Words("答复：与申报不符", "answered: not as declared"),
}
"""How a unit that is asked stands."""
VERDICTS = {
    "within": Words("符合", "within the line"),
    "above": Words("不符合", "above the line"),
    "unclear": Words("不明", "unclear"),
    "doubt": Words("存疑", "in doubt"),
    "consent_withdrawn": Words("当事人已收回同意", "a party took back her consent"),
}
UNIT_LIGHTS = {
    **dict.fromkeys(("answered",), "green"),
    **dict.fromkeys(("asked", "waiting", "disputed"), "yellow"),
    **dict.fromkeys(("late", "silent", "down", "differs"), "red"),
    "not_asked": "grey",
}
STOPPED = ("paused", "overdue", "late", "lead_raised", "not_licensed", "source_down", "source_gave_up")
"""What stands in the timeline with another sign."""
_QUIET = ("submitted", "claimed", "noted", "cancelled", "undone")
"""What the steps beside it say already."""
DEEMED = Words("到期未答复，依法视为同意", "nobody answered in time: the law deems it agreed")
CONFIRMED = Words("有效期至", "valid until ")
BY = Words("{who} 开始办理，应在 {day} 前办结", "{who} begins; to be done by {day}")
ASKED_AGAIN = Words("{facts}；将于 {next} 再次询问，最迟到 {until}", "{facts}; asked again at {next}, until {until} at the latest")
CAME_OTHERWISE = Words("与申请人填写的不同：{questions}，转人工核实", "not as the applicant said: {questions}; an officer finds out")
ANSWER_BY = Words("应在 {day} 前答复", "to be answered by {day}")


def act_words(act: str) -> Words:
    """What an act is called."""
    return ACTS.get(act, Words(act, act))


def state_words(state: str) -> Words:
    """What a state of a case is called."""
    zh, en = services.STATE_WORDS[state]
    return Words(zh, en[:1].upper() + en[1:])


def item_titles(visit: Visit) -> dict[str, str]:
    """What every item is called in the visitor's language, by code."""
    return {code: _pick(one.title, visit.language) for code, one in services.items(visit.session).services.items()}


def yuan(fen: int) -> str:
    """Yuan with two places, thousands apart."""
    return f"{fen / 100:,.2f}"


def unit_words(state: str) -> Words:
    """How a unit stands, in words."""
    return UNITS[state]


def verdict_words(outcome: str) -> Words:
    """What a means test said."""
    return VERDICTS.get(outcome, Words(outcome, outcome))


def outcome_words(outcome: str) -> Words:
    """What a task came to."""
    return OUTCOMES.get(outcome, Words("", ""))


def reasons_words(reasons: tuple[str, ...]) -> Words:
    """Reasons as people read them: what an officer wrote, or what the law or an earlier confirmation says."""
    zh, en = [], []
    for one in reasons:
        kind, _, rest = one.partition(":")
        pair = DEEMED if one == "deemed" else Words(one, one)
        if kind == "confirmed_until":
            pair = Words(CONFIRMED.zh + rest, CONFIRMED.en + rest)
        zh.append(pair.zh)
        en.append(pair.en)
    return Words("；".join(zh), "; ".join(en))


def timeline(visit: Visit, one: services.OneCase) -> list[dict[str, Any]]:
    """The one timeline of a case, newest last, for the macro that draws it."""
    return [step for event in one.timeline if (step := _step(visit, one, event)) is not None]


def _step(visit: Visit, one: services.OneCase, event: services.Event) -> dict[str, Any] | None:
    language = visit.language
    if event.kind in _QUIET or (event.kind == "opened" and event.task in ("acceptance", "supplement")):
        return None
    if event.kind == "moved":
        return {"at": event.at, "title": _pick(state_words(str(event.data["to"])), language), "text": "", "state": "done"}
    if event.kind == "done" and event.task == "acceptance" and not event.data.get("reasons"):
        return None
    title = _title(visit, one, event)
    state = "stopped" if event.kind in STOPPED else "done"
    return {"at": event.at, "title": title, "text": _said(visit, one, event), "state": state}


def _title(visit: Visit, one: services.OneCase, event: services.Event) -> str:
    """The task or the licence first, then what became of it."""
    language = visit.language
    words = outcome_words(str(event.data.get("outcome", ""))) if event.kind == "done" else EVENTS.get(event.kind, Words("", ""))
    happened = "" if event.kind == "opened" else _pick(words, language)
    if event.kind in ("licensed", "not_licensed"):
        kind = licences.types(visit.session).get(str(event.data.get("type", "")))
        named = (kind.title_zh if language == "zh" else kind.title_en) if kind else ""
        return happened + (("：" if language == "zh" else ": ") + named if named else "")
    if not event.task:
        return happened or event.kind
    task = _pick(services.task_words(one.service, event.task), language)
    return task + (("：" if language == "zh" else ": ") + happened if happened else "")


def waits_until(visit: Visit, one: services.OneCase) -> str:
    """While the decision waits for a source that was down: what it waits for, when it is asked again and until when; else empty."""
    told = [event for event in one.timeline if event.kind.startswith("source_")]
    if one.case.state != "deciding" or not told:
        return ""
    return _source_said(one, told[-1].data, visit.language)


def _source_said(one: services.OneCase, data: Mapping[str, Any], language: str) -> str:
    """Which facts are down and when they are asked again; or what came otherwise than she said."""
    comma = "、" if language == "zh" else ", "
    named = comma.join(_pick(fact.title, language) for fact in one.service.facts if fact.code in data.get("facts", ()))
    if data.get("next"):
        return _pick(ASKED_AGAIN, language).format(facts=named, next=local_time(data["next"]), until=local_time(data["until"]))
    asked = comma.join(_pick(question.title, language) for question in one.service.questions if question.code in data.get("differs", ()))
    return _pick(CAME_OTHERWISE, language).format(questions=asked) if asked else named


def _said(visit: Visit, one: services.OneCase, event: services.Event) -> str:
    """What an event adds: who has it and until when, reasons, what lacks, why."""
    data, language = event.data, visit.language
    if event.kind == "opened":
        who = visit.department(str(data.get("department", "")))
        return _pick(BY if who else ANSWER_BY, language).format(who=who, day=data["due"])
    if event.kind == "done":
        return _pick(reasons_words(tuple(data.get("reasons", ()))), language)
    if event.kind == "told":
        return "；".join(data["lacking"])
    if event.kind == "skipped":
        return _pick(reasons_words((str(data["why"]),)), language)
    if event.kind.startswith("source_"):
        return _source_said(one, data, language)
    if event.kind == "decided":
        why = data.get("why", {})
        return " ".join(part for part in (str(why.get("reason", "")), *why.get("references", ())) if part)
    if event.kind in ("licensed", "not_licensed"):
        return str(data.get("number") or data.get("why", ""))
    return str(data.get("why") or data.get("note") or "")


def _pick(words: Words, language: str) -> str:
    return words.zh if language == "zh" else words.en
