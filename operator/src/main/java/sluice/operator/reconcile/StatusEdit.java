package sluice.operator.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;

/** A status with single fields changed: as JSON, because a record of twenty fields has no copy with one other. */
final class StatusEdit {

    private static final JsonMapper JSON = new JsonMapper();

    private final ObjectNode status;

    private StatusEdit(ObjectNode status) {
        this.status = status;
    }

    /** Begins with a status; none is an empty one. */
    static StatusEdit of(@Nullable RateLimitRolloutStatus status) {
        return new StatusEdit(status == null ? JSON.createObjectNode() : JSON.valueToTree(status));
    }

    /**
     * Sets a field.
     *
     * @param parent JSON pointer of the object that has it
     */
    StatusEdit put(String parent, String field, @Nullable Object value) {
        ((ObjectNode) status.at(parent)).set(field, JSON.valueToTree(value));
        return this;
    }

    RateLimitRolloutStatus done() {
        try {
            return JSON.treeToValue(status, RateLimitRolloutStatus.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a status does not read back", e);
        }
    }
}
