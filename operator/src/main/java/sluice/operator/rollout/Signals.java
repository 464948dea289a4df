package sluice.operator.rollout;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Everything that was read for one evaluation.
 *
 * @param readings per signal and scope, over the longest {@code for} of the plan; what was not read counts as missing
 * @param requests requests per second; zero is {@link Reading.NoTraffic}
 * @param baselines per signal the whole service's value over the baseline window, one sample; read while observing only
 * @param stepRequests how many requests the candidate arm has seen in the present step, one sample; read while a candidate is exposed only
 * @param tallies per arm what counts for the comparison; read while a candidate is exposed and the plan has a comparison
 * @param busiestIdentity share of the requests that the busiest identity makes
 * @param rateWindow how far back a sample looks: a rate at one time is of everything that has happened since so long before
 * @param partial why the readings are of some sidecars only: enough to see a breach, too little to go on; empty when they are of all
 */
public record Signals(
        Map<Key, Reading> readings,
        Map<Scope, Reading> requests,
        Map<Signal, Reading> baselines,
        Reading stepRequests,
        Map<Scope, Tally> tallies,
        Reading busiestIdentity,
        Duration rateWindow,
        Optional<String> partial) {
    private static final Reading.Missing NOT_READ = new Reading.Missing("not read");

    /** A signal in a scope. */
    public record Key(Signal signal, Scope scope) {}

    public Signals {
        readings = Map.copyOf(readings);
        requests = Map.copyOf(requests);
        baselines = Map.copyOf(baselines);
        tallies = Map.copyOf(tallies);
    }

    /** Of moments rather than rates, for a plan without a comparison. */
    public Signals(
            Map<Key, Reading> readings,
            Map<Scope, Reading> requests,
            Map<Signal, Reading> baselines,
            Reading stepRequests,
            Reading busiestIdentity,
            Optional<String> partial) {
        this(readings, requests, baselines, stepRequests, Map.of(), busiestIdentity, Duration.ZERO, partial);
    }

    /** Nothing could be read at all. */
    public static Signals missing(String why) {
        return new Signals(
                Map.of(), Map.of(), Map.of(), new Reading.Missing(why), new Reading.Missing(why), Optional.empty());
    }

    public Reading reading(Signal signal, Scope scope) {
        return readings.getOrDefault(new Key(signal, scope), unread());
    }

    // When nothing could be read at all, what is asked for is missing for the reason of everything else.
    private Reading.Missing unread() {
        return readings.isEmpty() && stepRequests instanceof Reading.Missing missing ? missing : NOT_READ;
    }

    /** Whether a reading was taken, be it that it is missing. */
    boolean has(Signal signal, Scope scope) {
        return readings.containsKey(new Key(signal, scope));
    }

    public Reading requests(Scope scope) {
        return requests.getOrDefault(scope, unread());
    }

    public Reading baseline(Signal signal) {
        return baselines.getOrDefault(signal, unread());
    }

    public Tally tally(Scope arm) {
        return tallies.getOrDefault(arm, new Tally.Missing(unread().why()));
    }

    /** When nobody can be asked any more: what broke until then has broken all the same. */
    public Signals silent(String why) {
        Reading.Missing none = new Reading.Missing(why);
        Map<Key, Reading> before = each(readings, reading -> reading.silent(why));
        return before.values().stream().allMatch(none::equals)
                ? missing(why)
                : new Signals(
                        before,
                        each(requests, _ -> none),
                        each(baselines, _ -> none),
                        none,
                        each(tallies, _ -> new Tally.Missing(why)),
                        none,
                        rateWindow,
                        Optional.empty());
    }

    private static <K, V> Map<K, V> each(Map<K, V> all, UnaryOperator<V> changed) {
        Map<K, V> each = new HashMap<>(all);
        each.replaceAll((_, value) -> changed.apply(value));
        return each;
    }

    /** The same, of some sidecars only. */
    public Signals partial(String why) {
        return new Signals(
                readings, requests, baselines, stepRequests, tallies, busiestIdentity, rateWindow, Optional.of(why));
    }
}
