package sluice.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Takes out what lets somebody in. Rather too much than too little: a report is passed on, and nobody reads all of it first.
 *
 * <p>Nothing in a report should hold such a thing; messages, headers to match and paths are written by others, though.
 */
public final class Redaction {
    static final String INSTEAD = "[redacted]";

    private record Rule(Pattern what, String instead) {
        static Rule of(String what, String instead) {
            return new Rule(Pattern.compile(what), instead);
        }
    }

    /** What names end with, word by word: DB_PASSWORD and adminToken are such, tokens is not. */
    private static final List<String> SENSITIVE = List.of(
            "authorization",
            "cookie",
            "api key",
            "token",
            "password",
            "passwd",
            "pwd",
            "passphrase",
            "access key",
            "secret key",
            "private key",
            "secret",
            "signature",
            "credential",
            "credentials");

    private static final String NAMES = String.join("|", SENSITIVE).replace(" ", "[-_]?");

    private static final String IS = "(\\\\?[\"']?\\s*[:=]\\s*\\\\?)";

    private static final String VALUE = "(?:\"[^\"]*\"|'[^']*'|[^\\s\"',;&}\\\\]+)";

    private static final List<Rule> RULES = List.of(
            Rule.of("(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)", INSTEAD),
            // The end of the scheme is enough: to look on from each character of a long word would take hours.
            Rule.of("(?i)([a-z0-9+.-]://)[^\\s\"'<>]*@", "$1" + INSTEAD + "@"),
            Rule.of("(?i)(hooks\\.slack\\.com/)[^\\s\"'<>]+", "$1" + INSTEAD),
            Rule.of("(?i)\\b(bearer|basic)\\s+[A-Za-z0-9+/=._~|-]{6,}", "$1 " + INSTEAD),
            Rule.of("\\beyJ[A-Za-z0-9_-]{5,}(?:\\.[A-Za-z0-9_-]*){0,4}", INSTEAD),
            Rule.of("\\b(?:xox[a-z]|xapp)-[A-Za-z0-9-]{6,}", INSTEAD),
            Rule.of("\\b(?:gh[opusr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|glpat-[A-Za-z0-9_-]{16,})", INSTEAD),
            Rule.of("\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b", INSTEAD),
            // A scheme, several cookies, parameters: to the end of the line, or of the text in JSON that the line
            // stands in.
            Rule.of(
                    "(?i)(authorization|cookie)" + IS
                            + "(?:\"[^\"]*\"|'[^']*'"
                            + "|(?:(?:=|->)\\s*\\\\?(?:\"[^\"\\r\\n]*\"|'[^'\\r\\n]*')|,(?!\\s*\\\\?[\"'])|[^\\r\\n\"'\\\\},])++)",
                    "$1$2" + INSTEAD),
            Rule.of(
                    "(?i)(" + NAMES + ")" + IS + VALUE
                            // What it became, where two versions are compared.
                            + "(?:\\s*->\\s*\\\\?" + VALUE + ")?",
                    "$1$2" + INSTEAD));

    /** What the names of fields end with, without what stands between their words. */
    private static final List<String> FIELDS =
            SENSITIVE.stream().map(name -> name.replace(" ", "")).toList();

    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Cn}&&[^\n]]");

    private Redaction() {}

    /** The text without anything that looks like a way in. */
    static String of(String text) {
        String clean = text;
        for (Rule rule : RULES) {
            clean = rule.what().matcher(clean).replaceAll(rule.instead());
        }
        return clean;
    }

    /** The same for a terminal or a page: control and format characters, which could change how the rest reads, are made visible. */
    public static String visible(String text) {
        return UNSEEN.matcher(of(text)).replaceAll("\uFFFD");
    }

    /** The same document with every text in it cleaned, names too; what is called by a sensitive name is taken out whole. */
    static JsonNode of(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> object(object);
            case ArrayNode array -> {
                ArrayNode clean = JsonNodeFactory.instance.arrayNode();
                array.forEach(each -> clean.add(of(each)));
                yield clean;
            }
            default -> node.isTextual() ? JsonNodeFactory.instance.textNode(of(node.textValue())) : node;
        };
    }

    private static ObjectNode object(ObjectNode object) {
        ObjectNode clean = JsonNodeFactory.instance.objectNode();
        // A header to match, {name: Authorization, value: ...}, or an environment variable.
        boolean named = isSensitive(object.path("name").asText());
        object.properties().forEach(field -> {
            boolean out = field.getValue().isTextual()
                    && (isSensitive(field.getKey()) || (named && field.getKey().equals("value")));
            clean.set(of(field.getKey()), out ? JsonNodeFactory.instance.textNode(INSTEAD) : of(field.getValue()));
        });
        return clean;
    }

    private static boolean isSensitive(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
        return FIELDS.stream().anyMatch(plain::endsWith);
    }
}
