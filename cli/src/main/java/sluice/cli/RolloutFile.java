package sluice.cli;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import sluice.cli.admission.Admission;
import sluice.operator.api.v1alpha1.RateLimitRolloutSpec;
import sluice.operator.reconcile.PlanMapping;
import sluice.operator.rollout.RolloutPlan;

/** RateLimitRollouts in a file, as people apply them, or as kubectl prints them. Other resources beside them are left alone. */
public final class RolloutFile {
    private static final String KIND = "RateLimitRollout";
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
            .build();

    private RolloutFile() {}

    /**
     * Every rollout in the file, at least one.
     *
     * @throws InvalidInputException naming the line, or the kinds that are there instead
     */
    public static List<JsonNode> rollouts(Path file) {
        List<JsonNode> resources = resources(file);
        List<JsonNode> rollouts = resources.stream()
                .filter(resource -> KIND.equals(resource.path("kind").asText()))
                .toList();
        if (rollouts.isEmpty()) {
            throw new InvalidInputException(file + ": kind must be " + KIND + ", is " + kinds(resources));
        }
        return rollouts;
    }

    private static String kinds(List<JsonNode> resources) {
        return resources.isEmpty()
                ? "missing"
                : resources.stream()
                        .map(resource -> resource.path("kind").asText("missing"))
                        .distinct()
                        .collect(Collectors.joining(", "));
    }

    /**
     * The one rollout in the file, or the one that is called {@code name}.
     *
     * @throws InvalidInputException when it is not clear which
     */
    public static JsonNode rollout(Path file, Optional<String> name) {
        List<JsonNode> all = rollouts(file);
        List<JsonNode> meant = all.stream()
                .filter(rollout -> name.isEmpty() || name.get().equals(name(rollout)))
                .toList();
        if (meant.size() != 1) {
            throw new InvalidInputException("%s: has the rollouts %s; %s"
                    .formatted(
                            file,
                            all.stream().map(RolloutFile::name).toList(),
                            name.map(wanted -> "none is called " + wanted).orElse("keep one in it")));
        }
        return meant.getFirst();
    }

    private static String name(JsonNode rollout) {
        return rollout.path("metadata").path("name").asText();
    }

    /**
     * What a rollout that is to be applied asks for.
     *
     * @param where named in messages
     * @throws InvalidInputException naming each field for which an API server would refuse it
     */
    public static RolloutPlan newPlan(String where, JsonNode rollout) {
        List<String> faults = Admission.ofThisVersion().faults(rollout);
        if (!faults.isEmpty()) {
            throw new InvalidInputException(
                    faults.stream().map(fault -> where + ": " + fault).collect(Collectors.joining("\n")));
        }
        return plan(where, rollout);
    }

    /**
     * What a rollout that exists asks for, whatever schema it was applied under.
     *
     * @param where named in messages
     * @throws InvalidInputException naming the field
     */
    public static RolloutPlan plan(String where, JsonNode rollout) {
        try {
            return PlanMapping.toPlan(spec(where, rollout), Optional.empty());
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException(where + ": " + e.getMessage());
        }
    }

    /**
     * What a rollout asks for, as it is written, with the schema's defaults filled in.
     *
     * @param where named in messages
     * @throws InvalidInputException naming the field
     */
    public static RateLimitRolloutSpec spec(String where, JsonNode rollout) {
        JsonNode spec = rollout.path("spec");
        if (!spec.path("limiter").isObject()) {
            throw new InvalidInputException(where + ": spec.limiter is missing");
        }
        try {
            return YAML.treeToValue(spec, RateLimitRolloutSpec.class);
        } catch (ValueInstantiationException e) {
            throw new InvalidInputException(where + ": spec" + path(e) + ": "
                    + Objects.requireNonNullElse(e.getCause(), e).getMessage());
        } catch (JsonMappingException e) {
            throw new InvalidInputException(where + ": spec" + path(e) + ": " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw new InvalidInputException(where + ": " + e.getOriginalMessage());
        }
    }

    private static List<JsonNode> resources(Path file) {
        List<JsonNode> resources = new ArrayList<>();
        try (MappingIterator<JsonNode> documents =
                YAML.readerFor(JsonNode.class).readValues(Files.readString(file))) {
            while (documents.hasNextValue()) {
                JsonNode document = documents.nextValue();
                if (document.path("items").isArray()) {
                    document.path("items").forEach(resources::add);
                } else if (document.isObject()) {
                    resources.add(document);
                }
            }
        } catch (JsonProcessingException e) {
            throw new InvalidInputException("%s: line %d: %s"
                    .formatted(
                            file, e.getLocation() == null ? 0 : e.getLocation().getLineNr(), e.getOriginalMessage()));
        } catch (IOException e) {
            throw InvalidInputException.unreadable(file, e);
        }
        return resources;
    }

    private static String path(JsonMappingException problem) {
        return problem.getPath().stream()
                .map(part -> part.getFieldName() == null ? "[" + part.getIndex() + "]" : "." + part.getFieldName())
                .collect(Collectors.joining());
    }
}
