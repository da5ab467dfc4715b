"""What everybody may see of open data: found by words, one with its versions and use, its files, the whole as DCAT-AP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from datong.domain.errors import BadValue, Forbidden, Missing
from datong.share.agreement import Agreement
from datong.share.catalogue import published_resource, to_dcat
from datong.share.catalogue.find import words_where
from datong.share.freshness import Freshness
from datong.share.installed import installed, moment
from datong.share.open_data import queries
from datong.share.open_data.dataset import PURPOSE, Dataset, Version, dataset_of, find_dataset, fresh, the_public, versions_of
from datong.share.open_data.files import ROOM, read_piece
from datong.share.open_data.rules import Licence, open_rules
from datong.share.open_data.told import Correction, corrections_of
from datong.share.stop import must_be_open
from datong.share.workdays import city_day, moment_text
from datong.store import Session, raw_file

FORMS: Mapping[str, str] = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
"""How a version may be had → its content type."""
MOST = 50
MOST_ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Shown:
    """One dataset as everybody sees it."""

    dataset: Dataset
    licence: Licence | None
    versions: tuple[Version, ...]
    fresh: Freshness
    downloads: int
    corrections: tuple[Correction, ...] = ()

    @property
    def newest(self) -> Version | None:
        """The version that is had when none is named."""
        return self.versions[0] if self.versions else None


@dataclass(frozen=True)
class Copy:
    """One file of a version."""

    name: str
    media_type: str
    content: bytes
    sha256: str
    version: int


def search(session: Session, words: str = "", department: str = "", *, now: datetime | None = None) -> tuple[tuple[Shown, ...], int]:
    """Datasets opened to the public, those withdrawn last, and how many fit in all. Needs nobody to be signed in."""
    parts, params = words_where(words)
    if department:
        parts.append("department = :department")
        params["department"] = department
    where = " AND ".join(parts) or "1 = 1"
    total = session.one(queries.HOW_MANY.format(where=where), params)
    rows = session.all(queries.PUBLIC.format(where=where), params | {"most": MOST})
    counted = _downloads(session)
    return tuple(_shown(session, dataset_of(row), counted, moment(now)) for row in rows), int(total[0]) if total else 0


def show(session: Session, code: str, *, now: datetime | None = None) -> Shown:
    """One dataset, opened or withdrawn, with what was reported of it. Raises Missing, also for what is not opened yet."""
    found = _shown(session, _public(session, code), _downloads(session), moment(now))
    return replace(found, corrections=corrections_of(session, code))


def _public(session: Session, code: str) -> Dataset:
    """One that was opened, whether or not it was withdrawn since. Raises Missing."""
    dataset = find_dataset(session, code)
    if dataset.state not in ("opened", "withdrawn"):
        raise Missing("没有这个开放数据集 (there is no such open dataset)")
    return dataset


def _downloads(session: Session) -> Mapping[str, int]:
    return {row[0]: int(row[1]) for row in session.all(queries.DOWNLOADS)}


def _shown(session: Session, dataset: Dataset, counted: Mapping[str, int], now: datetime) -> Shown:
    versions = versions_of(session, dataset.code)
    light = fresh(versions[0] if versions else None, dataset.cycle, city_day(now))
    return Shown(dataset, open_rules(session).licences.get(dataset.licence), versions, light, counted.get(dataset.code, 0))


def take_copy(session: Session, code: str, form: str, *, version: int = 0, agreed: bool = False, now: datetime | None = None) -> Copy:
    """A file of a version (0: the newest), counted. Raises Missing, BadValue; Forbidden when it was withdrawn, is suspended, or its
    conditions were not agreed to; Stopped in an emergency."""
    dataset, found = _to_give(session, code, version, agreed, now)
    if form not in FORMS:
        raise BadValue("form", "不是提供的格式 (is not a form it is had in)", f"choose {' or '.join(FORMS)}")
    sha256 = found.csv_sha256 if form == "csv" else found.json_sha256
    content = raw_file(installed(session).settings, sha256, ROOM).read_bytes()
    _count(session, found, code, form, now)
    return Copy(f"{dataset.code}-v{found.version}.{form}", FORMS[form], content, sha256, found.version)


def take_rows(session: Session, code: str, skip: int, limit: int, *, agreed: bool = False, now: datetime | None = None) -> dict[str, Any]:
    """A piece of the newest version: its rows from `skip` on, and how many there are; counted like a file. Raises as `take_copy`."""
    _, found = _to_give(session, code, 0, agreed, now)
    piece = read_piece(installed(session).settings, found.json_sha256, skip, min(limit, MOST_ROWS_AT_ONCE))
    _count(session, found, code, "rows", now)
    return {**piece, "total": found.rows, "sha256": found.json_sha256}


def _to_give(session: Session, code: str, version: int, agreed: bool, now: datetime | None) -> tuple[Dataset, Version]:
    at, dataset, parts = moment_text(moment(now)), _public(session, code), installed(session)
    must_be_open(parts.stored.stops, the_public(code), PURPOSE, at)
    if dataset.state == "withdrawn":
        raise Forbidden(f"已撤回：{dataset.why} (it was withdrawn)")
    if not _in_force(parts.sharing.agreements.get(code), city_day(moment(now)).isoformat()):
        raise Forbidden("暂停开放 (it is suspended for now)")
    if dataset.licence == "conditional" and not agreed:
        raise Forbidden("请先同意开放条件 (agree to the conditions first: send agree=1)")
    found = next((one for one in versions_of(session, code) if version in (0, one.version)), None)
    if found is None:
        raise Missing("没有这个版本 (there is no such version)")
    return dataset, found


def _in_force(agreement: Agreement | None, today: str) -> bool:
    return agreement is not None and agreement.state == "live" and agreement.valid_from <= today <= agreement.valid_to


def _count(session: Session, version: Version, code: str, form: str, now: datetime | None) -> None:
    day = city_day(moment(now)).isoformat()
    session.run(queries.COUNT_DOWNLOAD, {"code": code, "version": version.version, "form": form, "day": day})


def dcat(session: Session, origin: str = "") -> dict[str, Any]:
    """The catalogue of what is open as DCAT-AP in JSON-LD: each dataset with its resource's description, licence and files.

    `origin`: what stands before the paths of downloads.
    """
    parts, rules = installed(session), open_rules(session)
    publishers = {code: (one.title_zh, one.credit_code) for code, one in parts.packs.departments.items()}
    opened = [dataset_of(row) for row in session.all(queries.OPENED)]
    listed = [(one, item) for one in opened if (item := published_resource(session, one.resource)) is not None]
    whole = to_dcat([item for _, item in listed], publishers)
    for (dataset, _), part in zip(listed, whole["dcat:dataset"], strict=True):
        for name in [name for name in part if name.startswith("datong:")]:
            del part[name]
        licence = rules.licences.get(dataset.licence)
        part["@id"] = page = _page(dataset, origin)
        part["dct:identifier"] = dataset.code
        part["dct:title"] = [{"@value": dataset.title, "@language": "zh"}, {"@value": dataset.title_en, "@language": "en"}]
        part["dct:description"] = {"@value": dataset.summary, "@language": "zh"}
        part["dct:license"] = {"@type": "dct:LicenseDocument", "dct:title": licence.title[0] if licence else dataset.licence}
        part["odrl:hasPolicy"] = {"@type": "odrl:Policy", "rdfs:label": dataset.condition}
        part["dcat:landingPage"] = {"@id": page}
        part["dcat:distribution"] = _distributions(session, dataset, origin)
    whole["@id"] = f"{origin}/open"
    whole["dct:title"] = [{"@value": "开放数据目录", "@language": "zh"}, {"@value": "Catalogue of open data", "@language": "en"}]
    whole["dct:description"] = {"@value": "向社会公众开放的政务数据", "@language": "zh"}
    return whole


def _page(dataset: Dataset, origin: str) -> str:
    return f"{origin}/open/data/{dataset.code}"


def _distributions(session: Session, dataset: Dataset, origin: str) -> list[dict[str, Any]]:
    found = []
    for version in versions_of(session, dataset.code)[:1]:
        for form, sha256, size in (("csv", version.csv_sha256, version.csv_size), ("json", version.json_sha256, version.json_size)):
            found.append(
                {
                    "@type": "dcat:Distribution",
                    "dct:title": f"{dataset.title} {form.upper()}",
                    "dcat:accessURL": {"@id": _page(dataset, origin)},
                    "dcat:downloadURL": {"@id": f"{origin}/api/v1/open/datasets/{dataset.code}/files/{form}"},
                    "dcat:mediaType": {"@id": f"http://www.iana.org/assignments/media-types/{FORMS[form].partition(';')[0]}"},
                    "dcat:byteSize": size,
                    "dct:issued": version.at,
                    "spdx:checksum": {"spdx:algorithm": "sha256", "spdx:checksumValue": sha256},
                }
            )
    return found
