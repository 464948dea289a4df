package sluice.operator.kubernetes;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a value, or leaves it absent when it cannot be read: an exception here would end the informer of all resources. */
final class OrAbsent<T> extends StdDeserializer<T> {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(OrAbsent.class);

    private final Class<T> type;
    private final JsonMapper mapper;
    private final AtomicReference<String> lastProblem = new AtomicReference<>("");

    OrAbsent(Class<T> type, JsonMapper mapper) {
        super(type);
        this.type = type;
        this.mapper = mapper;
    }

    @Override
    public @Nullable T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        JsonNode tree = parser.readValueAsTree();
        try {
            return mapper.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            report(String.valueOf(e.getOriginalMessage()));
            return null;
        }
    }

    private void report(String problem) {
        if (!problem.equals(lastProblem.getAndSet(problem))) {
            LOG.atWarn()
                    .addKeyValue("type", type.getSimpleName())
                    .addKeyValue("problem", problem)
                    .log("set aside a resource that cannot be read");
        }
    }
}
