"""Weights, how common a value is, thresholds: what is declared, what is counted, what is learnt."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.fuse.world import World, citizen, credit, real_packs

from datong import fuse
from datong.domain.errors import BadPack
from datong.domain.names import compare_names, parts_of_org_name, read_org_name
from datong.fuse import rarity
from datong.fuse.compare import COMPARISONS
from datong.fuse.learn import FEWEST_PAIRS, Pair, learn
from datong.fuse.model import Costs, Model, thresholds
from datong.fuse.persona import Persona, persona
from datong.fuse.score import score_pair

PERSON = fuse.load_models(real_packs())["person"]
ORGANISATION = fuse.load_models(real_packs())["organisation"]


def person(key: str, **facts: Any) -> Persona:
    return persona(key, "person", (), {name: [value] if isinstance(value, str) else value for name, value in facts.items()})


def firm(key: str, **facts: Any) -> Persona:
    return persona(key, "organisation", (), {name: [value] for name, value in facts.items()})


# ── comparisons ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("李小红", "陈李小红", "surname_changed"),
        ("李小红", "王小红", "surname_changed"),
        ("欧阳小红", "王小红", "surname_changed"),
        ("李红", "王红", "different"),
        ("李小红", "李小红", "same"),
        ("张小明", "章晓明", "homophone"),
        ("买买提·艾力", "买买提•艾力", "variant"),
        ("王喆", "WANG ZHE", "pinyin"),
    ],
)
def test_names(left: str, right: str, level: str) -> None:
    assert compare_names(left, right) == compare_names(right, left) == level


@pytest.mark.parametrize(
    ("fact", "left", "right", "level"),
    [
        ("number", citizen("1975-03-07", 11), citizen("1975-03-07", 11)[:6] + citizen("1975-03-07", 11)[8:17], "old15"),
        ("birth_date", "1985-03-07", "1985-07-03", "swapped"),
        ("birth_date", "1985-03-17", "1985-03-71", "one_digit"),
        ("birth_date", "1985-12-17", "1985-12-27", "one_digit"),
        ("relative", "child:王小明", "child:王晓明", "close"),
        ("relative", "王小明", "child:王小明", "different"),
    ],
)
def test_people_are_compared_by(fact: str, left: str, right: str, level: str) -> None:
    assert COMPARISONS[fact](person("a", **{fact: left}), person("b", **{fact: right})) == level


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("淄博鑫源机械有限公司", "淄博鑫源机械有限公司", "same_registered"),
        ("张店老王便利店", "张店老王便利店", "same"),
        ("淄博市鑫源机械有限公司", "淄博鑫源机械有限责任公司", "core"),
        ("淄博鑫源精密机械有限公司", "淄博鑫源精密机械制造有限公司", "close"),
        ("鑫源(淄博)机械有限公司", "鑫源机械有限公司", "core"),
        ("济南市鑫源机械有限公司", "淄博市鑫源机械有限公司", "other_region"),
        ("鑫源机械有限公司", "鑫源公司", "trade_name"),
        ("鑫源机械有限公司", "鑫源餐饮有限公司", "other_industry"),
        ("鑫源机械有限公司", "华兴餐饮有限公司", "different"),
    ],
)
def test_organisation_names_are_compared_by_their_parts(left: str, right: str, level: str) -> None:
    one, two = firm("a", org_name=left), firm("b", org_name=right)
    assert COMPARISONS["org_name"](one, two) == COMPARISONS["org_name"](two, one) == level


def test_the_parts_of_an_organisations_name() -> None:
    parts = parts_of_org_name(read_org_name("山东鑫源信息科技有限公司"))
    assert (parts.region, parts.trade, parts.industry, parts.form) == ("山东", "鑫源", "信息科技", "有限公司")
    assert parts_of_org_name("张店区老王便利店").trade == "老王便利"


def test_a_credit_code_with_one_wrong_character_or_an_old_body_is_near() -> None:
    code = "91370303MA3C0PF7XX"
    wrong = firm("a", credit_code=code[:4] + "9" + code[5:])
    assert COMPARISONS["credit_code"](wrong, firm("b", credit_code=code)) == "one_edit"
    assert COMPARISONS["credit_code"](firm("a", credit_code="92370101" + code[8:17] + "0"), firm("b", credit_code=code)) == "body"


def test_every_declared_level_has_a_weight_and_every_weight_a_known_comparison() -> None:
    for model in (PERSON, ORGANISATION):
        assert set(model.weights) <= set(COMPARISONS)
        assert all("missing" in weights for weights in model.weights.values())
        for one in fuse.declared(model):
            assert len(one.explained) > 15
        assert f"{model.same:g} and {model.unsure:g} bits" in fuse.why_thresholds(model)


# ── how common a value is ────────────────────────────────────────────────────────────────────────────


def counted(names: dict[str, int]) -> Model:
    found = rarity.count("name_rarity", names.items(), 100_000)
    assert found is not None
    return replace(PERSON, rarity={"name_rarity": found})


def test_agreement_on_a_common_name_says_less_and_stands_in_the_sum_as_its_own_line() -> None:
    model = counted({"张伟": 3000, "王芳": 300, **{f"赵{chr(0x4E00 + at)}明": 3 for at in range(8000)}})
    scores = {}
    for name in ("张伟", "王芳", "赵一明"):
        found = score_pair(model, person("a", name=name, phone="13912345678"), person("b", name=name, phone="13912345678"))
        assert found.score == sum(one.weight for one in found.compared)
        scores[name] = (found.score, next(one.level for one in found.compared if one.comparison == "name_rarity"))
    assert [scores[name][1] for name in scores] == ["very_common", "usual", "rare"]
    assert scores["张伟"][0] < scores["王芳"][0] < scores["赵一明"][0]


def test_a_name_that_does_not_agree_is_neither_common_nor_rare() -> None:
    model = counted({"张伟": 3000, "李小红": 5})
    found = score_pair(model, person("a", name="张伟"), person("b", name="李小红"))
    assert "name_rarity" not in {one.comparison for one in found.compared}


@given(st.dictionaries(st.text("张王李赵一二三四", min_size=2, max_size=3), st.integers(1, 10_000), min_size=1, max_size=200))
def test_few_values_are_kept_and_the_commoner_of_two_never_counts_more(counts: dict[str, int]) -> None:
    found = rarity.count("name_rarity", counts.items(), 100_000)
    assert found is not None
    total = sum(counts.values())
    agreement = sum((number / total) ** 2 for number in counts.values())
    assert len(found.levels) <= 4 / agreement
    order = ["very_common", "common", "usual", "rare"]
    ranked = [order.index(found.of([name])) for name, _ in sorted(counts.items(), key=lambda pair: -pair[1])]
    assert ranked == sorted(ranked)


def test_a_shop_whose_name_one_organisation_alone_bears_is_found_by_it_but_two_strays_are_not_joined(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rarity, "FEWEST", 3)
    for at, name in enumerate(("张店老王便利店", "张店小李快餐店", "张店小李快餐店", "张店阿东理发店")):
        world.add("market_enterprise", entity_no=str(at), org_name=name, credit_code=credit(at))
    told = {name: world.add("tax_paid", ticket_no=name, org_name=name) for name in ("张店老王便利店", "张店小李快餐店")}
    strays = [world.add("tax_paid", ticket_no=str(at), org_name="张店大山五金店") for at in range(2)]
    world.fuse()
    codes = {name: world.member("tax_paid", record, "organisation") for name, record in told.items()}
    assert codes["张店老王便利店"][1] == "compared", "one shop alone has this core"
    assert codes["张店小李快餐店"][1] != "compared", "two shops share this core"
    assert {world.member("tax_paid", record, "organisation")[1] for record in strays} <= {"alone", "unsure", "too_little", "compared"}
    found = score_pair(
        replace(ORGANISATION, rarity={"org_name_rarity": rarity.Rarity({}, "unique")}),
        firm("a", org_name="张店大山五金店"),
        firm("b", org_name="张店大山五金店"),
    )
    assert found.verdict != "same" and ("org_name_rarity", "rare") in {(one.comparison, one.level) for one in found.compared}


def test_a_small_register_counts_nothing() -> None:
    assert rarity.count("name_rarity", [("张伟", 900)], 999) is None


def test_a_whole_run_counts_names_and_a_pushed_record_is_weighed_by_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rarity, "FEWEST", 30)
    for number in range(130):
        name = "张伟" if number < 10 else f"李小{chr(0x4E00 + number)}"
        world.household(str(number), name, citizen(f"19{50 + number % 50}-01-0{1 + number // 50}", 11))
    home = world.home()
    common = world.household("141", "张伟", citizen("1991-01-02", 13), home)
    rare = world.household("142", "欧阳玥彤", citizen("1991-01-03", 13), home)
    told = world.health("1", "张伟", address=home)
    world.fuse()
    assert world.member("health_file", told) == ("", "unsure"), f"a common name at one door is not enough for {common}"
    world.push("health_file", file_no="2", name="欧阳玥彤", address=home)
    codes = {code for ref, code in world.links().items() if ref.startswith("health_file") and ref.endswith("/person") and code}
    assert codes == {world.code("police_household", rare)}
    before = world.groups()
    world.fuse()
    assert world.groups() == before


# ── thresholds ───────────────────────────────────────────────────────────────────────────────────────


def test_thresholds_follow_from_costs_and_prior() -> None:
    found = thresholds(1 / 257, Costs(false_link=17, missed_link=2, review=1))
    assert (found.same, found.unsure) == (12.0, 8.0)
    assert (round(found.chance_same, 4), found.chance_unsure) == (0.9412, 0.5)


@given(st.floats(1e-6, 0.4), st.floats(2.1, 1e4), st.floats(2.1, 1e3))
def test_each_decision_is_the_cheapest_at_its_chance(prior: float, false_link: float, missed_link: float) -> None:
    costs = Costs(false_link, missed_link, 1.0)
    found = thresholds(prior, costs)
    assert found.same >= found.unsure
    for bits in (found.unsure - 3, (found.same + found.unsure) / 2, found.same + 3):
        odds = prior / (1 - prior) * 2**bits
        chance = odds / (1 + odds)
        cost = {"same": (1 - chance) * false_link, "unsure": 1.0, "different": chance * missed_link}
        chosen = "same" if bits >= found.same else "unsure" if bits >= found.unsure else "different"
        assert cost[chosen] <= min(cost.values()) + 0.15 * max(1.0, min(cost.values()))


# ── learning ─────────────────────────────────────────────────────────────────────────────────────────


def sampled(rng: random.Random, count: int) -> tuple[list[Pair], list[Pair]]:
    """Pairs of an account's block of whom a third are one person, and pairs of strangers; shares that learning must find."""

    def pair(at: str, same: bool, blocks: tuple[str, ...] = ()) -> Pair:
        names = ("王小明", "王小明" if rng.random() < (0.9 if same else 0.02) else rng.choice(("王丽", "赵强")))
        days = ("1985-03-07", "1985-03-07" if rng.random() < (0.95 if same else 0.01) else "1962-11-20")
        sexes = ("male", "male" if rng.random() < (0.99 if same else 0.5) else "female")
        left, right = (person(f"{side}{at}", name=names[at_], birth_date=days[at_], sex=sexes[at_]) for at_, side in enumerate("ab"))
        return Pair(left, right, blocks)

    pairs = [pair(f"pair{at}", rng.random() < 0.35, ("account",)) for at in range(count)]
    return pairs, [pair(f"drawn{at}", False) for at in range(count * 2)]


