"""Open data for programs: no key, the pace of everybody. Files are those that were published, named by their SHA-256."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Path, Query, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from datong.share import open_data
from datong.web import clock

Dataset = Annotated[str, Path(pattern=r"^O[0-9]{4}-[0-9]{4,8}$", description="Number of the dataset.")]
Agree = Annotated[int, Query(ge=0, le=1, description="1: the conditions of a dataset opened on conditions are agreed to.")]
LINKED = "application/ld+json"


class OpenVersionOut(BaseModel):
    """One published version: its files by SHA-256 and size in bytes."""

    version: int
    at: str
    as_of: str
    rows: int
    csv_sha256: str
    csv_size: int
    json_sha256: str
    json_size: int


class OpenDatasetOut(BaseModel):
    """One dataset that is open or was withdrawn. `freshness`: green, yellow or red by the promised cycle."""

    dataset: str
    title: str
    title_en: str
    summary: str
    department: str
    state: str
    why: str
    licence: str
    condition: str
    cycle: str
    freshness: str
    fields: list[str]
    downloads: int
    versions: list[OpenVersionOut]


class OpenRowsOut(BaseModel):
    """A piece of the newest version."""

    dataset: str
    title: str
    title_en: str
    version: int
    as_of: str
    licence: str
    fields: list[dict[str, str]]
    rows: list[dict[str, str]]
    total: int
    sha256: str


def open_datasets(
    request: Request, q: Annotated[str, Query(max_length=60)] = "", department: Annotated[str, Query(max_length=60)] = ""
) -> Response:
    """What is open to the public, found by words and department; the first fifty."""
    with request.app.state.store.session(read_only=True) as session:
        found, _ = open_data.search(session, q.replace("\x00", ""), department.replace("\x00", ""), now=clock.now())
    return JSONResponse([_told(one) for one in found])


def open_dataset(request: Request, dataset: Dataset) -> Response:
    """One dataset with its versions."""
    with request.app.state.store.session(read_only=True) as session:
        return JSONResponse(_told(open_data.show(session, dataset, now=clock.now())))


def open_file(
    request: Request,
    dataset: Dataset,
    form: Annotated[str, Path(pattern=r"^(csv|json)$")],
    version: Annotated[int, Query(ge=0, le=1_000_000, description="0: the newest.")] = 0,
    agree: Agree = 0,
) -> Response:
    """A file of a version, as it was published; its SHA-256 is in `Datong-Sha256`. Counted, by nobody's name."""
    with request.app.state.store.session() as session:
        copy = open_data.take_copy(session, dataset, form, version=version, agreed=agree == 1, now=clock.now())
    headers = {"content-disposition": f'attachment; filename="{copy.name}"', "datong-sha256": copy.sha256}
    return Response(copy.content, media_type=copy.media_type, headers=headers)


def open_rows(
    request: Request,
    dataset: Dataset,
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=open_data.MOST_ROWS_AT_ONCE)] = 100,
    agree: Agree = 0,
) -> Response:
    """Rows of the newest version from `skip` on."""
    with request.app.state.store.session() as session:
        return JSONResponse(open_data.take_rows(session, dataset, skip, limit, agreed=agree == 1, now=clock.now()))


def open_catalogue(request: Request) -> Response:
    """The catalogue of what is open, as DCAT-AP in JSON-LD."""
    with request.app.state.store.session(read_only=True) as session:
        return JSONResponse(open_data.dcat(session, str(request.base_url).rstrip("/")), media_type=LINKED)


def _told(shown: open_data.Shown) -> dict[str, Any]:
    dataset = shown.dataset
    names = ("title", "title_en", "summary", "department", "state", "licence", "condition", "cycle")
    return {
        "dataset": dataset.code,
        **{name: getattr(dataset, name) for name in names},
        "why": dataset.why if dataset.state == "withdrawn" else "",
        "freshness": shown.fresh.light,
        "fields": list(dataset.fields),
        "downloads": shown.downloads,
        "versions": [vars(one) for one in shown.versions],
    }


_GIVEN = ("bad-value", "not-found", "forbidden")
ROWS: tuple[tuple[str, Callable[..., Response], str, Any, tuple[str, ...], tuple[str, ...]], ...] = (
    ("/datasets", open_datasets, "find datasets", list[OpenDatasetOut], ("bad-value",), ()),
    ("/datasets/{dataset}", open_dataset, "one dataset", OpenDatasetOut, ("bad-value", "not-found"), ()),
    ("/datasets/{dataset}/files/{form}", open_file, "a file of a version", None, _GIVEN, tuple(open_data.FORMS.values())),
    ("/datasets/{dataset}/rows", open_rows, "rows of the newest version", OpenRowsOut, _GIVEN, ()),
    ("/catalogue", open_catalogue, "the catalogue as DCAT-AP", None, (), (LINKED,)),
)
"""The rows of the API: path, function, what it says, its answer, its problems, its content types beside JSON."""
