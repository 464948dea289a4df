package sluice.cli.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.HistoryStatus;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.RollbackStatus;
import sluice.operator.reconcile.LimiterDiff;

/** The limiters that status has, by revision, and in what the one that went back differs from the one that came back. */
final class LimitersPart {
    private static final Pattern REVISION = Pattern.compile("off|[0-9a-f]{10}");
    private static final int SHOWN = 40;
    private static final JsonMapper JSON = new JsonMapper();

    private final RateLimitRolloutStatus status;
    private final NavigableMap<String, String> texts = new TreeMap<>();
    private final Map<String, String> roles = new TreeMap<>();

    LimitersPart(RateLimitRolloutStatus status) {
        this.status = status;
        take("previous stable", status.previousStable());
        take("stable", status.stable());
        take("candidate", status.candidate());
    }

    private void take(String role, @Nullable LimiterStatus limiter) {
        if (limiter != null && limiter.revision() != null && limiter.limiter() != null) {
            String revision = String.valueOf(limiter.revision());
            if (REVISION.matcher(revision).matches()) {
                texts.put(revision, String.valueOf(limiter.limiter()));
                roles.merge(revision, role, (one, other) -> one + ", " + other);
            }
        }
    }

    /** A file for each limiter. */
    Section add(EvidenceFolder files) {
        EvidenceFolder folder = files.folder("limiters");
        List<List<Markup>> rows = new ArrayList<>();
        texts.forEach((revision, text) -> {
            folder.add(revision + ".json", parsed(text));
            rows.add(List.of(
                    Section.link("limiters/" + revision + ".json", revision),
                    Markup.text(String.valueOf(roles.get(revision)))));
        });
        List<String> unknown = unknown();
        unknown.forEach(revision -> rows.add(
                List.of(Markup.text(revision), Markup.text("not in status any more; the resource in Git has it"))));
        return Section.of("Limiters by revision", Markup.table(List.of("revision", "is"), rows));
    }

    private List<String> unknown() {
        return Optional.ofNullable(status.history()).orElse(List.of()).stream()
                .map(HistoryStatus::revision)
                .map(String::valueOf)
                .filter(revision -> REVISION.matcher(revision).matches() && !texts.containsKey(revision))
                .distinct()
                .sorted()
                .toList();
    }

    private static JsonNode parsed(String text) {
        try {
            JsonNode tree = JSON.readTree(text);
            return tree.isObject() ? tree : JsonNodeFactory.instance.textNode(text);
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.textNode(text);
        }
    }

    /** The last rollback: its samples, and what the limiter that went back had changed. Empty when there was none. */
    Optional<Section> addRollback(EvidenceFolder files) {
        return Optional.ofNullable(status.lastRollback()).map(rollback -> addRollback(rollback, files));
    }

    private Section addRollback(RollbackStatus rollback, EvidenceFolder files) {
        ObjectNode document = JSON.createObjectNode();
        document.set("rollback", JSON.valueToTree(rollback));
        Optional<List<String>> diff = diff(rollback);
        diff.ifPresent(lines -> lines.forEach(document.withArray("limiterDiff")::add));
        files.add("rollback.json", document);
        Markup said = Markup.all(
                Markup.element("p", String.valueOf(rollback.message())),
                diff.map(LimitersPart::lines).orElse(Markup.NOTHING),
                Markup.element("p", Section.link("rollback.json", "rollback.json")));
        return new Section(
                "The last rollback",
                said,
                diff.isPresent()
                        ? List.of()
                        : List.of("limiter diff: the limiter of revision %s is not in status any more"
                                .formatted(rollback.revision())));
    }

    private Optional<List<String>> diff(RollbackStatus rollback) {
        String back = Optional.ofNullable(status.stable())
                .map(LimiterStatus::revision)
                .map(texts::get)
                .orElse(null);
        String gone = Optional.ofNullable(rollback.revision()).map(texts::get).orElse(null);
        return back == null || gone == null || back.equals(gone) ? Optional.empty() : LimiterDiff.of(back, gone);
    }

    private static Markup lines(List<String> diff) {
        List<String> shown = new ArrayList<>(diff.subList(0, Math.min(SHOWN, diff.size())));
        if (diff.size() > SHOWN) {
            shown.add(String.format(Locale.ROOT, "and %d more, in rollback.json", diff.size() - SHOWN));
        }
        return Markup.all(
                Markup.element("h3", "What it had changed, stable -> candidate"),
                Markup.element("pre", String.join("\n", shown)));
    }
}
