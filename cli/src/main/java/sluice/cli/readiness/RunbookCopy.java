package sluice.cli.readiness;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The runbook as it is handed on: a link to a file that the folder has leads there, another one is the name of its file in the repository. */
final class RunbookCopy {
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]*)]\\((?!#|\\w+:)([^)#]+)(#[^)]*)?\\)");
    private static final Path FOLDER = Path.of("docs");
    private static final String CHART = "helm/ratelimit-rollout/";
    private static final String DEFINITIONS = "definitions/";

    private RunbookCopy() {}

    static byte[] of(byte[] runbook) {
        return LINK.matcher(new String(runbook, StandardCharsets.UTF_8))
                .replaceAll(link -> Matcher.quoteReplacement(handedOn(link)))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String handedOn(MatchResult link) {
        String path = FOLDER.resolve(link.group(2)).normalize().toString();
        String text = link.group(1);
        return path.startsWith(CHART)
                ? "[%s](%s%s)".formatted(text, DEFINITIONS, path.substring(CHART.length()))
                : "%s (`%s`)".formatted(text, path);
    }
}
