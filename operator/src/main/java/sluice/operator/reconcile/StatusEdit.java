package sluice.operator.reconcile;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;

/** A status, or a part of one, with single fields changed: a record of twenty fields has no copy with one other. */
final class StatusEdit<R extends Record> {

    /** How a record of a class is taken apart and put together. */
    private record Shape(List<String> fields, List<Method> accessors, Constructor<?> constructor) {}

    private static final ClassValue<Shape> SHAPES = new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
            return shape(type.getRecordComponents(), type);
        }
    };

    private final Class<R> type;
    private final Shape shape;
    private final @Nullable Object[] values;

    private StatusEdit(Class<R> type) {
        this.type = type;
        this.shape = SHAPES.get(type);
        this.values = new @Nullable Object[shape.fields().size()];
    }

    /** Begins with a status; none is an empty one. */
    static StatusEdit<RateLimitRolloutStatus> of(@Nullable RateLimitRolloutStatus status) {
        var edit = new StatusEdit<>(RateLimitRolloutStatus.class);
        return status == null ? edit : edit.from(status);
    }

    /** Begins with a part of a status. */
    static <R extends Record> StatusEdit<R> of(Class<R> type, R part) {
        return new StatusEdit<>(type).from(part);
    }

    private StatusEdit<R> from(R record) {
        try {
            for (int i = 0; i < values.length; i++) {
                values[i] = shape.accessors().get(i).invoke(record);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record cannot be read", e);
        }
        return this;
    }

    /**
     * Sets a field.
     *
     * @param value of the field's own type
     */
    StatusEdit<R> put(String field, @Nullable Object value) {
        var at = shape.fields().indexOf(field);
        if (at < 0) {
            throw new IllegalArgumentException(type.getSimpleName() + " has no " + field);
        }
        values[at] = value;
        return this;
    }

    R done() {
        try {
            return type.cast(shape.constructor().newInstance(values));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a record cannot be made", e);
        }
    }

    private static Shape shape(RecordComponent[] components, Class<?> type) {
        var types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return new Shape(
                    Arrays.stream(components).map(RecordComponent::getName).toList(),
                    Arrays.stream(components).map(RecordComponent::getAccessor).toList(),
                    type.getDeclaredConstructor(types));
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has its canonical constructor", e);
        }
    }
}