def test_weights_are_found_without_labels() -> None:
    pairs, drawn = sampled(random.Random(3), 3000)
    found = learn(PERSON, pairs, drawn, mentions=3000, subjects=20_000)
    rows = {(row.comparison, row.level): row for row in found.rows}
    assert rows["name", "same"].m == pytest.approx(0.9, abs=0.04)
    assert rows["birth_date", "same"].m == pytest.approx(0.95, abs=0.03)
    assert rows["sex", "different"].m == pytest.approx(0.01, abs=0.02)
    assert (rows["sex", "same"].learnt or 0) == pytest.approx(1.0, abs=0.2)
    assert rows["phone", "same"].learnt is None, "no pair says anything of phones: the declared weight stands"
    assert 0 < found.prior < 1e-4


def test_judged_pairs_count_as_labelled_ones() -> None:
    pairs, drawn = sampled(random.Random(4), 400)
    judged = [
        Pair(person(f"e{at}", name="王小明", sex="male"), person(f"f{at}", name="王晓明", sex="male"), (), "same") for at in range(40)
    ]
    rows = {
        bool(extra): {(row.comparison, row.level): row for row in learn(PERSON, pairs + extra, drawn, mentions=400, subjects=20_000).rows}
        for extra in ([], judged)
    }
    assert rows[True]["name", "homophone"].m > 0.2 > rows[False]["name", "homophone"].m
    assert rows[True]["name", "homophone"].pairs >= FEWEST_PAIRS and rows[True]["name", "homophone"].learnt is not None


