package sluice.limiter.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Reads an object field by field and notes everything that is wrong with it; {@link #end} refuses what nobody asked for. {@code null} is
 * the same as absent. What is wrong reads as if it were absent, and what is missing as a value that stands in for it, so that reading
 * goes on and finds the rest; what was read counts for nothing once there is a fault.
 */
public final class Fields {

    private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();

    private final String path;
    private final JsonNode node;
    private final Faults faults;
    private final boolean standIn;
    private final Set<String> known = new TreeSet<>();
    private final Set<String> faulty = new HashSet<>();

    private Fields(String path, JsonNode node, Faults faults, boolean standIn) {
        this.path = path;
        this.node = node;
        this.faults = faults;
        this.standIn = standIn;
    }

    /** For an object that is missing or none: enough has been said of it. */
    private static Fields standIn(String path, Faults faults) {
        return new Fields(path, NOTHING, faults, true);
    }

    /** Reads {@code document} from its root on; what is wrong with it is added to {@code faults}. */
    public static Fields of(JsonNode document, Faults faults) {
        return of("", document, faults);
    }

    private static Fields of(String path, JsonNode node, Faults faults) {
        if (node.isObject()) {
            return new Fields(path, node, faults, false);
        }
        faults.add(new Fault(path.isEmpty() ? Faults.DOCUMENT : path, "must be an object"));
        return standIn(path, faults);
    }

    private String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Notes that the field {@code name} is wrong. */
    public void fault(String name, String fault) {
        faulty.add(name);
        faults.add(new Fault(at(name), fault));
    }

    /** False when the field is known to be wrong, so that nothing else needs to be said of it. */
    public boolean isSound(String name) {
        return !standIn && !faulty.contains(name);
    }

    private Optional<JsonNode> get(String name) {
        known.add(name);
        return Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
    }

    /** Notes that the field is missing, unless it is there and wrong. */
    void missing(String name) {
        if (isSound(name)) {
            fault(name, "is missing");
        }
    }

    /** True when the field is there, whatever it is. */
    public boolean has(String name) {
        return get(name).isPresent();
    }

    public Optional<String> optionalText(String name) {
        return get(name).flatMap(value -> text(name, value));
    }

    /** The text as {@code parser} reads it, whose {@code IllegalArgumentException} says what would be right. */
    public <T> Optional<T> optional(String name, Function<String, T> parser) {
        return optionalText(name).flatMap(text -> parsed(name, text, parser));
    }

    /** The same; {@code otherwise} stands in for it when it is missing or wrong. */
    public <T> T required(String name, Function<String, T> parser, T otherwise) {
        var value = optional(name, parser);
        if (value.isEmpty()) {
            missing(name);
        }
        return value.orElse(otherwise);
    }

    private <T> Optional<T> parsed(String name, String text, Function<String, T> parser) {
        try {
            return Optional.of(parser.apply(text));
        } catch (IllegalArgumentException e) {
            fault(name, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The text, or {@code ""} when it is missing or wrong. */
    public String text(String name) {
        return required(name, Function.identity(), "");
    }

    private Optional<String> text(String name, JsonNode value) {
        if (value.isTextual() && !value.textValue().isEmpty()) {
            return Optional.of(value.textValue());
        }
        fault(name, "must be a text that is not empty, is " + shortened(value));
        return Optional.empty();
    }

    /** The one of {@code choices} that the text names, in the resource's way: {@code Off} is OFF. */
    public <T extends Enum<T>> Optional<T> optionalChoice(String name, T[] choices) {
        return optional(
                name,
                text -> Arrays.stream(choices)
                        .filter(choice -> word(choice).equals(text))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("must be " + either(choices))));
    }

    /** The same, or the first of {@code choices} when the text is missing or wrong. */
    public <T extends Enum<T>> T choice(String name, T[] choices) {
        var choice = optionalChoice(name, choices);
        if (choice.isEmpty()) {
            missing(name);
        }
        return choice.orElse(choices[0]);
    }

    private static String either(Enum<?>[] choices) {
        var words = Arrays.stream(choices).map(Fields::word).toList();
        return String.join(", ", words.subList(0, words.size() - 1)) + " or " + words.getLast();
    }

    private static String word(Enum<?> choice) {
        var name = choice.name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    public Optional<Boolean> optionalFlag(String name) {
        return get(name).flatMap(value -> {
            if (value.isBoolean()) {
                return Optional.of(value.booleanValue());
            }
            fault(name, "must be true or false, is " + shortened(value));
            return Optional.empty();
        });
    }

    /** The same, or false when it is missing or wrong. */
    public boolean requiredFlag(String name) {
        var flag = optionalFlag(name);
        if (flag.isEmpty()) {
            missing(name);
        }
        return flag.orElse(false);
    }

    public OptionalLong optionalInteger(String name, long least, long most) {
        var value = get(name);
        return value.isEmpty() ? OptionalLong.empty() : integer(name, value.get(), least, most);
    }

    /** The number, or {@code least} when it is missing or wrong. */
    public long integer(String name, long least, long most) {
        var value = optionalInteger(name, least, most);
        if (value.isEmpty()) {
            missing(name);
        }
        return value.orElse(least);
    }

    private OptionalLong integer(String name, JsonNode value, long least, long most) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            fault(name, "must be a whole number, is " + shortened(value));
        } else if (value.longValue() < least) {
            fault(name, "must be at least " + least + ", is " + value.longValue());
        } else if (value.longValue() > most) {
            fault(name, "must be at most " + most + ", is " + value.longValue());
        } else {
            return OptionalLong.of(value.longValue());
        }
        return OptionalLong.empty();
    }

    public Optional<Fields> optionalObject(String name) {
        return get(name).map(value -> Fields.of(at(name), value, faults));
    }

    /** The object, or one of which nothing is missing when it is missing itself. */
    public Fields object(String name) {
        var object = optionalObject(name);
        if (object.isEmpty()) {
            missing(name);
        }
        return object.orElseGet(() -> standIn(at(name), faults));
    }

    private List<JsonNode> array(String name, int most) {
        var value = get(name);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!value.get().isArray()) {
            fault(name, "must be a list");
            return List.of();
        }
        if (value.get().size() > most) {
            fault(
                    name,
                    "must have at most " + most + " entries, has " + value.get().size());
            return List.of();
        }
        var entries = new ArrayList<JsonNode>();
        value.get().forEach(entries::add);
        return entries;
    }

    public List<Fields> objects(String name, int most) {
        var objects = new ArrayList<Fields>();
        for (var entry : array(name, most)) {
            objects.add(Fields.of(at(name) + "[" + objects.size() + "]", entry, faults));
        }
        return objects;
    }

    public List<String> texts(String name, int most) {
        return texts(name, most, Function.identity());
    }

    /** The texts as {@code parser} reads them, whose {@code IllegalArgumentException} says what would be right. */
    public <T> List<T> texts(String name, int most, Function<String, T> parser) {
        var entries = array(name, most);
        var texts = new ArrayList<T>();
        for (var index = 0; index < entries.size(); index++) {
            var at = name + "[" + index + "]";
            text(at, entries.get(index))
                    .flatMap(text -> parsed(at, text, parser))
                    .ifPresent(texts::add);
        }
        return List.copyOf(texts);
    }

    public Map<String, String> textsByName(String name) {
        var texts = new LinkedHashMap<String, String>();
        optionalObject(name)
                .ifPresent(object ->
                        object.node.properties().forEach(e -> texts.put(e.getKey(), object.text(e.getKey()))));
        return Map.copyOf(texts);
    }

    /** Call it when every known field has been read. */
    public void end() {
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                fault(
                        name,
                        "is not a known field; remove it, or use a sidecar that knows it (this one knows "
                                + String.join(", ", known) + ")");
            }
        });
    }

    private static String shortened(JsonNode value) {
        var text = value.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
