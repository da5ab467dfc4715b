"""The doors for systems: check many at once, ask for extracts and take them, be told of changes."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Request
from starlette.responses import JSONResponse, Response

from datong import share
from datong.domain.access import Ground, Key
from datong.web import clock
from datong.web.api.door_schemas import BatchIn, ExtractIn, SubscriptionIn
from datong.web.api.keys import Holder
from datong.web.api.schemas import answer_json, ground_json
from datong.web.api.verify import refusal
from datong.web.errors import ProblemError

ExtractId = Annotated[str, Path(pattern=r"^E[0-9]{8}-[0-9]{4,6}$")]
SubscriptionId = Annotated[str, Path(pattern=r"^S[0-9]{6,9}$")]


def verify_batch(request: Request, body: BatchIn, holder: Holder) -> Response:
    """Compare claims for many keys. Each row is a question of its own: with its outcome, its reasons and its ledger line.

    When the agreements refuse every row, the whole is a refusal.
    """
    rows = [
        share.doors.BatchRow(number, Key(one.key.type, one.key.value, tuple(one.key.extra.items())), tuple(one.claims.items()))
        for number, one in enumerate(body.rows, 1)
    ]
    asked = share.doors.BatchAsked(body.purpose, body.about, body.reason.value_of(), automatic=True)
    with request.app.state.store.session() as session:
        found = share.doors.check_many(session, holder, asked, rows, now=clock.now())
    if all(one.answer.outcome == "refused" for one in found):
        raise refusal(found[0].answer, tuple(line for one in found for line in one.answer.lines))
    return JSONResponse({"rows": [_row(one) for one in found]})


def _row(one: share.doors.BatchAnswer) -> dict[str, object]:
    """One row's answer; a refused one says why instead of being a problem, so that the others are not lost."""
    whole = answer_json(one.answer, one.answer.lines)
    grounds = [ground_json(ground) for ground in one.answer.grounds or one.answer.decision.grounds]
    kept = {name: whole[name] for name in ("agreement", "compared", "lines")}
    return {"row": one.number, "outcome": one.answer.outcome, "grounds": grounds, **kept}


def ask_extract(request: Request, body: ExtractIn, holder: Holder) -> Response:
    """Ask for a file of many subjects; somebody of the city approves it first. Then take it from `/file`."""
    wanted = share.doors.WantedExtract(body.purpose, body.about, tuple(body.fields), tuple(body.where.items()), body.reason, body.form)
    with request.app.state.store.session() as session:
        asked = share.doors.ask_extract(session, holder, wanted, now=clock.now())
    if asked.extract is None:
        raise _refused(asked.grounds)
    return JSONResponse(extract_json(asked.extract), 201, {"Location": f"/api/v1/extracts/{asked.extract.extract_id}"})


def extract(request: Request, holder: Holder, extract_id: ExtractId) -> Response:
    """How an extract stands."""
    with request.app.state.store.session(read_only=True) as session:
        return JSONResponse(extract_json(share.doors.find_extract(session, holder, extract_id, now=clock.now())))


def extract_file(request: Request, holder: Holder, extract_id: ExtractId) -> Response:
    """One copy of an approved extract: read at this moment under your rights, each row marked, one ledger line for each subject."""
    with request.app.state.store.session() as session:
        taken = share.doors.take_extract(session, holder, extract_id, now=clock.now())
    if taken.grounds:
        raise _refused(taken.grounds)
    return file_response(taken)


def file_response(taken: share.doors.Taken) -> Response:
    """A copy as a download that no cache keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{taken.name}"', "Cache-Control": "no-store"}
    return Response(taken.content, media_type=taken.media_type, headers=headers)


def subscribe(request: Request, body: SubscriptionIn, holder: Holder) -> Response:
    """Be told of changes by CloudEvents in signed POSTs to your address; `GET /api/v1/changes` is the same feed to be asked."""
    with request.app.state.store.session() as session:
        made = share.doors.subscribe(session, holder, body.url, -1 if body.since is None else body.since, now=clock.now())
    return JSONResponse(subscription_json(made), 201)


def subscriptions(request: Request, holder: Holder) -> Response:
    """Your subscriptions, and how far each has come."""
    with request.app.state.store.session(read_only=True) as session:
        return JSONResponse([subscription_json(one) for one in share.doors.subscriptions(session, holder)])


def end_subscription(request: Request, holder: Holder, subscription_id: SubscriptionId) -> Response:
    """End a subscription."""
    with request.app.state.store.session() as session:
        share.doors.end_subscription(session, holder, subscription_id, now=clock.now())
    return Response(status_code=204)


def door_keys(request: Request) -> Response:
    """The public key that signs what the city sends, as a JSON Web Key Set."""
    return JSONResponse(share.doors.door_keys(request.app.state.settings), media_type="application/jwk-set+json")


def extract_json(one: share.doors.Extract) -> dict[str, object]:
    """An extract as the API gives it."""
    names = ("extract_id", "state", "agreement", "asked_at", "decided_at", "said", "expires_at", "takes", "rows", "sha256")
    return {name: getattr(one, name) for name in names}


def subscription_json(one: share.doors.Subscription) -> dict[str, object]:
    """A subscription as the API gives it."""
    names = ("subscription_id", "url", "since", "state", "made_at", "attempts", "failing_since", "due_at", "error", "told_at")
    return {name: getattr(one, name) for name in names}


def _refused(grounds: tuple[Ground, ...]) -> ProblemError:
    shown = [ground_json(ground) for ground in grounds]
    return ProblemError("refused", " ".join(ground["en"] or ground["code"] for ground in shown), grounds=shown)
