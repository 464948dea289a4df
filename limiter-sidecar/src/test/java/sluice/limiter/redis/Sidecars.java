package sluice.limiter.redis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import sluice.limiter.config.RolloutRef;
import sluice.limiter.identity.CallerKey;
import sluice.limiter.limit.Demand;
import sluice.limiter.limit.Taken;

/** One caller's requests at several sidecars that share a real Redis, on a clock of ours: messages take as long as the test says. */
final class Sidecars {

    private static final RolloutRef ROLLOUT = new RolloutRef("apps", "api", "6f0c");
    private static final long EPOCH_MICROS = 1_700_000_000_000_000L;
    private static final long TIMEOUT = 20_000_000;

    /** A decision, and when it was taken: by a sidecar's own knowledge, or in Redis. */
    record Decision(long micros, List<Demand> demands, Taken taken, boolean local) {}

    private record Event(long nanos, long number, Runnable happening) {}

    private static final class Sidecar {
        private final LocalDecisions local;
        private long redisHeardAt;
        private long answeredAt;

        Sidecar(LocalDecisions local) {
            this.local = local;
        }
    }

    private final ScriptOnOurClock script;
    private final CallerKey caller;
    private final List<Sidecar> sidecars;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::nanos).thenComparingLong(Event::number));
    private final List<Decision> decisions = new ArrayList<>();
    private BiConsumer<Long, Decision> listener = (micros, decision) -> {};
    private long nanos;
    private long numbers;
    private int calls;

    Sidecars(ScriptOnOurClock script, String user, int count) {
        this.script = script;
        this.caller = CallerKey.of(ROLLOUT.uid(), "user:" + user);
        this.sidecars = IntStream.range(0, count)
                .mapToObj(index ->
                        new Sidecar(new LocalDecisions(new FallbackBuckets(() -> nanos), 1, count, () -> nanos)))
                .toList();
    }

    /** The caller has come often to all of them lately. */
    Sidecars heated() {
        for (var sidecar : sidecars) {
            IntStream.range(0, 200).forEach(request -> sidecar.local.leases(caller));
        }
        return this;
    }

    /** Hears of every decision as it is taken. */
    void listen(BiConsumer<Long, Decision> listener) {
        this.listener = listener;
    }

    /** A request, and how long the question and the answer are under way, should Redis be asked. */
    void request(int sidecar, long atMicros, List<Demand> demands, long thereMicros, long backMicros) {
        at(atMicros * 1000, () -> decide(sidecars.get(sidecar), demands, thereMicros * 1000, backMicros * 1000));
    }

    private void at(long nanos, Runnable happening) {
        events.add(new Event(nanos, numbers++, happening));
    }

    private void decide(Sidecar sidecar, List<Demand> demands, long there, long back) {
        var leases = sidecar.local.leases(caller);
        var decided = sidecar.local.decide(caller, demands, leases);
        if (decided.isPresent()) {
            decided(new Decision(nanos / 1000, demands, decided.get(), true));
            return;
        }
        var inquiry = sidecar.local.inquire(caller, demands, leases, 1);
        var arguments = sidecar.local.arguments("", inquiry);
        sidecar.redisHeardAt = Math.max(sidecar.redisHeardAt, nanos + there);
        at(sidecar.redisHeardAt, () -> inRedis(sidecar, inquiry, arguments, back));
    }

    private void inRedis(Sidecar sidecar, Inquiry inquiry, String[] arguments, long back) {
        calls++;
        arguments[0] = Long.toString(EPOCH_MICROS + nanos / 1000);
        var numbers = script.evaluate(TakeScript.keys(ROLLOUT, caller, inquiry.demands()), arguments);
        var reply = TakeScript.reply(
                numbers, inquiry.demands().size(), inquiry.leases().isPresent());
        decided(new Decision(nanos / 1000, inquiry.demands(), reply.taken(), false));
        sidecar.answeredAt = Math.max(sidecar.answeredAt, nanos + back);
        at(sidecar.answeredAt, () -> answered(sidecar, inquiry, reply));
    }

    private void answered(Sidecar sidecar, Inquiry inquiry, TakeScript.Reply reply) {
        if (nanos - inquiry.askedAt() >= TIMEOUT) {
            sidecar.local.leased(inquiry, reply);
        } else {
            sidecar.local.answered(inquiry, reply);
        }
    }

    private void decided(Decision decision) {
        listener.accept(nanos / 1000, decision);
        decisions.add(decision);
    }

    /** Lets everything happen, in its order. */
    List<Decision> run() {
        while (!events.isEmpty()) {
            var event = events.remove();
            nanos = event.nanos();
            event.happening().run();
        }
        return decisions;
    }

    /** How often Redis was asked. */
    int calls() {
        return calls;
    }
}
