package sluice.operator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import sluice.operator.api.v1alpha1.KubernetesDuration;

/** Reads the configuration strictly: a field that nobody knows is refused, because a misspelt one would be ignored. */
final class OperatorConfigFile {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .addModule(new SimpleModule().addDeserializer(Duration.class, new Durations()))
            .build();

    private OperatorConfigFile() {}

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException naming the file, the field and the fix
     */
    static OperatorConfig read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read; mount it or name another with --config", e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    static OperatorConfig parse(String yaml) {
        try {
            return YAML.readValue(yaml, OperatorConfig.class);
        } catch (JsonMappingException e) {
            throw new IllegalArgumentException(explain(e), e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is not YAML: " + e.getOriginalMessage(), e);
        }
    }

    private static String explain(JsonMappingException problem) {
        if (problem instanceof UnrecognizedPropertyException unknown) {
            return path(problem) + ": is not known; remove it, or use one of " + unknown.getKnownPropertyIds();
        }
        var cause = problem.getCause();
        if (cause instanceof IllegalArgumentException invalid) {
            return path(problem).isEmpty()
                            || String.valueOf(invalid.getMessage()).contains(": ")
                    ? String.valueOf(invalid.getMessage())
                    : path(problem) + ": " + invalid.getMessage();
        }
        return path(problem) + ": " + problem.getOriginalMessage();
    }

    private static String path(JsonMappingException problem) {
        return problem.getPath().stream()
                .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                .collect(Collectors.joining("."));
    }

    private static final class Durations extends StdScalarDeserializer<Duration> {

        Durations() {
            super(Duration.class);
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            try {
                return KubernetesDuration.parse(parser.getValueAsString(""));
            } catch (IllegalArgumentException e) {
                throw JsonMappingException.from(parser, String.valueOf(e.getMessage()));
            }
        }
    }
}
