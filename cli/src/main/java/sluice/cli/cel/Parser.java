package sluice.cli.cel;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sluice.cli.cel.Node.Call;
import sluice.cli.cel.Node.Field;
import sluice.cli.cel.Node.ListOf;
import sluice.cli.cel.Node.Literal;
import sluice.cli.cel.Node.Macro;
import sluice.cli.cel.Node.Variable;

/** Reads an expression, from what binds least to what binds most. */
final class Parser {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<text>'(?:[^'\\\\]|\\\\.)*')|(?<number>\\d+(?:\\.\\d+)?)|(?<name>\\w+)|(?<sign>&&|\\|\\||[=!<>]=|[-+*/<>!?:.,()\\[\\]]))");
    private static final Set<String> MACROS = Set.of("all", "exists", "exists_one", "map");
    private static final List<Set<String>> BINDING = List.of(
            Set.of("||"),
            Set.of("&&"),
            Set.of("==", "!=", "<", "<=", ">", ">=", "in"),
            Set.of("+", "-"),
            Set.of("*", "/"));

    private final String source;
    private final List<String> tokens = new ArrayList<>();
    private int next;

    private Parser(String source) {
        this.source = source;
        Matcher token = TOKEN.matcher(source);
        while (token.lookingAt()) {
            tokens.add(token.group().strip());
            token.region(token.end(), source.length());
        }
        if (!source.substring(token.regionStart()).isBlank()) {
            throw new IllegalArgumentException("not understood: " + source.substring(token.regionStart()));
        }
    }

    static Node parse(String source) {
        Parser parser = new Parser(source);
        Node whole = parser.expression();
        if (parser.next < parser.tokens.size()) {
            throw parser.unexpected();
        }
        return whole;
    }

    private Node expression() {
        Node condition = operation(0);
        if (!taken("?")) {
            return condition;
        }
        Node then = expression();
        take(":");
        return new Call("?", List.of(condition, then, expression()));
    }

    private Node operation(int level) {
        if (level == BINDING.size()) {
            return not();
        }
        Node left = operation(level + 1);
        while (BINDING.get(level).contains(peek())) {
            left = new Call(take(), List.of(left, operation(level + 1)));
        }
        return left;
    }

    private Node not() {
        return taken("!") ? new Call("!", List.of(not())) : member();
    }

    private Node member() {
        Node of = primary();
        while (true) {
            if (taken(".")) {
                of = part(of, take());
            } else if (taken("[")) {
                of = new Call("[]", List.of(of, expression()));
                take("]");
            } else {
                return of;
            }
        }
    }

    private Node part(Node of, String name) {
        if (!taken("(")) {
            return new Field(of, unescaped(name));
        }
        if (MACROS.contains(name)) {
            String variable = take();
            take(",");
            Node each = expression();
            take(")");
            return new Macro(name, of, variable, each);
        }
        return new Call(name, Stream.concat(Stream.of(of), list(")").stream()).toList());
    }

    private Node primary() {
        String token = take();
        if (token.equals("(")) {
            Node inner = expression();
            take(")");
            return inner;
        }
        if (token.equals("[")) {
            return new ListOf(list("]"));
        }
        char first = token.charAt(0);
        if (first == '\'') {
            return new Literal(text(token));
        }
        if (Character.isDigit(first)) {
            return new Literal(token.contains(".") ? (Object) Double.valueOf(token) : (Object) Long.valueOf(token));
        }
        if (!Character.isLetter(first)) {
            throw unexpected();
        }
        return taken("(") ? new Call(token, list(")")) : new Variable(token);
    }

    private List<Node> list(String end) {
        List<Node> all = new ArrayList<>();
        while (!taken(end)) {
            if (!all.isEmpty()) {
                take(",");
            }
            all.add(expression());
        }
        return all;
    }

    private static Object text(String quoted) {
        return quoted.substring(1, quoted.length() - 1).translateEscapes();
    }

    /** A field that is called as a word of the language is written {@code __for__}. */
    private static String unescaped(String name) {
        return name.startsWith("__") && name.endsWith("__") ? name.substring(2, name.length() - 2) : name;
    }

    private String peek() {
        return next < tokens.size() ? tokens.get(next) : "";
    }

    private boolean taken(String token) {
        boolean is = peek().equals(token);
        next += is ? 1 : 0;
        return is;
    }

    private String take() {
        if (next == tokens.size()) {
            throw unexpected();
        }
        return tokens.get(next++);
    }

    private void take(String token) {
        if (!taken(token)) {
            throw unexpected();
        }
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException("'%s' is not expected in: %s".formatted(peek(), source));
    }
}
