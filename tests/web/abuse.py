"""How routes of the API could be abused, for the test that tries it."""

from __future__ import annotations

from typing import Any


def case_asks(keys: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """How items and cases could be abused: begun about the stranger, read and acted upon."""
    return {
        "/api/v1/services": [{}, {"params": {"q": "隐秘"}}],
        "/api/v1/services/{service}": [{}],
        "/api/v1/cases": [
            {"json": {"service": "restaurant_opening", "applicant": key, "answers": {"tobacco": "no", "sign": "no", "own": "yes"}}}
            for key in keys
            if key["type"] in ("citizen_id", "code", "phone")
        ],
        "/api/v1/cases/{case_id}": [{}],
        "/api/v1/cases/{case_id}/acts": [{"json": {"act": act}} for act in ("withdraw", "urge", "give_supplement")],
    }


def open_asks() -> dict[str, list[dict[str, Any]]]:
    """How what is open to everybody could be asked for more than was opened."""
    agreed = {"params": {"agree": 1}}
    return {
        "/api/v1/open/datasets": [{}, {"params": {"q": "隐秘"}}],
        "/api/v1/open/datasets/{dataset}": [{}],
        "/api/v1/open/datasets/{dataset}/files/{form}": [{}, agreed, {"params": {"agree": 1, "version": 2}}],
        "/api/v1/open/datasets/{dataset}/rows": [{}, agreed, {"params": {"agree": 1, "skip": 1}}],
        "/api/v1/open/catalogue": [{}],
    }
