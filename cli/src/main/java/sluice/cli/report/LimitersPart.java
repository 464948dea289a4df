package sluice.cli.report;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sluice.operator.api.v1alpha1.HistoryStatus;
import sluice.operator.api.v1alpha1.LimiterStatus;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;
import sluice.operator.api.v1alpha1.RollbackStatus;
import sluice.operator.reconcile.KeptEvidence;
import sluice.operator.reconcile.KeptEvidence.PastRollback;
import sluice.operator.reconcile.LimiterDiff;

/** The limiters that are known, by revision, and in what the one that went back differs from the one that came back. */
final class LimitersPart {
    private static final Pattern REVISION = Pattern.compile("off|[0-9a-f]{10}");
    private static final int SHOWN = 40;
    private static final JsonMapper JSON = new JsonMapper();

    private final RateLimitRolloutStatus status;
    private final KeptEvidence evidence;
    private final NavigableMap<String, String> texts = new TreeMap<>();
    private final Map<String, String> roles = new TreeMap<>();

    LimitersPart(RateLimitRolloutStatus status, KeptEvidence evidence) {
        this.status = status;
        this.evidence = evidence;
        take("previous stable", status.previousStable());
        take("stable", status.stable());
        take("candidate", status.candidate());
        for (KeptEvidence.PastRevision past : evidence.revisions()) {
            if (past.revision() != null && !texts.containsKey(past.revision())) {
                take("earlier", new LimiterStatus(past.revision(), past.limiter(), null));
            }
        }
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
        Set<String> resources = addResources(files.folder("resources"));
        List<List<Markup>> rows = new ArrayList<>();
        texts.forEach((revision, text) -> {
            folder.add(revision + ".json", parsed(text));
            rows.add(List.of(
                    Section.link("limiters/" + revision + ".json", revision),
                    Markup.text(String.valueOf(roles.get(revision))),
                    resources.contains(revision)
                            ? Section.link("resources/" + revision + ".json", "rules, gates and steps")
                            : Markup.NOTHING));
        });
        List<String> unknown = unknown();
        unknown.forEach(revision -> rows.add(
                List.of(Markup.text(revision), Markup.text("not kept; the resource in Git has it"), Markup.NOTHING)));
        return Section.of("Limiters by revision", Markup.table(List.of("revision", "is", "its resource"), rows));
    }

    /** The rest of the resource at each revision, as far as it was kept. */
    private Set<String> addResources(EvidenceFolder folder) {
        Set<String> added = new TreeSet<>();
        for (KeptEvidence.PastRevision past : evidence.revisions()) {
            String revision = String.valueOf(past.revision());
            if (past.spec() != null && texts.containsKey(revision) && added.add(revision)) {
                folder.add(revision + ".json", past.spec());
            }
        }
        return added;
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

    /** The last rollback and those before: their samples, and what the limiters that went back had changed. */
    List<Section> addRollbacks(EvidenceFolder files) {
        List<Section> sections = new ArrayList<>();
        Optional.ofNullable(status.lastRollback()).ifPresent(rollback -> sections.add(addRollback(rollback, files)));
        List<PastRollback> earlier = evidence.rollbacks().stream()
                .filter(past -> past.rollback() != null && !isLast(past.rollback()))
                .toList();
        if (!earlier.isEmpty()) {
            sections.add(addEarlier(earlier.reversed(), files));
        }
        return sections;
    }

    private boolean isLast(RollbackStatus rollback) {
        return status.lastRollback() != null
                && Objects.equals(status.lastRollback().decidedAt(), rollback.decidedAt());
    }

    private Section addEarlier(List<PastRollback> newestFirst, EvidenceFolder files) {
        ObjectNode document = JSON.createObjectNode();
        ArrayNode rollbacks = document.putArray("rollbacks");
        List<Markup> said = new ArrayList<>();
        for (PastRollback past : newestFirst) {
            RollbackStatus rollback = requireNonNull(past.rollback());
            Optional<List<String>> diff = diff(rollback, past.stable());
            rollbacks.add(document(rollback, diff));
            said.add(Markup.element("h3", String.valueOf(rollback.decidedAt())));
            said.add(Markup.element("p", String.valueOf(rollback.message())));
            said.add(diff.map(LimitersPart::lines).orElse(Markup.NOTHING));
        }
        files.add("rollbacks.json", document);
        said.add(Markup.element("p", Section.link("rollbacks.json", "rollbacks.json")));
        return Section.of("Earlier rollbacks", Markup.all(said));
    }

    private static ObjectNode document(RollbackStatus rollback, Optional<List<String>> diff) {
        ObjectNode document = JSON.createObjectNode();
        document.set("rollback", JSON.valueToTree(rollback));
        diff.ifPresent(lines -> lines.forEach(document.withArray("limiterDiff")::add));
        return document;
    }

    private Section addRollback(RollbackStatus rollback, EvidenceFolder files) {
        Optional<List<String>> diff = diff(rollback, cameBack(rollback));
        files.add("rollback.json", document(rollback, diff));
        Markup said = Markup.all(
                Markup.element("p", String.valueOf(rollback.message())),
                diff.map(LimitersPart::lines).orElse(Markup.NOTHING),
                Markup.element("p", Section.link("rollback.json", "rollback.json")));
        return new Section(
                "The last rollback",
                said,
                diff.isPresent()
                        ? List.of()
                        : List.of("limiter diff: the limiter of revision %s or the one that came back was not kept"
                                .formatted(rollback.revision())));
    }

    /** As it was kept then; else the stable one of now, which it is until the next promotion. */
    private @Nullable String cameBack(RollbackStatus rollback) {
        return evidence.rollbacks().stream()
                .filter(past -> Objects.equals(past.at(), rollback.decidedAt()))
                .map(PastRollback::stable)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(status.stable() == null ? null : status.stable().revision());
    }

    private Optional<List<String>> diff(RollbackStatus rollback, @Nullable String stable) {
        String back = stable == null ? null : texts.get(stable);
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
