package sluice.demo;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Spoils answers for one arm when told to, and marks each spoilt answer with {@code X-Demo-Fault}. */
final class FaultyAnswers {
    private volatile Fault current = Fault.NONE;

    void set(Fault fault) {
        current = fault;
    }

    Fault current() {
        return current;
    }

    Answer answer(String arm, Supplier<Answer> healthy) {
        Fault fault = current;
        if (!fault.strikes(arm)) {
            return healthy.get();
        }
        var random = ThreadLocalRandom.current();
        Answer answer;
        String mark = "";
        if (random.nextDouble() < fault.errorRatio()) {
            answer = Answer.error(500, "broken on purpose");
            mark = "error";
        } else if (random.nextDouble() < fault.authFailureRatio()) {
            answer = Answer.unauthorized(new Bearer.Invalid("refused on purpose"));
            mark = "auth";
        } else {
            answer = healthy.get();
        }
        if (fault.latencyMillis() > 0) {
            sleep(Duration.ofMillis(fault.latencyMillis()));
            mark = mark.isEmpty() ? "latency" : mark;
        }
        return mark.isEmpty() ? answer : marked(answer, mark);
    }

    private static Answer marked(Answer answer, String mark) {
        Map<String, String> headers = new HashMap<>(answer.headers());
        headers.put("X-Demo-Fault", mark);
        return new Answer(answer.status(), answer.body(), headers);
    }

    private static void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
