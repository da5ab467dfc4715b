"""Chinese first, English second: the sentences in templates are Chinese, the catalogue holds their English."""

from __future__ import annotations

import gettext
from functools import lru_cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("zh", "en")
LOCALES = Path(__file__).parent / "locale"
HTML_LANGUAGE = {"zh": "zh-CN", "en": "en"}


@lru_cache(maxsize=4)
def translations(language: str) -> gettext.NullTranslations:
    """The catalogue of a language, compiled from its `.po` once. Chinese needs none."""
    path = LOCALES / language / "messages.po"
    if not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def choose_language(wished: str | None, cookie: str | None, default: str) -> str:
    """The language of a page: what the address line says, else the cookie, else the city's."""
    for candidate in (wished, cookie):
        if candidate in LANGUAGES:
            return candidate
    return default


def say(language: str, text: str) -> str:
    """A Chinese sentence of the catalogue in the reader's language."""
    return translations(language).gettext(text)
