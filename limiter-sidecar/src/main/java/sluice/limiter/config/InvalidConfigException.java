package sluice.limiter.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be applied; the message names each field that is wrong and says what it must be. */
public final class InvalidConfigException extends RuntimeException {

    private static final int MOST_TOLD = 20;

    private final transient List<Fault> faults;

    public InvalidConfigException(List<Fault> faults) {
        super(told(faults));
        this.faults = List.copyOf(faults);
    }

    private static String told(List<Fault> faults) {
        var told = faults.stream().limit(MOST_TOLD).map(Fault::toString).collect(Collectors.joining("; "));
        return faults.size() <= MOST_TOLD ? told : told + "; and " + (faults.size() - MOST_TOLD) + " more";
    }

    static InvalidConfigException at(String field, String fault) {
        return new InvalidConfigException(List.of(new Fault(field, fault)));
    }

    /** What is wrong, at least one thing. */
    public List<Fault> faults() {
        return faults;
    }
}
