"""The parts between FEEL's operators: literals, names, calls, paths, filters, ranges, lists, contexts, iterations, types."""

from __future__ import annotations

from datong.rules.feel.at_literal import at_literal
from datong.rules.feel.faults import FeelSyntax
from datong.rules.feel.lex import WORD, Names, skip_blank, tidy_name
from datong.rules.feel.nodes import (
    Call,
    ContextNode,
    Filter,
    For,
    If,
    InstanceOf,
    ListNode,
    Literal,
    Member,
    Name,
    Node,
    Quantified,
    RangeNode,
    Span,
    Test,
)
from datong.rules.feel.words import Words, of_properties

_CONSTANTS = {"true": True, "false": False, "null": None}


class Parts(Words):
    """Reads what stands between operators. `Parser` adds the operators."""

    def expression(self) -> Node:
        """Any expression; the operators' reader says how."""
        raise FeelSyntax(self.text, self.at, "an expression is expected")

    def additive(self) -> Node:
        """A sum; the operators' reader says how."""
        return self.expression()

    def function_definition(self) -> Node:
        """What follows `function`; the operators' reader says how."""
        return self.expression()

    # -- what begins with a keyword ----------------------------------------

    def worded(self, word: str) -> Node:
        """An expression that begins with `if`, `for`, `some`, `every` or `function`."""
        self.take()
        if word == "if":
            condition = self.expression()
            self.expect_word("then")
            then = self.expression()
            self.expect_word("else")
            return If(condition, then, self.expression())
        if word == "function":
            return self.function_definition()
        return self.iteration(word)

    def iteration(self, word: str) -> Node:
        """`for …`, `some …`, `every …`."""
        outer = self.names
        self.names = Names(["partial"], outer)
        names: list[str] = []
        lists: list[Node] = []
        while not names or self.take_op(","):
            names.append(self.iterator_name())
            lists.append(self.iterated())
            self.names.add(names[-1])
            self._seen = None
        self.expect_word("return" if word == "for" else "satisfies")
        body = self.expression()
        self.names, self._seen = outer, None
        if word == "for":
            return For(tuple(names), tuple(lists), body)
        return Quantified(word == "every", tuple(names), tuple(lists), body)

    def iterator_name(self) -> str:
        """The name before `in`."""
        parts: list[str] = []
        while not self.take_word("in"):
            token = self.take()
            if token.kind in ("end", "op", "string"):
                raise FeelSyntax(self.text, token.start, "a name and 'in' are expected")
            parts.append(str(token.value))
        return " ".join(parts)

    def iterated(self) -> Node:
        """A list, or `low..high`."""
        low = self.expression()
        return Span(low, self.expression()) if self.take_op("..") else low

    # -- what follows a value ----------------------------------------------

    def postfix(self) -> Node:
        """A value with its paths, filters and calls."""
        node = self.primary()
        while True:
            if self.take_op("."):
                node = Member(node, self.member_name())
            elif self.looking_at("[") and self.filters:
                node = self.filtered(node)
            elif self.looking_at("("):
                node = self.called(node)
            elif self.take_word("instance"):
                self.expect_word("of")
                node = InstanceOf(node, self.type_name())
            else:
                return node

    def member_name(self) -> str:
        """The name behind a point: a known one if one stands there."""
        start = skip_blank(self.text, self.at)
        found = WORD.match(self.text, start)
        if not found:
            raise FeelSyntax(self.text, start, "a name is expected behind the point")
        known = self.names.longest(self.text, start, found[0]) or self.keys.longest(self.text, start, found[0])
        longest = known or of_properties(self.text, start)
        name, self.at = longest or (found[0], found.end())
        self._seen = None
        return name

    def filtered(self, node: Node) -> Node:
        """`[index]` or `[condition]`."""
        self.take()
        with self.scope(["item", *self.keys.listed()]):
            outer, self.filters = self.filters, True
            condition = self.expression()
            self.filters = outer
            self.expect_op("]")
        return Filter(node, condition)

    def called(self, node: Node) -> Node:
        """`(argument, …)` or `(name: argument, …)`."""
        self.take()
        outer, self.filters = self.filters, True
        arguments: list[Node] = []
        names: list[str] = []
        while not self.take_op(")"):
            if arguments:
                self.expect_op(",")
            if name := self.argument_name():
                names.append(name)
            arguments.append(self.expression())
        self.filters = outer
        if names and len(names) != len(arguments):
            raise FeelSyntax(self.text, self.at, "name all arguments or none")
        return Call(node, tuple(arguments), tuple(names))

    def argument_name(self) -> str:
        """`name:` before an argument, if there is one."""
        start = skip_blank(self.text, self.at)
        end = self.text.find(":", start)
        name = self.text[start:end].strip() if end > start else ""
        if not WORD.match(name) or any(sign in name for sign in '"(){}[],.@=<>'):
            return ""
        self.at, self._seen = end + 1, None
        return tidy_name(name)

    # -- values ------------------------------------------------------------

    def primary(self) -> Node:
        """A literal, name, list, range, context, or an expression in parentheses."""
        token = self.peek()
        if token.kind in ("number", "string"):
            return Literal(self.take().value)
        if token.kind == "at":
            self.take()
            return Literal(at_literal(str(token.value)))
        if token.kind == "name":
            return Name(str(self.take().value))
        if token.kind == "word":
            return self.worded_value(str(token.value))
        if token.kind == "op" and token.value in ("[", "]", "(", "{"):
            self.deeper()
            outer, self.filters = self.filters, True
            node = self.context() if token.value == "{" else self.bracketed(str(self.take().value))
            self.filters = outer
            self.depth -= 1
            return node
        raise FeelSyntax(self.text, token.start, "a value is expected")

    def worded_value(self, word: str) -> Node:
        """true, false, null, or an expression that begins with a keyword."""
        if word in _CONSTANTS:
            self.take()
            return Literal(_CONSTANTS[word])
        if word in ("for", "some", "every", "if", "function"):
            return self.worded(word)
        raise FeelSyntax(self.text, self.peek().start, f"{word!r} cannot stand here")

    def bracketed(self, opening: str) -> Node:
        """`[…]`, `(…)` or `]…`: a list, a range, a test, or a value in parentheses."""
        if opening == "(" and (token := self.peek()).kind == "op" and token.value in ("=", "!=", "<", "<=", ">", ">="):
            self.take()
            node: Node = Test(str(token.value), self.additive())
            self.expect_op(")")
            return node
        if opening == "[" and self.take_op("]"):
            return ListNode(())
        first = self.list_item() if opening == "[" else self.expression()
        if self.take_op(".."):
            return self.range_from(first, opening)
        if opening == "(":
            self.expect_op(")")
            return first
        if opening == "]":
            raise FeelSyntax(self.text, self.at, "a range ']low..high' is expected")
        items = [first]
        while self.take_op(","):
            items.append(self.list_item())
        self.expect_op("]")
        return ListNode(tuple(items))

    def list_item(self) -> Node:
        """An item of a list: an expression, or a test such as `< 5`."""
        token = self.peek()
        if token.kind == "op" and token.value in ("<", "<=", ">", ">="):
            self.take()
            return Test(str(token.value), self.additive())
        return self.expression()

    def range_from(self, low: Node, opening: str) -> Node:
        """The rest of a range behind `..`."""
        outer, self.filters = self.filters, False
        high = self.additive()
        self.filters = outer
        token = self.take()
        if token.kind != "op" or token.value not in ("]", ")", "["):
            raise FeelSyntax(self.text, token.start, "the end of a range, ']' or ')' or '[', is expected")
        return RangeNode(low, high, opening == "[", token.value == "]")

    def context(self) -> Node:
        """`{key: value, …}`."""
        self.take()
        entries: list[tuple[str, Node]] = []
        outer = self.names
        self.names = Names((), outer)
        while not self.take_op("}"):
            if entries:
                self.expect_op(",")
            key = self.declared_name((":",))
            self.expect_op(":")
            entries.append((key, self.expression()))
            self.names.add(key)
            self.keys.add(key)
            self._seen = None
        self.names, self._seen = outer, None
        return ContextNode(tuple(entries))
