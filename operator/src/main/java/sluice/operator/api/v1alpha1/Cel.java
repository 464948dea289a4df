package sluice.operator.api.v1alpha1;

/**
 * Pieces of the CEL rules. A rule guards every conversion it makes, so that a malformed value gives one message, from the rule
 * about its form, and not an evaluation error from each rule that uses it.
 */
final class Cel {

    /** Durations as GEP-2257 bounds them: four parts of five digits cannot overflow {@code duration()}. */
    static final String DURATION = "'^([0-9]{1,5}(h|m|s|ms)){1,4}$'";

    static final String IS_DURATION = "self.matches(" + DURATION + ")";

    /** Longest text that {@link #DURATION} admits. */
    static final long DURATION_LENGTH = 28;

    static final String DURATION_HELP =
            "must be a duration of whole h, m, s or ms, such as 300ms, 10s, 5m or 1h30m, from ";

    static final String DECIMAL = "'^[0-9]{1,9}([.][0-9]{1,9})?$'";

    /** Longest text that {@link #DECIMAL} admits. */
    static final long DECIMAL_LENGTH = 19;

    static final String DNS_LABEL = "'^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'";

    static final String IS_DNS_LABEL = "self.matches(" + DNS_LABEL + ")";

    static final String DNS_LABEL_HELP =
            "must be lower-case letters, digits and '-', beginning and ending with a letter or digit, such as api-v2";

    static final String IS_DNS_SUBDOMAIN =
            "self.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*$')";

    static final String DNS_SUBDOMAIN_HELP =
            "must be a Kubernetes object name: lower-case letters, digits, '-' and '.', such as my-app";

    /** RFC 9110 section 5.6.2, token. */
    static final String TOKEN = "'^[-A-Za-z0-9!#$%&*+.^_|~]+$'";

    static final String IS_HEADER = "self.matches(" + TOKEN + ") && !self.lowerAscii().startsWith('x-sluice-')";

    static final String HEADER_HELP =
            "must be an HTTP header name, such as X-User-Id, and not begin with X-Sluice-, which the sidecar keeps for itself";

    static final String PATH = "'^/([^/?#[:cntrl:]]+/)*([^/?#[:cntrl:]]*[^/?#[:cntrl:] ])?$'";

    /** Dots that go or are refused, and escapes that are undone, before a limit sees the path. */
    static final String NOT_NORMAL = "'/[.]{1,2}(;[^/]*)?(/|$)|%[0-9A-Fa-f]{2}'";

    static final String IS_PATH = "self.matches(" + PATH + ") && !self.matches(" + NOT_NORMAL + ")";

    static final String PATH_HELP =
            "must be a decoded, normalised path such as /api or '/my docs': a leading '/', no '//', '/./', '/../', '?', '#'"
                    + " or %20, and no space at the end";

    /** In a text: what no header's value has, for blanks at its ends are no part of it, and it is read as Latin-1. */
    static final String IN_NO_HEADER = "'^ | $|[[:cntrl:]\\\\x{100}-\\\\x{10ffff}]'";

    static final String HEADER_VALUE_HELP =
            "must be a value that a header can have: no blank at an end, no control character, none beyond Latin-1";

    private static final String IS_UNLIMITED = "(has(self.unlimited) && self.unlimited)";

    static final String TOKENS_OR_UNLIMITED = "has(self.tokens) != " + IS_UNLIMITED;

    static final String NO_BURST_WHEN_UNLIMITED = "!has(self.burst) || !" + IS_UNLIMITED;

    static final long QUERY_NAME_LENGTH = 63;

    static final long QUERY_LENGTH = 4096;

    static final String QUERY_NEEDS_NAME =
            "Query needs a name of lower-case letters, digits and '-', such as checkout-errors; add it";

    static final String BELONGS_TO_QUERY = ": belongs to Query; remove it";

    /** In a list: whether {@code r} and {@code s} watch the same. A query without a name is refused elsewhere. */
    static final String SAME_SIGNAL =
            "s.signal == r.signal && (r.signal != 'Query' || (has(s.name) && s.name == r.name))";

    static final String NAMELESS_QUERY = "(r.signal == 'Query' && !has(r.name))";

    static final String NOT_YET = ": not supported in this version yet; remove it";

    /** Names of claims that say something of one token, and not of the caller. */
    static final String CLAIMS_OF_ONE_TOKEN = "['exp', 'iat', 'nbf', 'jti']";

    private Cel() {}
}
