"""`datong worker`: do the jobs that wait. Here stands the one table of job kinds."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from datong import ledger, licences, services, share
from datong.domain.errors import DatongError
from datong.services import archives
from datong.settings import Settings, load_settings
from datong.share import cascade, open_data
from datong.spec import load_packs
from datong.store import Job, Session, Store, claim_job, fail_job, finish_job, open_store

NIGHT_SECONDS = 20.0
"""How much of a minute the nightly test may take."""
REST = 9.0
"""How many times as long as a piece of joining took the worker leaves the store to others after it."""
JOIN_SECONDS = 30.0
"""How much of a minute joining may take, with its rests: some 5,000 lines a second."""
IDLE_SECONDS = 2.0
"""How long a worker that found nothing to do waits before it looks again."""
PUBLISH = "ledger.publish"
LEDGER_FOLDER = "ledger"
_log = logging.getLogger("datong.worker")

Work = Callable[[Session, Settings, Mapping[str, Any], str], None]
RegularWork = Callable[[Store, Settings, str], None]


def publish_ledger(session: Session, settings: Settings, body: Mapping[str, Any], now: str) -> None:
    """Sign a checkpoint over everything written so far, and bring the public tiles up to it.

    Where witnesses must cosign it, it is signed only: they are asked outside any transaction (`publish_regularly`).
    """
    signer = ledger.load_signer(settings.home)
    if ledger.load_policy(settings) is None:
        ledger.publish(session, signer, settings.home / LEDGER_FOLDER, now)
    else:
        ledger.checkpoint(session, signer, now)


def publish_regularly(store: Store, settings: Settings, now: str) -> None:
    """Publish the record once a minute; with a policy, once enough witnesses have cosigned. Those that did not are asked again."""
    policy = ledger.load_policy(settings)
    if policy is None:
        with store.session() as session:
            publish_ledger(session, settings, {}, now)
        return
    signer = ledger.load_signer(settings.home)
    state = ledger.publish_witnessed(store, signer, settings.home / LEDGER_FOLDER, policy, now=now).cosigning
    if state is not None and not state.complete:
        told = "; ".join(f"{one.name}: {one.outcome}" for one in state.witnesses if not one.cosigned)
        _log.warning("the checkpoint over %s entries waits for cosignatures (%s): %s", state.size, state.wanted, told)


def join_runs(store: Store, settings: Settings, now: str) -> None:
    """Join the short runs by which the record's lines are found to longer ones."""
    ledger.join_runs(store, REST, JOIN_SECONDS)


def apply_judgement(session: Session, settings: Settings, body: Mapping[str, Any], now: str) -> None:
    """Let codes and registers follow a reviewer's judgement."""
    _install(session, settings)
    share.apply_judgement(session, int(body["judgement"]), now=datetime.fromisoformat(now))


def order_reviews(store: Store, settings: Settings, now: str) -> None:
    """Put the pairs that fusion left for people in the order of their worth."""
    with store.session() as session:
        _install(session, settings)
        share.sync_reviews(session, now=datetime.fromisoformat(now))


def count_use(store: Store, settings: Settings, now: str) -> None:
    """Count how the agreements are used, from the lines written since the last count; raise what is out of the ordinary."""
    with store.session() as session:
        _install(session, settings)
        share.count_use(session, now=datetime.fromisoformat(now))


def index_rows(store: Store, settings: Settings, now: str) -> None:
    """Keep an index for each condition on facts that a live agreement's lists depend on."""
    with store.session(read_only=True) as session:
        _install(session, settings)
        if share.rows_are_indexed(session):
            return
    with store.session() as session:
        made, dropped = share.index_rows(session)
    _log.info("conditions of agreements: %s indexes made, %s dropped", made, dropped)


def move_clocks(store: Store, settings: Settings, now: str) -> None:
    """Move the clocks of cases: deemed acceptance, lapsed seats, what is overdue; a thousand cases a transaction. Old drafts go."""
    while True:
        with store.session() as session:
            _install(session, settings)
            if not services.tick(session, now=datetime.fromisoformat(now)):
                break
    with store.session() as session:
        services.drop_old_drafts(session, now=datetime.fromisoformat(now))


def ask_sources_again(store: Store, settings: Settings, now: str) -> None:
    """Ask again, for the cases whose decision waits for it, a source that was down; twenty cases a transaction."""
    with store.session(read_only=True) as session:
        _install(session, settings)
        waiting = services.waits_due(session, now=datetime.fromisoformat(now))
    while waiting:
        with store.session() as session:
            waiting = services.ask_again(session, now=datetime.fromisoformat(now)) > 0


def count_benefits(store: Store, settings: Settings, now: str) -> None:
    """Count what the cases that ended since the last count saved people."""
    while True:
        with store.session() as session:
            _install(session, settings)
            if not services.count_benefits(session, now=datetime.fromisoformat(now)):
                return


def retest_at_night(store: Store, settings: Settings, now: str) -> None:
    """Test again, piece by piece, who was granted something on conditions; for a part of each minute only, so that other work goes on."""
    at, until = datetime.fromisoformat(now), time.monotonic() + NIGHT_SECONDS
    with store.session(read_only=True) as session:
        _install(session, settings)
        waiting = services.due_tonight(session, settings, now=at)
    for code in waiting:
        going = True
        while going and time.monotonic() < until:
            with store.session() as session:
                run = services.retest_piece(session, settings, code, now=at)
            going = run.state == "running"
            _log.info("%s tested again: %s cases so far, %s verdicts changed", code, run.retested, run.changed)


def move_money(store: Store, settings: Settings, now: str) -> None:
    """Send what is due on the line from treasury to bank; and tell of cases that are past a promise in hours."""
    at, line = datetime.fromisoformat(now), services.line_of(settings)
    with store.session() as session:
        _install(session, settings)
        services.tell_late(session, now=at)
    while line is not None and services.move_money(store, line, now=at):
        pass


