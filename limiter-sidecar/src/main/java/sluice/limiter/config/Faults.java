package sluice.limiter.config;

import java.util.ArrayList;
import java.util.List;

/** Everything that is wrong with a document, in the order in which it was found. */
public final class Faults {

    /** The path of what concerns no field. */
    public static final String DOCUMENT = "(document)";

    private final List<Fault> all = new ArrayList<>();

    public void add(Fault fault) {
        all.add(fault);
    }

    /** A copy of what was found so far. */
    public List<Fault> all() {
        return List.copyOf(all);
    }

    /**
     * Ends well only when nothing is wrong.
     *
     * @throws InvalidConfigException with all that is wrong
     */
    public void throwIfAny() {
        if (!all.isEmpty()) {
            throw new InvalidConfigException(all);
        }
    }
}
