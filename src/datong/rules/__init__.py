"""Decisions by written rules: FEEL and DMN, read from a pack's YAML or DMN's XML, decided with the rules that applied and their law.

    model = rules.read_rules(path)                     .dmn, .xml or .yml; BadPack tells every fault with file and line
    decided = model.decide("verdict", facts, on=day)   outcome, rules, references, facts used, steps, notes, version
    rules.replay(model, decided, facts_now)            the same answer, or which fact changed

Pure: nothing here reads a store, asks for data or knows of the web. Whoever decides brings the facts.
"""

from datong.rules.decide import Change, Decided, Model, Replay, replay
from datong.rules.engine import Step
from datong.rules.facts import DAY
from datong.rules.fast import Quick
from datong.rules.read import check_rules, read_rules
from datong.rules.table import Hit
from datong.rules.tck import CaseResult, run_suites, summary
from datong.rules.xml_read import BadXml, XmlNode, read_xml

__all__ = [
    "DAY",
    "BadXml",
    "CaseResult",
    "Change",
    "Decided",
    "Hit",
    "Model",
    "Quick",
    "Replay",
    "Step",
    "XmlNode",
    "check_rules",
    "read_rules",
    "read_xml",
    "replay",
    "run_suites",
    "summary",
]
