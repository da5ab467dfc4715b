"""Templates to pages: one Jinja environment a language, static files named by their content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from datong.domain.access import SharedFact
from datong.domain.codes import show_code
from datong.web import labels, mark_words, request_words, sharing_words
from datong.web.i18n import HTML_LANGUAGE, translations
from datong.web.vendor import ICONS

ROOM = Path(__file__).parent
STATIC = ROOM / "static"


@lru_cache(maxsize=2)
def environment(language: str) -> Environment:
    """The templates in one language. An undefined name is an error: pages do not guess."""
    made = Environment(
        loader=FileSystemLoader(ROOM / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(
        language=language,
        colon="：" if language == "zh" else ": ",
        html_language=HTML_LANGUAGE[language],
        static=static_url,
        icon_address=icon_address,
        label=lambda word, table=None: labels.label(language, word, table),
        relation=lambda kind, direction: labels.relation(language, kind, direction),
        key_labels=labels.KEYS,
        field_labels=labels.FIELDS,
        place_labels=labels.PLACES,
        verdict_labels=labels.ADDRESS_VERDICTS,
        waiting_labels=labels.WAITING,
        value_words=lambda field, value: labels.value(language, field, value),
        grouped=grouped,
        show_code=show_code,
        either=lambda pair: pair[0 if language == "zh" else 1],
        one_language=lambda text: labels.one_language(language, text),
        problem_words=lambda note, columns: labels.problem(language, note, columns),
        distinct=distinct,
        mark_field=lambda field: mark_words.field_of(language, field),
        mark_reason=lambda word: mark_words.reason(language, word, labels.WAITING),
        act_means=lambda act: mark_words.act_means(language, act),
        sharing_word=lambda code: request_words.word(language, code),
        real_day=real_day,
        bits_text=bits_text,
        **sharing_words.globals_of(language),
        local_time=local_time,
        reason_words=lambda text: labels.reason_words(language, text),
        named=lambda words: [(word, labels.label(language, word)) for word in words],
    )
    return made


def render(language: str, template: str, **context: Any) -> str:
    """One page as text."""
    return environment(language).get_template(template).render(**context)


def grouped(facts: tuple[SharedFact, ...]) -> list[tuple[str, list[SharedFact]]]:
    """The facts of an entry by field, in their order; several sources' values of a field stay together."""
    found: dict[str, list[SharedFact]] = {}
    for fact in facts:
        found.setdefault(fact.field, []).append(fact)
    return list(found.items())


def distinct(items: Iterable[Any], *names: str) -> list[Any]:
    """Items that differ in what is shown of them: two records that say the same of a day are one line."""
    return list({tuple(getattr(one, name) for name in names): one for one in items}.values())


@lru_cache(maxsize=64)
def static_url(name: str) -> str:
    """The address of a static file; it changes when the file does, so that browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def icon_address(name: str) -> str:
    """Where an icon of the sprite is drawn from; one that is not there is a mistake of the page."""
    if name not in ICONS:
        raise KeyError(f"no icon {name!r}: add it to datong.web.vendor.ICONS and refresh the sprite")
    return f"{static_url('vendor/icons.svg')}#{name}"


def real_day(text: str) -> str:
    """A day as a source gave it, or nothing where there is no such day (2019-13-05, 1900-01-00)."""
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        return ""


def bits_text(thousandths: int) -> str:
    """Thousandths of a bit with their sign and no more decimals than they have: what is shown adds up."""
    whole, part = divmod(abs(thousandths), 1000)
    sign = "+" if thousandths >= 0 else "−"
    return f"{sign}{whole}.{f'{part:03}'.rstrip('0') or '0'}"


def local_time(text: str) -> str:
    """An ISO time in UTC as people in China read it."""
    if len(text) < 16:
        return text
    return (datetime.fromisoformat(text).replace(tzinfo=None) + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M")
