"""Papers and notes of a case: opened by whom they concern, printed with a code, and the public page that the code opens."""

from __future__ import annotations

from starlette.responses import Response

from datong import services
from datong.web import case_words
from datong.web.pages.citizen_passes import picture
from datong.web.visit import Visit


def paper(visit: Visit) -> Response:
    """A paper that was handed in, as an attachment: no browser shows it inside a page, whatever it holds."""
    wanted = (visit.sent.params["case_id"], visit.sent.params["paper_id"])
    found, content = services.open_paper(visit.session, visit.actor, *wanted, now=visit.now)
    return visit.file(content, f"{found.paper_id}.{services.PAPER_TYPES[found.media_type]}", found.media_type)


def own_note(visit: Visit) -> Response:
    """One of the three notes, on the applicant's phone."""
    return _note(visit, "citizen/note.html")


def office_note(visit: Visit) -> Response:
    """One of the three notes, to be printed at the counter; the window that began the case names it by its number."""
    return _note(visit, "office/note.html")


def _note(visit: Visit, template: str) -> Response:
    case_id = visit.sent.params.get("case_id") or visit.text("case", 20)
    note = services.write_note(visit.session, visit.actor, case_id, visit.text("kind", 20), now=visit.now)
    return visit.page(template, note=note, title=services.NOTE_WORDS[note.kind], picture=picture(note.qr))


def enter_code(visit: Visit) -> Response:
    """Where the code of a note is scanned or typed; nobody need sign in."""
    return visit.page("progress.html", found=None, w=case_words)


def progress(visit: Visit) -> Response:
    """How the case of a note stands: state, steps, last days; nothing of anybody's."""
    return visit.page("progress.html", found=services.standing(visit.session, visit.text("key", 80)), w=case_words)
