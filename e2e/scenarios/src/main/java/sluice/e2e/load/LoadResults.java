package sluice.e2e.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What became of every request of a load, as vegeta wrote it down. */
public record LoadResults(List<SentRequest> requests) {
    private static final JsonMapper JSON = new JsonMapper();

    public LoadResults {
        requests = List.copyOf(requests);
    }

    /** Reads {@code vegeta encode -to json}: one object a line. */
    static LoadResults read(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return new LoadResults(lines.filter(line -> !line.isBlank())
                    .map(LoadResults::parse)
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the load's results", e);
        }
    }

    static SentRequest parse(String line) {
        try {
            var result = JSON.readTree(line);
            return new SentRequest(
                    OffsetDateTime.parse(result.path("timestamp").asText()).toInstant(),
                    result.path("code").asInt(),
                    Duration.ofNanos(result.path("latency").asLong()),
                    result.path("error").asText(""),
                    header(result, "X-Request-Id"),
                    header(result, "X-Demo-Fault"));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a result of vegeta: " + line, e);
        }
    }

    private static Optional<String> header(JsonNode result, String name) {
        return result.path("headers").properties().stream()
                .filter(header -> header.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .map(values -> values.path(0).asText())
                .findFirst();
    }

    /** Those sent in this span, the end excluded. */
    public LoadResults between(Instant from, Instant to) {
        return where(
                request -> !request.sentAt().isBefore(from) && request.sentAt().isBefore(to));
    }

    public LoadResults where(Predicate<SentRequest> wanted) {
        return new LoadResults(requests.stream().filter(wanted).toList());
    }

    public LoadResults failed() {
        return where(SentRequest::failed);
    }

    /** How often which status or error came, most often first, and when it began and ended; empty without requests. */
    public String summary() {
        var times = requests.stream().map(SentRequest::sentAt).sorted().toList();
        return times.isEmpty() ? "" : "%s, sent from %s to %s".formatted(outcomes(), times.getFirst(), times.getLast());
    }

    private String outcomes() {
        return requests.stream()
                .collect(Collectors.groupingBy(
                        request -> request.error().isEmpty() ? "" + request.code() : request.error(),
                        Collectors.counting()))
                .entrySet()
                .stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(outcome -> outcome.getValue() + " times " + outcome.getKey())
                .collect(Collectors.joining(", "));
    }

    public int count() {
        return requests.size();
    }
}
