package sluice.limiter.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a JSON object field by field; {@link #end} refuses what nobody asked for. {@code null} is the same as absent. */
final class Fields {

    private final String path;
    private final JsonNode node;
    private final Set<String> known = new HashSet<>();

    private Fields(String path, JsonNode node) {
        this.path = path;
        this.node = node;
    }

    static Fields of(String path, JsonNode node) {
        if (!node.isObject()) {
            throw InvalidConfigException.at(path.isEmpty() ? "(document)" : path, "must be an object");
        }
        return new Fields(path, node);
    }

    String at(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    InvalidConfigException fault(String name, String fault) {
        return InvalidConfigException.at(at(name), fault);
    }

    private Optional<JsonNode> get(String name) {
        known.add(name);
        return Optional.ofNullable(node.get(name)).filter(value -> !value.isNull());
    }

    private InvalidConfigException missing(String name) {
        return fault(name, "is missing");
    }

    boolean has(String name) {
        return get(name).isPresent();
    }

    Optional<String> optionalText(String name) {
        return get(name).map(value -> text(value, at(name)));
    }

    String text(String name) {
        return optionalText(name).orElseThrow(() -> missing(name));
    }

    private static String text(JsonNode value, String where) {
        if (!value.isTextual() || value.textValue().isEmpty()) {
            throw InvalidConfigException.at(where, "must be a text that is not empty, is " + shortened(value));
        }
        return value.textValue();
    }

    Optional<Boolean> optionalFlag(String name) {
        return get(name).map(value -> {
            if (!value.isBoolean()) {
                throw fault(name, "must be true or false, is " + shortened(value));
            }
            return value.booleanValue();
        });
    }

    OptionalLong optionalInteger(String name, long least, long most) {
        var value = get(name);
        return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(integer(name, value.get(), least, most));
    }

    long integer(String name, long least, long most) {
        return optionalInteger(name, least, most).orElseThrow(() -> missing(name));
    }

    private long integer(String name, JsonNode value, long least, long most) {
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw fault(name, "must be a whole number, is " + shortened(value));
        }
        if (value.longValue() < least) {
            throw fault(name, "must be at least " + least + ", is " + value.longValue());
        }
        if (value.longValue() > most) {
            throw fault(name, "must be at most " + most + ", is " + value.longValue());
        }
        return value.longValue();
    }

    Optional<Fields> optionalObject(String name) {
        return get(name).map(value -> Fields.of(at(name), value));
    }

    Fields object(String name) {
        return optionalObject(name).orElseThrow(() -> missing(name));
    }

    private List<JsonNode> array(String name, int most) {
        var value = get(name);
        if (value.isEmpty()) {
            return List.of();
        }
        if (!value.get().isArray()) {
            throw fault(name, "must be a list");
        }
        if (value.get().size() > most) {
            throw fault(
                    name,
                    "must have at most " + most + " entries, has " + value.get().size());
        }
        var entries = new ArrayList<JsonNode>();
        value.get().forEach(entries::add);
        return entries;
    }

    List<Fields> objects(String name, int most) {
        var objects = new ArrayList<Fields>();
        for (var entry : array(name, most)) {
            objects.add(Fields.of(at(name) + "[" + objects.size() + "]", entry));
        }
        return objects;
    }

    List<String> texts(String name, int most) {
        var texts = new ArrayList<String>();
        for (var entry : array(name, most)) {
            texts.add(text(entry, at(name) + "[" + texts.size() + "]"));
        }
        return List.copyOf(texts);
    }

    Map<String, String> textsByName(String name) {
        var texts = new LinkedHashMap<String, String>();
        optionalObject(name)
                .ifPresent(object ->
                        object.node.properties().forEach(e -> texts.put(e.getKey(), object.text(e.getKey()))));
        return Map.copyOf(texts);
    }

    /** Call it when every known field has been read. */
    void end() {
        node.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw fault(name, "is not a known field; remove it, or use a sidecar that knows it");
            }
        });
    }

    private static String shortened(JsonNode value) {
        var text = value.toString();
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }
}
