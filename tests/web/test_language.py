"""Two languages: Chinese first, English complete, one switch; and what people see has words for every code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.web.conftest import sign_in

from datong import share
from datong.domain.registers import REGISTER_FIELDS, RELATION_TYPES, TREE_FIELDS
from datong.fuse.address.reasons import _TEXTS
from datong.store import Store
from datong.web import labels, mark_words
from datong.web.catalogue import CATALOGUE, sentences
from datong.web.errors import KINDS
from datong.web.i18n import choose_language, translations
from datong.web.render import environment

TEMPLATES = Path(labels.__file__).parent / "templates"


def test_every_sentence_has_its_english():
    english = translations("en")
    missing = sorted({sentence for sentence in sentences() if english.gettext(sentence) == sentence})
    assert missing == [], "run `python -m datong.web.catalogue` and translate"


def test_the_catalogue_holds_no_dead_sentence():
    kept = set(re.findall(r'^msgid "(.+)"$', CATALOGUE.read_text(encoding="utf-8"), re.M))
    assert {one.replace('\\"', '"') for one in kept} <= set(sentences())


def test_placeholders_survive_translation():
    english = translations("en")
    for sentence in sentences():
        assert set(re.findall(r"%\(\w+\)s", sentence)) == set(re.findall(r"%\(\w+\)s", english.gettext(sentence))), sentence


def test_no_template_says_chinese_outside_the_catalogue():
    for path in TEMPLATES.rglob("*.html"):
        text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.S)
        text = re.sub(r"_\('[^']*'", "", text)
        found = re.findall(r"[\u4e00-\u9fff]+", text)
        assert set(found) <= {"中文"}, f"{path.name}: {found}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_template_compiles(language: str):
    for path in TEMPLATES.rglob("*.html"):
        environment(language).get_template(str(path.relative_to(TEMPLATES)))


def test_every_field_and_relation_has_words():
    for register, fields in REGISTER_FIELDS.items():
        assert [name for name in fields if name not in labels.FIELDS and name not in TREE_FIELDS] == [], register
    assert set(RELATION_TYPES) == set(labels.RELATIONS) == set(labels.RELATIONS_BACK)


def test_the_language_is_the_address_lines_then_the_cookies_then_the_citys():
    assert choose_language("en", "zh", "zh") == "en"
    assert choose_language(None, "en", "zh") == "en"
    assert choose_language(None, None, "zh") == "zh"
    assert choose_language("xx", "yy", "zh") == "zh"


def test_one_click_turns_every_page_english_and_back(client: TestClient):
    sign_in(client, "clerk")
    assert '<html lang="zh-CN">' in client.get("/office").text
    page = client.get("/office?lang=en").text
    assert '<html lang="en">' in page and "Verify premises" in page and 'lang="zh-CN" hreflang="zh-CN">中文' in page
    assert "Choose a purpose" in client.get("/office/purpose").text
    client.get("/office?lang=zh")
    assert "选择用途" in client.get("/office/purpose").text


def test_an_english_page_says_no_chinese_but_names_of_things(client: TestClient, store: Store):
    sign_in(client, "clerk")
    page = client.get("/office/verify?lang=en", follow_redirects=True).text
    body = re.sub(r"<[^>]+>", " ", page[page.index("<main") :])
    with store.session(read_only=True) as session:
        bases = {purpose.basis for purpose in share.installed(session).sharing.purposes.values()}
    for basis in bases:
        body = body.replace(basis, "")
    assert re.findall(r"[\u4e00-\u9fff]+", body) == []


def test_the_large_text_switch_is_remembered(client: TestClient):
    assert 'class="plain elder"' in client.get("/sign-in?elder=1").text
    assert 'class="plain elder"' in client.get("/sign-in").text
    assert 'class="plain"' in client.get("/sign-in?elder=0").text


def test_every_problem_is_told_in_both_languages():
    for kind in KINDS.values():
        assert re.search(r"[\u4e00-\u9fff]", kind.zh) and not re.search(r"[\u4e00-\u9fff]", kind.en)


def test_every_reason_of_the_address_reader_has_short_words() -> None:
    assert [word for word in _TEXTS if word not in mark_words.REASONS] == []
