"""One visit to a page: who came, what was sent, and the answers a page can give."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from starlette.responses import HTMLResponse, RedirectResponse, Response

from datong import share
from datong.domain.access import Actor
from datong.domain.errors import BadValue, NotSignedIn
from datong.settings import Settings
from datong.store import Session, Store
from datong.web import render, sign_ins
from datong.web.clock import text_of
from datong.web.errors import Problem
from datong.web.i18n import say
from datong.web.sign_ins import SignIn

NOTICES = {
    "signed-out": "您已退出登录。",
    "expired": "登录已超时，请重新登录。",
    "disputed": "已提交，数据来源部门将核查并答复。",
    "purpose": "用途已选定，之后的每次查询都会记录这一用途。",
    "released": "已放行，下一次融合时进入登记库。",
    "decided": "已处理。",
    "saved": "已保存。",
    "asked": "询问已提交，对方单位将在规定工作日内答复。",
    "read": "已全部标为已读。",
    "revoked": "房码已撤销，立即失效。",
    "once": "为了安全，二维码只显示一次。需要时请重新生成。",
    "consented": "授权已生效，可以随时撤回。",
    "consent-asked": "请求已送到当事人手机，等待答复。",
    "consent-refused": "已拒绝。不影响办事，请到窗口提交纸质材料。",
    "mandate-offered": "委托已发出，等待对方接受。",
    "mandate-ended": "委托已解除，立即生效。",
    "guardian-entered": "已登记，等待另一位数据管家对照文书确认。",
    "stopped": "已停用，立即生效。",
    "lifted": "已解除停用，立即恢复。",
    "judged": "判断已保存，正在重新关联；这是下一对。",
    "second": "判断已保存，将由另一位复核员独立判断；这是下一对。",
    "split": "判断已保存，这一对列入“存疑或意见不一”；这是下一对。",
    "undone": "已撤销，正在恢复原来的关联。",
    "no-longer": "这一对已不在待复核之列（已随别的判断解决），或不在您的辖区。",
    "none-left": "这里没有您可以判断的了。",
    "withdrawn": "授权已撤回，立即生效。",
    "committed": "种子已承诺，其散列值已写入记录；现在可以抽样。",
    "drawn": "样本已抽出，核查人员可以看到任务。",
    "entered": "核查结果已填报。",
    "complained": "已转给负责部门，每个看到的人都会看到提示。",
    "answered": "已答复，经过已记录。",
    "confirmed": "已确认，以后的办理人员都能看到，不必再审。",
    "unconfirmed": "确认已撤销。",
    "withdrawn-verified": "核验记录已撤销，下次办理时重新核验。",
    "extract-asked": "申请已提交，等待审批；批准后会收到消息。",
    "seen": "现场核实已登记，与报送部门的记录合在一起。",
    "draft": "草稿已保存，可以以后接着办。",
    "dropped": "草稿已删除。",
    "rated": "感谢评价。",
    "applied": "已提交。每一步和期限都在这里。",
    "answered-seat": "您的答复已记录。",
    "signed": "已签署；双方都签署后立即生效。",
    "licence-agreed": "已同意。以后在这个部门的窗口凭身份证即可使用。",
    "licence-issued": "证照已签发，持有人已收到通知。",
    "licence-acted": "已办理，持有人已收到通知。",
    "document-signed": "已签署，签名已存证。",
    "document-refused": "已拒签，对方会收到通知。",
    "wished": "申请已提交，将在规定的工作日内答复。",
    "renewal-asked": "已安排更新，几分钟内生成新版本；不能更新时会收到消息。",
    "proposed": "新版本已提出，待对方签署。",
}
"""What a page may say after a form was sent: `?done=` holds only one of these words."""
FIELD_ERRORS = ("请填写", "内容太长", "请从列出的选项中选择")
"""What a field may be told."""


@dataclass(frozen=True)
class Upload:
    """One file of a form; `refused` says why it is not taken: its reason and what to do."""

    name: str
    content: bytes
    refused: tuple[str, str] | None = None


@dataclass(frozen=True)
class Sent:
    """What the browser sent."""

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    """The network it came from, as the pace counts it."""
    fragment: bool = False
    """htmx asks for a part of the page only."""


@dataclass
class Visit:
    """One visit: everything a page needs, and nothing of the web framework."""

    store: Store
    settings: Settings
    session: Session
    sent: Sent
    now: datetime
    language: str
    elder: bool
    form_token: str
    sign_in: SignIn | None
    granted: frozenset[str]
    """The permissions of the visitor's posts."""

    @property
    def actor(self) -> Actor:
        """Who came. Raises NotSignedIn."""
        if self.sign_in is None:
            raise NotSignedIn("请先登录 (sign in first)")
        return self.sign_in.actor

    @property
    def at(self) -> str:
        """This moment as the store writes it."""
        return text_of(self.now)

    @property
    def purpose(self) -> str:
        """What she works for just now; empty when nothing was chosen."""
        return self.sign_in.purpose if self.sign_in else ""

    @property
    def working_reason(self) -> str:
        """The case or reason she gave with the purpose; empty where the purpose asks for none."""
        return sign_ins.reason(self.session, self.sign_in.token_hash) if self.sign_in and self.sign_in.purpose else ""

    @property
    def purpose_title(self) -> str:
        """The chosen purpose in words; empty when nothing was chosen."""
        return self.purpose_words(self.purpose)

    @property
    def sharing(self) -> share.Sharing:
        """What the packs say about sharing."""
        return share.installed(self.session).sharing

    def purpose_words(self, code: str) -> str:
        """What a purpose is called; empty for none."""
        return self._words(self.sharing.purpose_words(code)) if code else ""

    def department(self, code: str) -> str:
        """What a department is called; empty for none."""
        return self._words(self.sharing.department_words(code)) if code else ""

    def department_short(self, code: str) -> str:
        """A department's short name, for charts."""
        found = self.sharing.departments.get(code)
        return (self._words((found.short_zh, found.short_en)) if found else "") or self.department(code)

    def resource(self, code: str) -> str:
        """What a resource is called; empty for none."""
        return self._words(self.sharing.resource_words(code)) if code else ""

    def rule_words(self, code: str) -> str:
        """The agreement behind a reason, in words; empty when the rule is no agreement."""
        agreement = self.sharing.known(code)
        return self._words((agreement.title_zh, agreement.title_en)) if agreement else ""

    def _words(self, pair: tuple[str, str]) -> str:
        return pair[0 if self.language == "zh" else 1]

    def may(self, permission: str) -> bool:
        """Whether she has a permission; for showing or leaving out what leads there."""
        return permission in self.granted

    def text(self, name: str, longest: int = 200) -> str:
        """A form field that must be filled. Raises BadValue naming the field."""
        value = self.optional(name, longest)
        if not value:
            raise BadValue(name, say(self.language, FIELD_ERRORS[0]))
        return value

    def upload(self, name: str) -> Upload | None:
        """A file that was sent. Raises BadValue when the scanner refused it."""
        found = self.sent.files.get(name)
        if found is not None and found.refused:
            raise BadValue(name.rpartition(".")[2], *found.refused)
        return found

    def span(self, written: re.Pattern[str], since: str, until: str) -> tuple[str, str]:
        """The stretch of time asked for by `since` and `until`; the given one where they are not so written."""
        asked = [self.sent.query.get(name, "") for name in ("since", "until")]
        first, last = (one if written.fullmatch(one) else "" for one in asked)
        return first or since, last or until

    def optional(self, name: str, longest: int = 200) -> str:
        """A form field that may be empty. Raises BadValue when it is too long."""
        value = self.sent.form.get(name, "").strip()
        if len(value) > longest:
            raise BadValue(name, say(self.language, FIELD_ERRORS[1]))
        return value

    def choice(self, name: str, known: tuple[str, ...]) -> str:
        """A form field with known answers. Raises BadValue."""
        value = self.text(name)
        if value not in known:
            raise BadValue(name, say(self.language, FIELD_ERRORS[2]))
        return value

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """A whole page."""
        done = NOTICES.get(self.sent.query.get("done", ""), "")
        text = render.render(self.language, template, visit=self, notice=say(self.language, done) if done else "", **context)
        return HTMLResponse(text, status)

    def part(self, template: str, **context: Any) -> Response:
        """A fragment for htmx."""
        return HTMLResponse(render.render(self.language, template, visit=self, **context))

    def file(self, content: bytes, name: str, media_type: str) -> Response:
        """A file to be kept; `name` is plain Latin."""
        return Response(content, media_type=media_type, headers={"content-disposition": f'attachment; filename="{name}"'})

    def go(self, path: str, done: str = "") -> Response:
        """Send the browser on after a form; `done` is one of NOTICES."""
        return RedirectResponse(f"{path}?done={done}" if done else path, 303)

    def trouble(self, problem: Problem) -> Response:
        """A friendly page for something that went wrong."""
        return self.page("trouble.html", problem.kind.status, problem=problem)
