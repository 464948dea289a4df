package sluice.operator.control;

/** A rollout by name. */
public record RolloutKey(String namespace, String name) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
