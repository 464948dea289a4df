package sluice.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import sluice.operator.api.v1alpha1.RateLimitRolloutSpec;

/** A RateLimitRollout in a file, as people apply it. */
public final class RolloutFile {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private RolloutFile() {}

    /**
     * Reads the resource's spec, with the schema's defaults filled in.
     *
     * @throws InvalidInputException naming the field
     */
    public static RateLimitRolloutSpec spec(Path file) {
        JsonNode resource = read(file);
        if (!"RateLimitRollout".equals(resource.path("kind").asText())) {
            throw new InvalidInputException(file + ": kind must be RateLimitRollout, is "
                    + (resource.path("kind").isMissingNode() ? "missing" : resource.path("kind")));
        }
        JsonNode spec = resource.path("spec");
        if (!spec.isObject() || !spec.path("limiter").isObject()) {
            throw new InvalidInputException(file + ": spec.limiter is missing");
        }
        try {
            return YAML.treeToValue(spec, RateLimitRolloutSpec.class);
        } catch (JsonMappingException e) {
            throw new InvalidInputException(file + ": spec" + path(e) + ": " + e.getOriginalMessage());
        } catch (JsonProcessingException e) {
            throw new InvalidInputException(file + ": " + e.getOriginalMessage());
        }
    }

    private static JsonNode read(Path file) {
        try {
            return YAML.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new InvalidInputException("%s: line %d: %s"
                    .formatted(
                            file, e.getLocation() == null ? 0 : e.getLocation().getLineNr(), e.getOriginalMessage()));
        } catch (IOException e) {
            throw new InvalidInputException(file + ": cannot be read: " + e.getMessage());
        }
    }

    private static String path(JsonMappingException problem) {
        return problem.getPath().stream()
                .map(part -> part.getFieldName() == null ? "[" + part.getIndex() + "]" : "." + part.getFieldName())
                .collect(Collectors.joining());
    }
}
