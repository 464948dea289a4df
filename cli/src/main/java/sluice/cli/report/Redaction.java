package sluice.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out what lets somebody in. Rather too much than too little: a report is passed on, and nobody reads all of it first.
 *
 * <p>Nothing in a report should hold such a thing; messages, headers to match and paths are written by others, though.
 */
public final class Redaction {
    static final String INSTEAD = "[redacted]";

    private static final String KEY_END = "-----END (?:[A-Z0-9]{1,16} ){0,4}PRIVATE KEY(?: BLOCK)?-----";

    /** One word with a user and a password. */
    private static final String CREDENTIALS = "(?=\\\\*+(?:\"(?:[^\":\\\\\\n]|\\\\[^\\n]){0,256}+:"
            + "|'(?:[^':\\n]|'\\\\++''|'\\\\*+\"'\\\\*+\"'){0,256}+:|[\"']?[^\\s:\"']{0,256}+:\\S))"
            + ShellWord.ANY;

    private record Rule(Pattern what, String instead) {
        static Rule of(String what, String instead) {
            return new Rule(Pattern.compile(what), instead);
        }
    }

    /** What is secret by its form, whatever it is called. Each is looked for in linear time: a word can be as long as a file. */
    private static final List<Rule> RULES = List.of(
            Rule.of(
                    "(?s)-----BEGIN (?:[A-Z0-9]{1,16} ){0,4}PRIVATE KEY(?: BLOCK)?-----.*?(?:" + KEY_END + "|\\z)",
                    INSTEAD),
            Rule.of("\\bLS0tLS1CRUdJTi[A-Za-z0-9+/]*+=*+", INSTEAD),
            // Whoever is named in an address before the host, with a password that may have any character, or a token
            // alone.
            Rule.of(
                    "(?i)([a-z0-9+.-]://)(?:[^\\s\"'<>@:/?#]{0,256}:[^\\s\"'<>]{0,1024}|[^\\s\"'<>@:/?#]{1,256})@",
                    "$1" + INSTEAD + "@"),
            Rule.of(
                    "(?<![\\w.-])([\\w.-]++):[^\\s@:/\"']{1,256}@(?!sha\\d+:)(?=[\\w.-]{1,256}[:/(])",
                    "$1:" + INSTEAD + "@"),
            Rule.of(
                    "(?i)((?:hooks\\.slack(?:-gov)?\\.com|\\.webhook\\.office\\.com)(?::\\d{1,5})?/"
                            + "|discord(?:app)?\\.com(?::\\d{1,5})?/api/(?:v\\d{1,3}/)?webhooks/"
                            + "|api\\.telegram\\.org(?::\\d{1,5})?/(?:file/)?bot|\\.pagerduty\\.com(?::\\d{1,5})?/integration/"
                            + "|https?://[^\\s\"'<>/]{1,256}(?:/[^\\s\"'<>/]{1,64}){0,3}?/hooks/)[^\\s\"'<>]+",
                    "$1" + INSTEAD),
            // Not "basic authentication", which is a word.
            Rule.of(
                    "(?i)\\b(bearer|basic)\\s+(?!(?-i:[a-z]{1,15})(?![A-Za-z0-9+/=_~|-]))[A-Za-z0-9+/=._~|-]{6,}",
                    "$1 " + INSTEAD),
            Rule.of("\\beyJ[A-Za-z0-9_-]{5,}(?:\\.[A-Za-z0-9_-]*){0,4}", INSTEAD),
            Rule.of("\\b(?:xox[a-z]|xapp)-[A-Za-z0-9-]{6,}", INSTEAD),
            Rule.of(
                    "\\b(?:gh[opusr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|glpat-[A-Za-z0-9_-]{16,}|npm_[A-Za-z0-9]{30,}"
                            + "|dckr_pat_[A-Za-z0-9_-]{16,}|pypi-[A-Za-z0-9_-]{16,})",
                    INSTEAD),
            Rule.of("\\b(?:AKIA|ASIA)[0-9A-Z]{16}\\b", INSTEAD),
            Rule.of("\\b(?:AIza[A-Za-z0-9_-]{30,}|ya29\\.[A-Za-z0-9_-]{10,}|GOCSPX-[A-Za-z0-9_-]{10,})", INSTEAD),
            Rule.of(
                    "\\b(?:[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|sk-[A-Za-z0-9_-]{20,}|SG\\.[A-Za-z0-9_-]{16,}\\.[A-Za-z0-9_-]{16,})",
                    INSTEAD),
            Rule.of(
                    "\\b(?:glsa_[A-Za-z0-9_]{20,}|dop_v1_[A-Za-z0-9]{20,}|shp(?:at|ca|pa|ss)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{16,}"
                            + "|hf_[A-Za-z0-9]{20,}|AGE-SECRET-KEY-1[A-Z0-9]{20,})",
                    INSTEAD),
            Rule.of("\\bhv[sbr]\\.[A-Za-z0-9_-]{20,}", INSTEAD),
            // What is typed: curl, Redis, MySQL, and the file that curl has passwords from.
            Rule.of("(?<!\\S)(-u|--user|--proxy-user)(\\s+|=)" + CREDENTIALS, "$1$2" + INSTEAD),
            Rule.of("(\\bcurl\\b[^\\n]{0,256}?\\s-[A-Za-z]{0,8}u[ \\t]*+)" + CREDENTIALS, "$1" + INSTEAD),
            Rule.of("(\\bsshpass[ \\t]++-p[ \\t]*+)" + ShellWord.ANY, "$1" + INSTEAD),
            Rule.of("(?i)([?&](?:code|key)=)(?!\\w{1,3}(?![^\\s&#\"'<>]))[^\\s&#\"'<>]++", "$1" + INSTEAD),
            Rule.of("(?i)((?<![\\w.-])session=)[^\\s&;,\"'<>]++", "$1" + INSTEAD),
            // In a sentence, where it is no word, with a digit in it, and does not begin as a bucket, a class of
            // answers or a time.
            Rule.of(
                    "(?i)(\\b(?:password|passphrase|token)[ \\t]++(?:(?:is|was)[ \\t]++)?[\"']?)(?!bucket|[1-5]xx\\b|(?:\\d{1,5}(?:ms|[smhd])){1,4}+\\b)"
                            + "(?=[a-z]{0,64}\\d)(?=\\d{0,64}[a-z])[^\\s\"']{6,}+",
                    "$1" + INSTEAD),
            Rule.of("(\\b(?:redis|valkey)-cli\\b[^\\n]{0,256}?\\s-a\\s+)" + ShellWord.ANY, "$1" + INSTEAD),
            Rule.of("(\\b(?:mysql|mariadb)[\\w-]{0,32}+[^\\n]{0,256}?\\s-p)" + ShellWord.ANY, "$1" + INSTEAD),
            Rule.of("(\\blogin\\s+\\S{1,256}\\s+password\\s+)" + ShellWord.ANY, "$1" + INSTEAD));

