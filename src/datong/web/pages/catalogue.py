"""The catalogue for officers: search, one resource with its lineage and versions, the work of stewards, files in and out."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from starlette.responses import Response

from datong.domain.errors import BadValue
from datong.domain.registers import SHARING_CLASSES
from datong.share import catalogue
from datong.web.i18n import say
from datong.web.pages.catalogue_form import TYPED, as_typed, empty_form, read_form
from datong.web.visit import Visit

CYCLES = ("realtime", "daily", "weekly", "monthly", "quarterly", "yearly", "irregular")
ACTS = ("assess", "sign", "publish", "return", "withdraw", "update", "extend")
NO_FILE = "请选择文件。"
SHOWN_FAULTS = 300


def show(visit: Visit) -> Response:
    """Search the catalogue."""
    wanted = {name: visit.sent.query.get(name, "").strip()[:100] for name in catalogue.FILTERS}
    found = catalogue.find(visit.session, visit.actor, wanted, cursor=visit.sent.query.get("cursor", ""))
    kept = {name: text for name, text in wanted.items() if text}
    departments = [(code, visit.department(code)) for code in visit.sharing.departments]
    return visit.page(
        "office/catalogue.html",
        found=found,
        wanted=wanted,
        departments=departments,
        classes=SHARING_CLASSES,
        cycles=CYCLES,
        query=urlencode(kept),
        next_page=f"/office/catalogue?{urlencode({**kept, 'cursor': found.next_cursor})}" if found.next_cursor else "",
    )


def one(visit: Visit) -> Response:
    """One resource: its items, conditions and acts, where it comes from and where it goes, its versions and clocks."""
    opened = catalogue.open_item(visit.session, visit.actor, visit.sent.params["resource"], now=visit.now)
    lineage = catalogue.lineage(visit.session, visit.actor, opened.entry.resource)
    editable = catalogue.may_edit(visit.session, visit.actor, opened.entry)
    authority = catalogue.rules_of(visit.session).authority == visit.actor.department
    return visit.page("office/catalogue_item.html", opened=opened, lineage=lineage, editable=editable, authority=authority, faults=())


def export(visit: Visit) -> Response:
    """What is published, as a file."""
    form = visit.sent.params["form"]
    wanted = {name: visit.sent.query.get(name, "")[:100] for name in catalogue.FILTERS}
    content = catalogue.export(visit.session, visit.actor, form, wanted)
    return visit.file(content, f"catalogue.{form}", catalogue.MEDIA[form])


def systems(visit: Visit) -> Response:
    """Every system that resources come from."""
    return visit.page("office/catalogue_systems.html", found=catalogue.systems(visit.session, visit.actor))


def enter_system(visit: Visit) -> Response:
    """Register a system of one's own department."""
    catalogue.enter_system(visit.session, visit.actor, visit.text("title", 120), visit.text("what_for", 500), now=visit.now)
    return visit.go("/office/catalogue/systems", "saved")


def rules(visit: Visit) -> Response:
    """Where acts differ on what may be shared, and the papers nobody may be asked for."""
    found = catalogue.in_conflict(visit.session, visit.actor)
    papers = catalogue.papers(visit.session, visit.actor)
    return visit.page("office/catalogue_rules.html", conflicts=found, papers=papers)


def work(visit: Visit) -> Response:
    """Drafts and clocks: what a steward, a responsible person or the authority has to do."""
    return _work(visit)


def _work(visit: Visit, told: catalogue.Imported | None = None, status: int = 200) -> Response:
    drafts = catalogue.find(visit.session, visit.actor, {"state": "draft"}, size=200)
    clocks = catalogue.running_clocks(visit.session, now=visit.now)
    return visit.page("office/catalogue_work.html", status, drafts=drafts, clocks=clocks, told=told, shown=SHOWN_FAULTS)


def take_in(visit: Visit) -> Response:
    """Import a file: drafts, or every fault."""
    upload = visit.upload("file")
    if upload is None:
        raise BadValue("file", say(visit.language, NO_FILE))
    told = catalogue.take_in(visit.session, visit.actor, upload.content, upload.name, now=visit.now)
    return _work(visit, told, 422 if told.faults else 200)


def new(visit: Visit) -> Response:
    """An empty form."""
    return _form(visit, empty_form(visit.actor.department))


def enter(visit: Visit) -> Response:
    """Keep what was typed as a draft, or show it again with every fault."""
    return _enter(visit, "")


def edit(visit: Visit) -> Response:
    """The form with the draft, or with the version that holds."""
    opened = catalogue.open_item(visit.session, visit.actor, visit.sent.params["resource"], now=visit.now)
    return _form(visit, as_typed(opened.draft or opened.item), opened.entry.resource)


def change(visit: Visit) -> Response:
    """Keep a new draft of a resource."""
    return _enter(visit, visit.sent.params["resource"])


def _enter(visit: Visit, resource: str) -> Response:
    typed = {name: visit.optional(name, most) for name, most in TYPED.items()}
    typed["methods"] = "；".join(visit.sent.lists.get("methods", ()))
    before = None
    if resource:
        opened = catalogue.open_item(visit.session, visit.actor, resource, now=visit.now)
        before = opened.draft or opened.item
    item, faults = read_form(typed, before)
    if not faults:
        told = catalogue.enter(visit.session, visit.actor, item, now=visit.now)
        if not told.faults:
            return visit.go(f"/office/catalogue/items/{told.resource}", "saved")
        faults = told.faults
    return _form(visit, typed, resource, faults)


def _form(visit: Visit, typed: dict[str, str], resource: str = "", faults: tuple[catalogue.Fault, ...] = ()) -> Response:
    departments = [(code, visit.department(code)) for code in visit.sharing.departments]
    return visit.page(
        "office/catalogue_form.html", 422 if faults else 200, typed=typed, resource=resource, faults=faults, departments=departments
    )


def act(visit: Visit) -> Response:
    """One step with a resource: assess, sign, publish, return, withdraw, require an update, extend its clock."""
    session, actor, now = visit.session, visit.actor, visit.now
    resource, why = visit.sent.params["resource"], visit.optional("why", 500)
    faults: tuple[catalogue.Fault, ...] = ()
    match visit.choice("act", ACTS):
        case "assess":
            catalogue.assess(session, actor, resource, visit.sent.lists.get("checked", ()), note=why, now=now)
        case "sign":
            catalogue.sign(session, actor, resource, now=now)
        case "publish":
            faults = catalogue.publish(session, actor, resource, note=why, now=now)
        case "return":
            catalogue.give_back(session, actor, resource, why, now=now)
        case "withdraw":
            catalogue.withdraw(session, actor, resource, why, now=now)
        case "update":
            catalogue.require_update(session, actor, resource, why, now=now)
        case _:
            catalogue.extend(session, actor, resource, why, now=now)
    if faults:
        opened = catalogue.open_item(session, actor, resource, now=now)
        lineage = catalogue.lineage(session, actor, resource)
        told = {"opened": opened, "lineage": lineage, "editable": False, "authority": True, "faults": faults}
        return visit.page("office/catalogue_item.html", 422, **told)
    return visit.go(f"/office/catalogue/items/{quote(resource)}", "decided")
