package sluice.limiter;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Counts the tests of {@link Robustness}, each row of a parameterized one by itself, and prints the counts when all tests are over. */
final class RobustnessCount implements TestWatcher {

    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(RobustnessCount.class);

    private static final class Tally implements AutoCloseable {

        private final Map<String, Integer> passed = new TreeMap<>();
        private final Map<String, Integer> all = new TreeMap<>();

        private synchronized void add(String kind, boolean success) {
            all.merge(kind, 1, Integer::sum);
            passed.merge(kind, success ? 1 : 0, Integer::sum);
        }

        @Override
        public synchronized void close() {
            passed.forEach((kind, rows) ->
                    System.out.println("Robustness, " + kind + ": " + rows + " of " + all.get(kind) + " rows passed"));
        }
    }

    @Override
    public void testSuccessful(ExtensionContext context) {
        count(context, true);
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        count(context, false);
    }

    private static void count(ExtensionContext context, boolean success) {
        var kind = requireNonNull(context.getRequiredTestClass().getAnnotation(Robustness.class))
                .value();
        context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Tally.class, _ -> new Tally(), Tally.class)
                .add(kind, success);
    }
}