def renew_open_data(store: Store, settings: Settings, now: str) -> None:
    """Publish new versions of what is open to the public where newer data stands in the registers; each by itself."""
    with store.session(read_only=True) as session:
        _install(session, settings)
    if made := open_data.renew_openings(store, now=datetime.fromisoformat(now)):
        _log.info("open data: %s new versions", made)


def file_archives(store: Store, settings: Settings, now: str) -> None:
    """File the cases that closed so long ago as the city says; fifty a transaction."""
    at = datetime.fromisoformat(now)
    while True:
        with store.session(read_only=True) as session:
            _install(session, settings)
            if not archives.has_closed(session, now=at):
                return
        with store.session() as session:
            filed = archives.file_closed(session, now=at)
        _log.info("archives: %s cases filed", filed)
        if not filed:
            return


def sweep_archives(store: Store, settings: Settings, now: str) -> None:
    """Remove the files of archives whose disposal is committed, also those that a killed process left."""
    with store.session(read_only=True) as session:
        _install(session, settings)
        waiting = archives.has_disposed(session)
    if waiting:
        with store.session() as session:
            gone = archives.sweep_disposed(session, now=datetime.fromisoformat(now))
        _log.info("archives: %s files removed", gone)


def remind_of_licences(store: Store, settings: Settings, now: str) -> None:
    """Tell holders in time that a licence ends; nothing is written when there is nobody to tell."""
    with store.session() as session:
        _install(session, settings)
        licences.remind(session, now=datetime.fromisoformat(now))


def _install(session: Session, settings: Settings) -> None:
    if not share.is_installed(session):
        share.install(session.store, settings, load_packs(settings.packs))


KINDS: Mapping[str, Work] = {PUBLISH: publish_ledger, share.APPLY: apply_judgement}
"""Job kind → the function that does it. A function may run twice: it must be safe to repeat."""
REGULAR: Mapping[str, RegularWork] = {
    PUBLISH: publish_regularly,
    "ledger.index": join_runs,
    "review.order": order_reviews,
    "share.use": count_use,
    "share.rows": index_rows,
    "services.clock": move_clocks,
    "services.sources": ask_sources_again,
    "services.benefits": count_benefits,
    "services.money": move_money,
    "services.night": retest_at_night,
    "licences.remind": remind_of_licences,
    "share.open_data": renew_open_data,
    "services.archives": file_archives,
    "services.disposals": sweep_archives,
}
"""What the worker does by itself once a minute, without a job; each opens its own transactions."""

app = typer.Typer(add_completion=False, help="Do the jobs that wait.")


@app.callback(invoke_without_command=True)
def main(
    home: Annotated[str, typer.Option(help="Folder of the city.")] = "",
    once: Annotated[bool, typer.Option(help="Do what is due now, then end.")] = False,
) -> None:
    """Do waiting jobs until interrupted, or with --once until none is due."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = load_settings(home or None)
    store = open_store(settings)
    if once:
        tell_subscribers(store, settings)
        typer.echo(f"{run_due(store, settings, _now())} jobs done")
        return
    work(store, settings, threading.Event())


def work(store: Store, settings: Settings, stop: threading.Event) -> None:
    """Do jobs as they fall due until told to stop. One failing job never stops the next."""
    minute = ""
    while not stop.is_set():
        now = _now()
        if now[:16] != minute:
            minute = now[:16]
            do_regular(store, settings, now)
        tell_subscribers(store, settings)
        try:
            busy = run_due(store, settings, now)
        except Exception:
            _log.exception("the worker cannot reach its jobs; it tries again")
            busy = 0
        if not busy:
            stop.wait(IDLE_SECONDS)


def do_regular(store: Store, settings: Settings, now: str) -> None:
    """This minute's regular work; what fails is told and tried again the next minute."""
    for kind, regular in REGULAR.items():
        try:
            regular(store, settings, now)
        except Exception as error:
            _log.error("%s failed: %s", kind, error.message if isinstance(error, DatongError) else type(error).__name__)


def tell_subscribers(store: Store, settings: Settings) -> None:
    """Tell the systems that wait for it what changed; what fails is told and tried again."""
    try:
        with store.session(read_only=True) as session:
            _install(session, settings)
        share.doors.dispatch_due(store, settings, datetime.now(UTC))
        cascade.dispatch_due(store, settings, datetime.now(UTC))
    except Exception as error:
        _log.error("telling subscribers failed: %s", error.message if isinstance(error, DatongError) else type(error).__name__)


def run_due(store: Store, settings: Settings, now: str) -> int:
    """Do every job that is due; how many were claimed."""
    done = 0
    while (job := _claim(store, now)) is not None:
        run_one(store, settings, job, now)
        done += 1
    return done


def run_one(store: Store, settings: Settings, job: Job, now: str) -> None:
    """Do one job and mark it done in the same transaction; a failure is kept with the job, which is tried again later."""
    try:
        with store.session() as session:
            KINDS[job.kind](session, settings, job.body, now)
            if not finish_job(session, job):
                raise LeaseLostError
    except LeaseLostError:
        _log.warning("job %s was taken over by another worker", job.job_id)
    except Exception as error:
        told = error.message if isinstance(error, DatongError) else type(error).__name__
        _log.error("job %s (%s) failed: %s", job.job_id, job.kind, told)
        with store.session() as session:
            fail_job(session, job, told, now)


class LeaseLostError(Exception):
    """The job's lease ran out while it was being done."""


def _claim(store: Store, now: str) -> Job | None:
    with store.session() as session:
        return claim_job(session, now, kinds=tuple(KINDS))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