def test_a_proposal_differs_in_weights_and_prior_alone() -> None:
    from datong.settings import packs_folder

    text = (packs_folder() / "registers" / "comparisons.yml").read_text(encoding="utf-8")
    pairs, drawn = sampled(random.Random(5), 1000)
    found = learn(PERSON, pairs, drawn, mentions=1000, subjects=20_000)
    before, after = yaml.safe_load(text), yaml.safe_load(fuse.propose(text, [found]))
    assert after["organisation"] == before["organisation"]
    assert {**after["person"], "comparisons": 0, "prior": 0} == {**before["person"], "comparisons": 0, "prior": 0}
    assert after["person"]["prior"] == float(f"{found.prior:.2g}")
    learnt = {(row.comparison, row.level): row.learnt for row in found.rows if row.learnt is not None}
    for name, weights in after["person"]["comparisons"].items():
        for level, bits in weights.items():
            assert bits == learnt.get((name, level), before["person"]["comparisons"][name][level])
    assert [line for line in fuse.propose(text, [found]).splitlines() if line.startswith("#")] == [
        line for line in text.splitlines() if line.startswith("#")
    ]


def test_a_model_of_nonsense_is_refused_with_every_fault(tmp_path: Any) -> None:
    import shutil

    from datong.settings import packs_folder
    from datong.spec import load_packs

    shutil.copytree(packs_folder(), tmp_path / "packs")
    path = tmp_path / "packs" / "registers" / "comparisons.yml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("prior: 0.00389", "prior: 3", 1).replace("costs: {false_link: 9, missed_link: 2, review: 1}", "costs: {review: 1}")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadPack) as caught:
        fuse.load_models(load_packs(tmp_path / "packs"))
    assert "prior is a chance" in str(caught.value) and "costs wants false_link" in str(caught.value)
