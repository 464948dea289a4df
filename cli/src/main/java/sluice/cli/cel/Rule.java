package sluice.cli.cel;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import sluice.cli.cel.Node.Call;
import sluice.cli.cel.Node.Field;
import sluice.cli.cel.Node.ListOf;
import sluice.cli.cel.Node.Literal;
import sluice.cli.cel.Node.Macro;
import sluice.cli.cel.Node.Variable;
import sluice.operator.api.v1alpha1.KubernetesDuration;

/**
 * A rule about a value, which is called {@code self} in it. Values are {@link Map}s, {@link List}s, texts, {@link Long}, {@link Double},
 * {@link Boolean} and {@link Duration}. A rule guards what may be absent on the left of what needs it: unlike Kubernetes, what is on the
 * right of {@code ||} is not asked when the left cannot be told.
 */
public final class Rule {
    private final Node expression;

    private Rule(Node expression) {
        this.expression = expression;
    }

    /**
     * Reads a rule.
     *
     * @throws IllegalArgumentException for what is not understood
     */
    public static Rule parse(String source) {
        return new Rule(Parser.parse(source));
    }

    /**
     * Whether it holds.
     *
     * @throws RuntimeException when that cannot be told: a field that is absent, a function that does not exist
     */
    public boolean holds(Object self) {
        return isTrue(expression, Map.of("self", self));
    }

    private static boolean isTrue(Node node, Map<String, Object> scope) {
        return (Boolean) value(node, scope);
    }

    private static Object value(Node node, Map<String, Object> scope) {
        return switch (node) {
            case Literal(Object value) -> value;
            case Variable(String name) -> requireNonNull(scope.get(name), name);
            case Field(Node of, String name) -> requireNonNull(((Map<?, ?>) value(of, scope)).get(name), name);
            case ListOf(List<Node> elements) ->
                elements.stream().map(element -> value(element, scope)).toList();
            case Macro macro -> each(macro, scope);
            case Call(String function, List<Node> arguments) -> call(function, arguments, scope);
        };
    }

    private static Object each(Macro macro, Map<String, Object> scope) {
        List<Object> results = elements(value(macro.of(), scope)).stream()
                .map(element -> {
                    Map<String, Object> inner = new HashMap<>(scope);
                    inner.put(macro.variable(), element);
                    return value(macro.each(), inner);
                })
                .toList();
        return switch (macro.macro()) {
            case "all" -> results.stream().allMatch(result -> (Boolean) result);
            case "exists" -> results.stream().anyMatch(result -> (Boolean) result);
            case "exists_one" ->
                results.stream().filter(result -> (Boolean) result).count() == 1;
            case "map" -> results;
            default -> throw new IllegalArgumentException("no such macro: " + macro.macro());
        };
    }

    private static Collection<Object> elements(Object of) {
        return switch (of) {
            case List<?> list -> List.copyOf(list);
            case Map<?, ?> map -> List.copyOf(map.keySet());
            default -> throw new IllegalArgumentException("has no elements: " + of);
        };
    }

    /** Those that do not need all of their arguments; the others get their values. */
    private static Object call(String function, List<Node> arguments, Map<String, Object> scope) {
        Node first = arguments.getFirst();
        return switch (function) {
            case "?" -> value(arguments.get(isTrue(first, scope) ? 1 : 2), scope);
            case "||" -> isTrue(first, scope) || isTrue(arguments.get(1), scope);
            case "&&" -> isTrue(first, scope) && isTrue(arguments.get(1), scope);
            case "has" ->
                first instanceof Field(Node of, String name) && ((Map<?, ?>) value(of, scope)).containsKey(name);
            default -> {
                List<Object> values = arguments.stream()
                        .map(argument -> value(argument, scope))
                        .toList();
                yield values.size() == 1
                        ? unary(function, values.getFirst())
                        : binary(function, values.getFirst(), values.get(1));
            }
        };
    }

    private static Object unary(String function, Object value) {
        return switch (function) {
            case "!" -> !(Boolean) value;
            case "size" -> (long) elements(value).size();
            case "duration" -> KubernetesDuration.parse((String) value);
            case "getMilliseconds" -> ((Duration) value).toMillis();
            case "double" -> Double.valueOf((String) value);
            case "lowerAscii" -> ((String) value).toLowerCase(Locale.ROOT);
            case "isCIDR" -> Cidr.parse((String) value).isPresent();
            case "cidr" -> Cidr.parse((String) value).orElseThrow();
            case "prefixLength" -> ((Cidr) value).prefixLength();
            case "isSorted" -> isSorted(List.copyOf(elements(value)));
            default -> throw new IllegalArgumentException("no such function: " + function);
        };
    }

    private static Object binary(String function, Object left, Object right) {
        return switch (function) {
            case "==" -> Objects.equals(left, right);
            case "!=" -> !Objects.equals(left, right);
            case "<" -> compare(left, right) < 0;
            case "<=" -> compare(left, right) <= 0;
            case ">" -> compare(left, right) > 0;
            case ">=" -> compare(left, right) >= 0;
            case "in" -> elements(right).contains(left);
            case "+" ->
                left instanceof Duration duration ? duration.plus((Duration) right) : (Long) left + (Long) right;
            case "-" -> (Long) left - (Long) right;
            case "*" -> Math.multiplyExact((Long) left, (Long) right);
            case "/" -> (Long) left / (Long) right;
            case "[]" ->
                left instanceof Map<?, ?> map
                        ? requireNonNull(map.get(right), right.toString())
                        : ((List<?>) left).get(((Long) right).intValue());
            case "matches" ->
                RegularExpression.of((String) right).matcher((String) left).find();
            case "startsWith" -> ((String) left).startsWith((String) right);
            default -> throw new IllegalArgumentException("no such function: " + function);
        };
    }

    private static boolean isSorted(List<Object> list) {
        for (int i = 1; i < list.size(); i++) {
            if (compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("unchecked")
    private static int compare(Object left, Object right) {
        return ((Comparable<Object>) left).compareTo(right);
    }
}
