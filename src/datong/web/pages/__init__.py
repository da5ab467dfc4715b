"""Pages for people: thin functions from a visit to an answer. One file for each thing people come for."""

from __future__ import annotations

from collections.abc import Iterator


def spoken() -> Iterator[str]:
    """The Chinese sentences that pages say from Python, for the catalogue."""
    from datong.web import visit
    from datong.web.pages import (
        agreements,
        audit,
        catalogue,
        citizen_consents,
        citizen_looked,
        citizen_mandates,
        citizen_messages,
        citizen_passes,
        citizen_reports,
        citizen_wrong,
        consents,
        dates,
        desk,
        guardians,
        problems,
        province,
        quality,
        requests,
        security,
        sign_in,
        supervision,
    )

    yield from _of_cases()
    yield from visit.NOTICES.values()
    yield from visit.FIELD_ERRORS
    yield from (*sign_in.REASONS.values(), sign_in.OFFICERS, sign_in.CITIZENS)
    yield from (audit.BAD_CODE, audit.ANY, audit.SHORT)
    yield from citizen_looked.PERIODS.values()
    yield from citizen_consents.LASTS.values()
    yield from (*consents.HOW.values(), *consents.KEEP.values())
    yield from (words for _, words in citizen_passes.LASTS.values())
    yield from citizen_reports.STEPS
    yield from (*citizen_mandates.ACTS.values(), *guardians.BASES.values(), dates.DAY)
    yield from (*security.SCOPES.values(), *security.LASTS.values(), security.CITIZENS)
    yield desk.NO_REASON
    yield from (supervision.WRONG_KEY, province.NO_FILE)
    yield catalogue.NO_FILE
    yield from (problems.NONE_CHOSEN, problems.DAYS)
    yield from (quality.WRONG_KEY, quality.NUMBER)
    yield from (citizen_wrong.LENGTH, citizen_messages.NOT_AGREED)
    yield from (requests.NUMBER, agreements.VERSION)


def _of_cases() -> Iterator[str]:
    from datong.web.pages import cases, citizen_dealings, licence_office, licence_wallet, signatures

    yield from (cases.NO_COLLEAGUE, cases.DAYS)
    yield from (*citizen_dealings.KINDS.values(), citizen_dealings.OF_FIRM)
    yield from (*licence_wallet.LASTS.values(), *licence_wallet.PURPOSES, *licence_office.ACTS.values())
    yield from (signatures.WRONG, signatures.NO_FILE)
