"""FEEL text to nodes, by the grammar of DMN 1.5 chapter 10.3.1.2, with the names in scope deciding where a name ends."""

from __future__ import annotations

from collections.abc import Iterable

from datong.rules.feel.lex import Names, tidy_name
from datong.rules.feel.nodes import (
    Arithmetic,
    Between,
    Both,
    Compare,
    Either,
    FunctionNode,
    In,
    Literal,
    Negate,
    Node,
    Test,
    Tests,
    TypeName,
)
from datong.rules.feel.parse_parts import Parts

COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


def parse_expression(text: str, names: Names) -> Node:
    """One expression. Raises FeelSyntax with the place and what was expected."""
    parser = Parser(text, names)
    node = parser.expression()
    parser.expect_end()
    return node


def parse_tests(text: str, names: Names) -> Tests:
    """A cell of a decision table: `-`, `not(…)`, or tests parted by commas."""
    parser = Parser(text, Names(around=names))
    if text.strip() in ("-", ""):
        return Tests(())
    tests = parser.unary_tests()
    parser.expect_end()
    return tests


def parse_type(text: str) -> TypeName:
    """A type as a model writes it. Raises FeelSyntax."""
    parser = Parser(text, Names())
    found = parser.type_name()
    parser.expect_end()
    return found


def known_names(names: Iterable[str], around: Names | None = None) -> Names:
    """The names of a scope, ready for the parser."""
    return Names((tidy_name(name) for name in names), around)


class Parser(Parts):
    """Reads from the loosest operator to the tightest; what stands between operators is read by `Parts`."""

    def expression(self) -> Node:
        """Any expression."""
        token = self.peek()
        if token.kind == "word" and token.value in ("for", "some", "every", "if", "function"):
            self.deeper()
            node = self.worded(str(token.value))
            self.depth -= 1
            return node
        return self.disjunction()

    def disjunction(self) -> Node:
        """`a or b`."""
        self.deeper()
        node = self.conjunction()
        while self.take_word("or"):
            node = Either(node, self.conjunction())
        self.depth -= 1
        return node

    def conjunction(self) -> Node:
        """`a and b`."""
        node = self.comparison()
        while self.take_word("and"):
            node = Both(node, self.comparison())
        return node

    def comparison(self) -> Node:
        """`a < b`, `a between b and c`, `a in …`."""
        node = self.additive()
        while True:
            token = self.peek()
            if token.kind == "op" and token.value in COMPARISONS:
                self.take()
                node = Compare(str(token.value), node, self.additive())
            elif self.take_word("between"):
                low = self.additive()
                self.expect_word("and")
                node = Between(node, low, self.additive())
            elif self.take_word("in"):
                node = In(node, self.in_tests())
            else:
                return node

    def in_tests(self) -> Tests:
        """What follows `in`: one test, or tests in parentheses (which may also begin a range)."""
        if not self.take_op("("):
            return Tests((self.unary_test(),))
        first = self.unary_test()
        if self.take_op(".."):
            return Tests((self.range_from(first, "("),))
        tests = [first]
        while self.take_op(","):
            tests.append(self.unary_test())
        self.expect_op(")")
        return Tests(tuple(tests))

    def unary_tests(self) -> Tests:
        """`test, test` or `not(test, test)`."""
        token = self.peek()
        mark = self.mark()
        if token.kind == "name" and token.value == "not":
            self.take()
            if self.take_op("("):
                tests = self.test_list()
                self.expect_op(")")
                if self.peek().kind == "end":
                    return Tests(tests, negated=True)
            self.back_to(mark)
        return Tests(self.test_list())

    def test_list(self) -> tuple[Node, ...]:
        """Tests parted by commas."""
        tests = [self.unary_test()]
        while self.take_op(","):
            tests.append(self.unary_test())
        return tuple(tests)

    def unary_test(self) -> Node:
        """`< 5`, or an expression."""
        token = self.peek()
        if token.kind == "op" and token.value in COMPARISONS:
            self.take()
            return Test(str(token.value), self.additive())
        return self.expression()

    def additive(self) -> Node:
        """`a + b`, `a - b`."""
        node = self.multiplicative()
        while (token := self.peek()).kind == "op" and token.value in ("+", "-"):
            self.take()
            node = Arithmetic(str(token.value), node, self.multiplicative())
        return node

    def multiplicative(self) -> Node:
        """`a * b`, `a / b`."""
        node = self.power()
        while (token := self.peek()).kind == "op" and token.value in ("*", "/"):
            self.take()
            node = Arithmetic(str(token.value), node, self.power())
        return node

    def power(self) -> Node:
        """`a ** b`, from left to right."""
        node = self.negation()
        while self.take_op("**"):
            node = Arithmetic("**", node, self.negation())
        return node

    def negation(self) -> Node:
        """`-a`; of a number written out it is the number."""
        if not self.take_op("-"):
            return self.postfix()
        self.deeper()
        operand = self.negation()
        self.depth -= 1
        if isinstance(operand, Literal) and self.is_number(operand):
            return Literal(-operand.value)
        return Negate(operand)

    def function_definition(self) -> Node:
        """`function(a: number) body` or `function(a) external {…}`."""
        self.expect_op("(")
        parameters: list[tuple[str, TypeName | None]] = []
        while not self.take_op(")"):
            name = self.declared_name((",", ")", ":"))
            parameters.append((name, self.type_name() if self.take_op(":") else None))
            if not self.looking_at(")"):
                self.expect_op(",")
        external = self.take_word("external")
        with self.scope(name for name, _ in parameters):
            return FunctionNode(tuple(parameters), self.expression(), external)
