package sluice.bench;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Drives the judgement with distinct callers, and tells the heap after each milestone as JSON: memory must not grow with callers. */
public final class HeapOverUsers {

    private static final long MILLION = 1_000_000;
    private static final List<Long> MILESTONES = List.of(1 * MILLION, 2 * MILLION, 5 * MILLION, 10 * MILLION);
    private static final int AT_ONCE = 10_000;
    private static final int COLLECTIONS = 4;

    private HeapOverUsers() {}

    public static void main(String[] args) {
        // No caller's bucket is full again, and so forgotten, before the end.
        try (var judge = JudgeInProcess.start(1, Duration.ofHours(1))) {
            var found = new ArrayList<String>();
            var users = 0L;
            for (var milestone : MILESTONES) {
                users = drive(judge, users, milestone);
                found.add(String.format(Locale.ROOT, "{\"users\":%d,\"heap_mib\":%.2f}", users, heapAfterCollection()));
            }
            System.out.println("[" + String.join(",", found) + "]");
        }
    }

    private static long drive(JudgeInProcess judge, long from, long until) {
        for (var first = from; first < until; first += AT_ONCE) {
            var start = first;
            judge.onLoop(() -> {
                for (var user = start; user < start + AT_ONCE; user++) {
                    judge.judge(JudgeInProcess.request("user-" + user), _ -> {});
                }
            });
        }
        return until;
    }

    private static double heapAfterCollection() {
        for (var i = 0; i < COLLECTIONS; i++) {
            ManagementFactory.getMemoryMXBean().gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024.0 / 1024.0;
    }
}
