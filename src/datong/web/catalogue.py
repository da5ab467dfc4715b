"""Keep the English catalogue in step with the pages: `python -m datong.web.catalogue` adds new sentences and drops old ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from datong.web.i18n import LOCALES

ROOM = Path(__file__).parent
CATALOGUE = LOCALES / "en" / "messages.po"
_HAN = re.compile(r"[\u4e00-\u9fff]")


def sentences() -> Iterator[str]:
    """Every Chinese sentence people may see: those in templates, and those the pages hand to `say`."""
    options = {"**.html": {"extensions": "jinja2.ext.i18n", "silent": "false", "trimmed": "true"}}
    for _, _, message, _, _ in extract_from_dir(ROOM / "templates", [("**.html", "jinja2")], options):
        yield message if isinstance(message, str) else message[0]
    yield from _python_sentences()


def _python_sentences() -> Iterator[str]:
    from datong.web.pages import spoken

    yield from spoken()


def refresh() -> list[str]:
    """Bring the catalogue up to date; the sentences that still want English."""
    kept = Catalog(locale="en")
    if CATALOGUE.is_file():
        with CATALOGUE.open("rb") as file:
            kept = read_po(file, locale="en")
    made = Catalog(locale="en", project="datong", version="1", charset="utf-8")
    for sentence in sorted(set(sentences())):
        known = kept.get(sentence)
        made.add(sentence, known.string if known else "")
    with CATALOGUE.open("wb") as file:
        write_po(file, made, omit_header=True, width=0)
    return [str(message.id) for message in made if message.id and not message.string]


if __name__ == "__main__":
    for missing in refresh():
        print(missing)  # noqa: T201
