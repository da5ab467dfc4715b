"""`datong serve`: the office, the citizens' pages and the API, on one address."""

from __future__ import annotations

import contextlib
import gc
import logging
import threading
from typing import Annotated

import typer
import uvicorn

from datong.cli import worker
from datong.cli.siblings import MOST, Siblings, leave_with_parent, must_share, shared_socket
from datong.settings import Settings, load_settings
from datong.store import Store, open_store

YOUNG = 20_000
"""New objects before Python looks for rubbish among them: a request makes hundreds, nearly all of which go by themselves."""
app = typer.Typer(add_completion=False, help="Serve the office, the citizens' pages and the API.")


@app.callback(invoke_without_command=True)
def serve(
    home: Annotated[str, typer.Option(help="Folder of the city.")] = "",
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 0,
    jobs: Annotated[bool, typer.Option(help="Do waiting jobs in the same process.")] = True,
    *,
    processes: Annotated[int, typer.Option(help="Processes that serve together; more than one only on PostgreSQL.", min=1, max=MOST)] = 1,
    sibling: Annotated[bool, typer.Option(hidden=True)] = False,
) -> None:
    """Serve the city until interrupted."""
    given = {name: str(value) for name, value in (("host", host), ("port", port)) if value}
    if sibling:
        leave_with_parent()
    run(load_settings(home or None, None, **given), with_jobs=jobs, processes=processes, sibling=sibling)


def run(settings: Settings, with_jobs: bool = True, *, processes: int = 1, sibling: bool = False) -> None:
    """Serve with these settings; waiting jobs are done by a thread beside the server. `processes`: as many together at the address."""
    from datong.web import create_app

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    store = open_store(settings)
    must_share(store, processes)
    sockets = [shared_socket(settings)] if processes > 1 or sibling else None
    application = create_app(settings, store, apart=True)
    stop = threading.Event()
    if with_jobs:
        threading.Thread(target=worker.work, args=(store, settings, stop), name="jobs", daemon=True).start()
    gc.set_threshold(YOUNG, 10, 10)
    gc.collect()
    gc.freeze()  # what the start left in memory stays for good: no collection walks through it while somebody waits
    threading.Thread(target=warm, args=(store,), name="warm", daemon=True).start()
    threading.Thread(target=store.tend, args=(stop,), name="log", daemon=True).start()
    if not sibling:
        typer.echo(f"{settings.city}: http://{settings.host}:{settings.port}")
    siblings = Siblings(settings, processes)
    config = uvicorn.Config(application, host=settings.host, port=settings.port, log_level="warning", access_log=False, server_header=False)
    server = uvicorn.Server(config)
    try:
        with contextlib.suppress(KeyboardInterrupt):
            server.run(sockets)
    finally:
        stop.set()
        siblings.close()
    if not server.started:
        raise typer.Exit(3)


def warm(store: Store) -> None:
    """Load the city's places beside the first requests, so that the first pushed record or typed address does not wait for them."""
    from datong import fuse

    gc.disable()
    try:
        with store.session(read_only=True) as session:
            fuse.places_of(session)
        gc.freeze()  # millions of places: a collection that walks through them holds every request up for a fifth of a second
    finally:
        gc.enable()
