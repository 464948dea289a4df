package sluice.e2e.log;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Every line read so far, of pods that are there and of pods that are gone. Thread-safe. */
public final class CollectedLogs {
    private final List<PodLine<LogLine.Request>> requests = new ArrayList<>();
    private final List<PodLine<LogLine.Message>> messages = new ArrayList<>();

    synchronized void add(String pod, LogLine line) {
        switch (line) {
            case LogLine.Request request -> requests.add(new PodLine<>(pod, request));
            case LogLine.Message message -> messages.add(new PodLine<>(pod, message));
            case LogLine.Unknown _ -> {}
        }
    }

    /** The requests for which the condition holds, in no particular order across pods. */
    public synchronized List<PodLine<LogLine.Request>> requests(Predicate<LogLine.Request> wanted) {
        return requests.stream().filter(entry -> wanted.test(entry.line())).toList();
    }

    public synchronized long count(Predicate<LogLine.Request> wanted) {
        return requests.stream().filter(entry -> wanted.test(entry.line())).count();
    }

    public synchronized List<PodLine<LogLine.Message>> messages(Predicate<LogLine.Message> wanted) {
        return messages.stream().filter(entry -> wanted.test(entry.line())).toList();
    }

    /** Pods that have logged a request at or after this time. */
    public synchronized List<String> podsServingSince(Instant since) {
        return requests.stream()
                .filter(entry -> !entry.line().at().isBefore(since))
                .map(PodLine::pod)
                .distinct()
                .toList();
    }
}
