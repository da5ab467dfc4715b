"""A decision table of a rule file: rules with `if:`, `then:`, `reference:`; columns are what the rules speak of."""

from __future__ import annotations

from collections.abc import Mapping

from datong.rules.model import Input, Output, Place, Rule, TableBox
from datong.rules.pack_cells import Column, condition_text, result_text
from datong.spec import Faults, Node

HITS = {
    "unique": "U",
    "any": "A",
    "priority": "P",
    "first": "F",
    "rule order": "R",
    "output order": "O",
    "collect": "C",
    "sum": "C+",
    "least": "C<",
    "greatest": "C>",
    "count": "C#",
}
_RULE = ("id", "if", "then", "reference", "note")
_INPUT = ("is", "type", "values", "zh", "en")
_OUTPUT = ("type", "values", "zh", "en")
_ONE_AT_MOST = ("U", "A", "P", "F")


def table_of(name: str, node: Node, columns: Mapping[str, Column], faults: Faults) -> TableBox:
    """The table of a decision."""
    return _Table(name, node, dict(columns), faults).box()


class _Table:
    def __init__(self, name: str, node: Node, columns: dict[str, Column], faults: Faults) -> None:
        self.name = name
        self.node = node
        self.columns = columns
        self.faults = faults
        self.inputs: dict[str, Input] = {}
        self.outputs: dict[str, tuple[Output, Column]] = {}
        self.reference = _text(node, "reference")

    def box(self) -> TableBox:
        """The whole table."""
        hit = self.hit()
        self.declared_inputs()
        listed = self.node.get("rules")
        rules = listed.items() if listed is not None else []
        self.declared_outputs(rules)
        for rule in rules:
            self.conditions_of(rule)
        made = [self.rule(rule, number) for number, rule in enumerate(rules, start=1)]
        defaults: dict[str, str] = {}
        if (otherwise := self.node.get("otherwise")) is not None:
            if hit == "F":
                made.append(self.last_rule(otherwise))
            else:
                defaults = self.results(otherwise)
        self.same_ids(made)
        outputs = [_with_default(one, defaults.get(key, "")) for key, (one, _) in self.outputs.items()]
        return TableBox(inputs=tuple(self.inputs.values()), outputs=tuple(outputs), rules=tuple(made), hit=hit, place=_place(self.node))

    def hit(self) -> str:
        """The hit policy, in words or by its letter."""
        node = self.node.get("hit")
        if node is None:
            return "U"
        text = node.text.strip()
        if text in HITS.values():
            return text
        if text.lower() not in HITS:
            self.faults.add(node, f"`hit:` is one of {', '.join(HITS)}")
        return HITS.get(text.lower(), "U")

    def declared_inputs(self) -> None:
        """Columns with an expression of their own, or in an order of their own."""
        node = self.node.get("inputs")
        for key, one in node.entries() if node is not None else ():
            for word, _ in one.entries():
                if word not in _INPUT:
                    self.faults.add(one.key_node(word), f"{word!r} is not known here; known are {', '.join(_INPUT)}")
            expression = _text(one, "is") if one.is_mapping else one.text.strip()
            words = one.get("values")
            column = Column(_text(one, "type"), tuple(word.text for word in words.items()) if words is not None else ())
            if not column.type and expression in self.columns:
                column = self.columns[expression]
            self.columns[key] = column
            label = _text(one, "zh") or _text(one, "en") or key
            self.inputs[key] = Input(expression or key, column.type, column.listed(), label, _place(one))
        for one in node.items() if node is not None else ():
            self.known_input(one.text.strip(), one)

    def known_input(self, key: str, node: Node) -> None:
        """A column about a fact, value or decision by its name."""
        if key in self.inputs:
            return
        if key not in self.columns:
            self.faults.add(node, f"{key!r} is no fact, value or decision of this file, nor a column of `inputs:`")
        column = self.columns.setdefault(key, Column(""))
        self.inputs[key] = Input(key, column.type, "", "", _place(node))

    def conditions_of(self, rule: Node) -> None:
        """Take up the columns that a rule speaks of."""
        conditions = rule.get("if")
        if conditions is not None and not conditions.is_mapping:
            self.faults.add(conditions, "`if:` is a mapping from column to condition")
            return
        for key, _ in conditions.entries() if conditions is not None else ():
            self.known_input(key, conditions.key_node(key) if conditions is not None else rule)

    def declared_outputs(self, rules: list[Node]) -> None:
        """The columns of results: as declared, or the one the decision itself is."""
        node = self.node.get("outputs")
        for key, one in node.entries() if node is not None else ():
            for word, _ in one.entries():
                if word not in _OUTPUT:
                    self.faults.add(one.key_node(word), f"{word!r} is not known here; known are {', '.join(_OUTPUT)}")
            words = one.get("values")
            kind = _text(one, "type") if one.is_mapping else one.text.strip()
            column = Column(kind, tuple(word.text for word in words.items()) if words is not None else ())
            self.outputs[key] = Output(key, column.type, column.listed(), "", _text(one, "zh"), _place(one)), column
        if not self.outputs:
            if any((then := rule.get("then")) is not None and then.is_mapping for rule in rules):
                self.faults.add(self.node, "several results need `outputs:`, each with its type")
            column = Column(_text(self.node, "type"))
            self.outputs[self.name] = Output(self.name, column.type, "", "", "", _place(self.node)), column

    def results(self, node: Node) -> dict[str, str]:
        """The results of `then:` or `otherwise:` by column."""
        if not node.is_mapping:
            if len(self.outputs) > 1:
                self.faults.add(node, f"name each result: {', '.join(self.outputs)}")
            (key, (_, column)) = next(iter(self.outputs.items()))
            return {key: result_text(node, column)}
        found: dict[str, str] = {}
        for key, one in node.entries():
            if key in self.outputs:
                found[key] = self.checked(one, self.outputs[key][1])
            elif key not in ("reference", "note"):
                self.faults.add(node.key_node(key), f"{key!r} is none of the results: {', '.join(self.outputs)}")
        return found

    def checked(self, node: Node, column: Column) -> str:
        """A result; a word that its column does not list is a fault."""
        if column.words and not node.text.strip().startswith("=") and node.text.strip() not in column.words:
            self.faults.add(node, f"{node.text.strip()!r} is none of {', '.join(column.words)}")
        return result_text(node, column)

    def rule(self, node: Node, number: int) -> Rule:
        """One rule."""
        for key, _ in node.entries():
            if key not in _RULE:
                self.faults.add(node.key_node(key), f"{key!r} is not known here; known are {', '.join(_RULE)}")
        conditions, then = node.get("if"), node.get("then")
        if then is None:
            self.faults.add(node, "a rule needs `then:`")
        results = self.results(then) if then is not None else {}
        reference = _text(node, "reference") or self.reference
        if not reference:
            self.faults.add(node, "a rule needs `reference:`, the law it rests on (or the decision has one for all)")
        return Rule(
            id=_text(node, "id") or f"{self.name}/{number}",
            tests=tuple(self.test(conditions, key) for key in self.inputs),
            results=tuple(results.get(key, "null") for key in self.outputs),
            reference=reference,
            note=_text(node, "note"),
            place=_place(node),
        )

    def test(self, conditions: Node | None, key: str) -> str:
        """A rule's condition on a column; `-` where it has none."""
        found = conditions.get(key) if conditions is not None else None
        return condition_text(found, self.columns[key]) if found is not None else "-"

    def last_rule(self, node: Node) -> Rule:
        """`otherwise:` of a table where the first rule counts: a rule that always applies."""
        results = self.results(node)
        return Rule(
            id=f"{self.name}/otherwise",
            tests=tuple("-" for _ in self.inputs),
            results=tuple(results.get(key, "null") for key in self.outputs),
            reference=(_text(node, "reference") if "reference" not in self.outputs else "") or self.reference,
            note=_text(node, "note") if "note" not in self.outputs else "",
            place=_place(node),
        )

    def same_ids(self, rules: list[Rule]) -> None:
        """A rule's id names one rule."""
        seen: dict[str, Rule] = {}
        for rule in rules:
            if rule.id in seen:
                self.faults.add(Node("", rule.place.file, rule.place.line), f"the rule {rule.id!r} stands twice")
            seen[rule.id] = rule


def _with_default(output: Output, default: str) -> Output:
    return Output(output.name, output.type, output.values, default, output.label, output.place)


def _text(node: Node, key: str) -> str:
    found = node.get(key)
    return found.text.strip() if found is not None else ""


def _place(node: Node) -> Place:
    return Place(node.file, node.line)
