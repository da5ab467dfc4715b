"""The catalogue as DCAT-AP 3 in JSON-LD, and back. What DCAT has no word for stands under `datong:`, so that nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from datong.share.catalogue.item import Fault, Resource, from_plain
from datong.share.catalogue.table import ReadItem

Publishers = Mapping[str, tuple[str, str]]
"""Department → its title and unified social credit code."""
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"
ACCESS = "http://publications.europa.eu/resource/authority/access-right/"
FREQUENCIES = {
    "realtime": "UPDATE_CONT",
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly": "MONTHLY",
    "quarterly": "QUARTERLY",
    "yearly": "ANNUAL",
    "irregular": "IRREG",
}
RIGHTS = {"yes": "PUBLIC", "conditional": "RESTRICTED", "no": "NON_PUBLIC"}
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "dcatap": "http://data.europa.eu/r5r/",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "spdx": "http://spdx.org/rdf/terms#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "datong": "urn:datong:catalogue:",
    "dcat:dataset": {"@container": "@set"},
    "dcat:distribution": {"@container": "@set"},
    "dcatap:applicableLegislation": {"@container": "@set"},
}
OWN: tuple[str, ...] = (
    "resource",
    "system",
    "classification",
    "format",
    "sharing_class",
    "methods",
    "condition",
    "scope",
    "used_for",
    "withheld_because",
)
OWN += ("bases", "opened_condition", "data_class", "level", "personal", "secrecy", "related", "fields", "title_en", "opened", "cycle")


def to_dcat(items: Iterable[Resource], publishers: Publishers) -> dict[str, Any]:
    """A dcat:Catalog of the items."""
    return {
        "@context": CONTEXT,
        "@id": "urn:datong:catalogue",
        "@type": "dcat:Catalog",
        "dct:title": [{"@value": "政务数据目录", "@language": "zh"}, {"@value": "Catalogue of government data", "@language": "en"}],
        "dct:description": {"@value": "各部门可以共享的政务数据资源", "@language": "zh"},
        "dcat:dataset": [_dataset(item, publishers) for item in items],
    }


def _dataset(item: Resource, publishers: Publishers) -> dict[str, Any]:
    title, credit_code = publishers.get(item.department, (item.department, ""))
    plain = asdict(item)
    titles = [{"@value": item.title, "@language": "zh"}, {"@value": item.title_en, "@language": "en"}]
    return {
        "@id": f"urn:datong:catalogue:resource:{item.resource}",
        "@type": "dcat:Dataset",
        "dct:identifier": item.code or item.resource,
        "dct:title": titles[: 2 if item.title_en else 1],
        "dct:description": {"@value": item.summary, "@language": "zh"},
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": title, "dct:identifier": credit_code, "datong:department": item.department},
        "dct:accrualPeriodicity": {"@id": FREQUENCY + FREQUENCIES.get(item.cycle, "UNKNOWN")},
        "dct:accessRights": {"@id": ACCESS + RIGHTS.get(item.opened, "NON_PUBLIC")},
        "odrl:hasPolicy": {"@type": "odrl:Policy", "rdfs:label": "；".join(filter(None, (item.condition, item.scope, item.used_for)))},
        "dcatap:applicableLegislation": [{"rdfs:label": f"{one.act}{one.article}"} for one in item.bases],
        "dcat:distribution": [{"@type": "dcat:Distribution", "dct:title": item.title, "datong:method": one} for one in item.methods],
        "datong:code": item.code,
        **{f"datong:{name}": plain[name] for name in OWN},
    }


def from_dcat(plain: Any, publishers: Publishers) -> tuple[list[ReadItem], list[Fault]]:
    """Items from a dcat:Catalog; `row` of what is found is the place among its datasets. Plain DCAT without `datong:` parts is
    read as far as it goes, and what lacks is told as a fault of the item."""
    if not isinstance(plain, dict) or not isinstance(plain.get("dcat:dataset"), list):
        return [], [Fault("file", "没有 dcat:dataset 列表", "上传 dcat:Catalog，其中 dcat:dataset 是数据集列表")]
    credit_codes = {credit: code for code, (_, credit) in publishers.items() if credit}
    titles = {title: code for code, (title, _) in publishers.items()}
    found, faults = [], []
    for number, one in enumerate(plain["dcat:dataset"], start=1):
        try:
            item = _item(one, credit_codes | titles)
        except (TypeError, ValueError, KeyError, AttributeError):
            faults.append(Fault("dcat:dataset", "数据集的写法不对", "按导出的 JSON-LD 写", number))
            continue
        found.append(ReadItem(item, number, {}))
    return found, faults


def _item(one: Mapping[str, Any], codes: Mapping[str, str]) -> Resource:
    publisher = one.get("dct:publisher", {})
    named = (
        publisher.get("datong:department")
        or codes.get(publisher.get("dct:identifier", ""))
        or codes.get(publisher.get("foaf:name", ""), "")
    )
    values = {name: one[f"datong:{name}"] for name in OWN if f"datong:{name}" in one}
    values |= {"title": _text(one.get("dct:title"), "zh"), "summary": _text(one.get("dct:description"), "zh"), "department": named}
    values.setdefault("title_en", _text(one.get("dct:title"), "en", exact=True))
    values.setdefault("cycle", _tail(one.get("dct:accrualPeriodicity"), FREQUENCIES, "irregular"))
    values.setdefault("opened", _tail(one.get("dct:accessRights"), RIGHTS, "no"))
    values["code"] = one.get("datong:code", "")
    item = from_plain(values)
    _must_be_typed(item)
    return item


def _text(value: Any, language: str, exact: bool = False) -> str:
    """The text of a language; the first text there is when none is marked."""
    options = value if isinstance(value, list) else [value] if value else []
    for one in options:
        if isinstance(one, dict) and one.get("@language") == language:
            return str(one["@value"])
    plain = [str(one["@value"] if isinstance(one, dict) else one) for one in options]
    return "" if exact or not plain else plain[0]


def _tail(value: Any, words: Mapping[str, str], otherwise: str) -> str:
    address = value.get("@id", "") if isinstance(value, dict) else str(value or "")
    backward = {word: code for code, word in words.items()}
    return backward.get(address.rpartition("/")[2], otherwise)


def _must_be_typed(item: Resource) -> None:
    """JSON may hold anything anywhere: every part must be of the kind its place wants."""
    for holder in (item, *item.fields, *item.bases, *(basis for one in item.fields for basis in one.bases)):
        for name, value in vars(holder).items():
            if name in ("fields", "bases"):
                continue
            wanted = (int,) if name in ("level", "length") else (tuple,) if name in ("methods", "related") else (str,)
            if not isinstance(value, wanted) or isinstance(value, bool):
                raise TypeError(name)
    if not all(isinstance(one, str) for one in (*item.methods, *item.related)):
        raise TypeError("methods")