    private static final Pattern END_OF_KEY = Pattern.compile(KEY_END);

    private static final Pattern OPTION =
            Pattern.compile("(?<![\\w-])--?(?<name>[A-Za-z][\\w-]*+)[ \\t]++(?<value>(?!-)" + ShellWord.ANY + ")");

    private static final Pattern ELEMENT = Pattern.compile("<(?<name>[\\w.:-]{1,100})>(?<value>[^<]{1,4096})(?=</)");

    /** A line of a key of which the beginning was cut off. */
    private static final Pattern KEY_LINE = Pattern.compile("[A-Za-z0-9+/]{1,128}={0,2}\\r?");

    private static final JsonNode REDACTED = JsonNodeFactory.instance.textNode(INSTEAD);

    private static final Pattern FIGURE = Pattern.compile("-?\\d{1,15}(?:\\.\\d{1,15})?(?:E-?\\d{1,3})?");

    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}\\p{Cn}&&[^\n]]");

    private Redaction() {}

    /** The text without anything that looks like a way in. What belongs together, as the lines of a key, is asked about together. */
    static String of(String text) {
        String clean = text;
        for (Rule rule : RULES) {
            clean = rule.what().matcher(clean).replaceAll(rule.instead());
        }
        clean = withoutEndOfKey(clean);
        clean = ListedArguments.takenOutOf(clean);
        clean = RedisSecrets.takenOutOf(clean);
        clean = named(OPTION, clean);
        clean = named(ELEMENT, clean);
        return NamedSecrets.takenOutOf(clean);
    }

    private static String named(Pattern pattern, String text) {
        return pattern.matcher(text).replaceAll(found -> {
            String said = found.group();
            String value = found.group("value");
            boolean secret = SecretName.is(found.group("name")) && !NamedSecrets.isState(value);
            return Matcher.quoteReplacement(
                    secret ? said.substring(0, said.length() - value.length()) + INSTEAD : said);
        });
    }

    private static String withoutEndOfKey(String text) {
        Matcher end = END_OF_KEY.matcher(text);
        StringBuilder clean = new StringBuilder();
        int done = 0;
        while (end.find()) {
            int from = end.start();
            int line = from;
            while (line > done && text.charAt(line - 1) == '\n') {
                from = line;
                line = text.lastIndexOf('\n', from - 2) + 1;
                if (line < done
                        || !KEY_LINE.matcher(text.substring(line, from - 1)).matches()) {
                    break;
                }
            }
            clean.append(text, done, from).append(INSTEAD);
            done = end.end();
        }
        return clean.append(text, done, text.length()).toString();
    }

    /** The same for a terminal or a page: control and format characters, which could change how the rest reads, are made visible. */
    public static String visible(String text) {
        return UNSEEN.matcher(of(text)).replaceAll("\uFFFD");
    }

    /** The same document with every text in it cleaned, names too; what is called by a sensitive name is taken out whole. */
    static JsonNode of(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> object(object);
            case ArrayNode array -> array(array);
            default -> node.isTextual() ? JsonNodeFactory.instance.textNode(of(node.textValue())) : node;
        };
    }

    private static ArrayNode array(ArrayNode array) {
        ArrayNode clean = JsonNodeFactory.instance.arrayNode();
        var arguments = new Arguments();
        array.forEach(each -> clean.add(arguments.isSecret(each.asText()) ? REDACTED : of(each)));
        return clean;
    }

    private static ObjectNode object(ObjectNode object) {
        ObjectNode clean = JsonNodeFactory.instance.objectNode();
        // A header to match, {name: Authorization, value: ...}, or an environment variable; a signal that is called
        // expired-token has a figure.
        boolean named = SecretName.is(object.path("name").asText())
                && (object.size() == 2
                        || !FIGURE.matcher(object.path("value").asText()).matches());
        boolean ofSecret = object.path("kind").asText().equals("Secret");
        object.properties().forEach(field -> {
            if (ofSecret && NamedSecrets.isData(field.getKey())) {
                clean.set(field.getKey(), withoutValues(field.getValue()));
                return;
            }
            boolean out =
                    SecretName.is(field.getKey()) || (named && field.getKey().equals("value"));
            boolean figure = out && field.getValue().isNumber();
            clean.set(
                    of(field.getKey()),
                    figure ? REDACTED : out ? withoutTexts(field.getValue()) : of(field.getValue()));
        });
        return clean;
    }

    /** The names of what a Secret has. */
    private static JsonNode withoutValues(JsonNode data) {
        ObjectNode clean = JsonNodeFactory.instance.objectNode();
        data.fieldNames().forEachRemaining(name -> clean.set(of(name), REDACTED));
        return clean;
    }

    /** Without the texts in it, but for what tells of a secret: the path of a projected token. Figures in it count something. */
    private static JsonNode withoutTexts(JsonNode secret) {
        return switch (secret) {
            case ObjectNode object -> {
                ObjectNode clean = JsonNodeFactory.instance.objectNode();
                object.properties().forEach(field -> {
                    JsonNode value = field.getValue();
                    clean.set(
                            of(field.getKey()),
                            SecretName.tellsAbout(field.getKey()) ? of(value) : withoutTexts(value));
                });
                yield clean;
            }
            case ArrayNode array -> {
                ArrayNode clean = JsonNodeFactory.instance.arrayNode();
                array.forEach(each -> clean.add(withoutTexts(each)));
                yield clean;
            }
            default -> secret.isTextual() && !secret.textValue().isEmpty() ? REDACTED : secret;
        };
    }
}
