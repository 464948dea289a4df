package sluice.cli.cel;

import java.util.List;

/** A part of an expression. Operators are calls that are named by their sign. */
sealed interface Node {
    record Literal(Object value) implements Node {}

    record Variable(String name) implements Node {}

    record Field(Node of, String name) implements Node {}

    /** A function's arguments; those of a method begin with what it is called on. */
    record Call(String function, List<Node> arguments) implements Node {}

    /** {@code of.macro(variable, each)}. */
    record Macro(String macro, Node of, String variable, Node each) implements Node {}

    record ListOf(List<Node> elements) implements Node {}
}
