package sluice.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedactionTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            redis://app:hunter2@redis:6379 is down            | redis://[redacted]@redis:6379 is down
            rediss://:p@ss/w@rd@redis:6379                    | rediss://[redacted]@redis:6379
            Authorization: Bearer abcdef123456                | Authorization: [redacted]
            > Authorization: Token hunter2abcdef              | > Authorization: [redacted]
            Authorization: Token token="hunter2", nonce="a"   | Authorization: [redacted]
            {"authorization":"ApiKey hunter2","port":1}       | {"authorization":[redacted],"port":1}
            {"authorization": "Token hunter2", "port": 1}     | {"authorization": [redacted], "port": 1}
            {\\"line\\":\\"Authorization: ApiKey hunter2\\"}  | {\\"line\\":\\"Authorization: [redacted]\\"}
            authorization: nothing -> "hunter2" here          | authorization: [redacted]
            > Cookie: theme=dark; session=hunter2             | > Cookie: [redacted]
            sent bearer abcdef123456 twice                    | sent bearer [redacted] twice
            ~sent bearer 17|hunter2abcdef twice~              | sent bearer [redacted] twice
            PGPASSWORD=hunter2                                | PGPASSWORD=[redacted]
            dbPassword: hunter2                               | dbPassword: [redacted]
            {"adminToken":"hunter2","port":1}                 | {"adminToken":[redacted],"port":1}
            AWS_SECRET_ACCESS_KEY=hunter2/abc+def             | AWS_SECRET_ACCESS_KEY=[redacted]
            SSH_PASSPHRASE='hunter2 abc'                      | SSH_PASSPHRASE=[redacted]
            {"password":"hunter2","port":1}                   | {"password":[redacted],"port":1}
            {\\"api_key\\":\\"hunter2\\"}                     | {\\"api_key\\":\\[redacted]}
            password: nothing -> "hunter2" here               | password: [redacted] here
            GET /login?token=hunter2&next=1                   | GET /login?token=[redacted]&next=1
            eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJl is old        | [redacted] is old
            xoxb-1234567890-abcdef                            | [redacted]
            https://hooks.slack.com/services/T0/B0/xyz        | https://hooks.slack.com/[redacted]
            AKIAABCDEFGHIJKLMNOP                              | [redacted]
            """)
    void takesOutWhatLetsSomebodyIn(String text, String clean) {
        assertThat(Redaction.of(text)).isEqualTo(clean).doesNotContain("hunter2");
        assertThat(Redaction.of(Redaction.of(text))).isEqualTo(clean);
    }

    @Test
    void takesOutALongLine() {
        assertThat(Redaction.of("Cookie: " + "session=hunter2; ".repeat(100_000)))
                .isEqualTo("Cookie: [redacted]");
    }

    /** As a hook prints a file in base64. With a rule that looked on from each of its characters this would not end. */
    @Test
    void leavesALongWordAlone() {
        String word = "abcd".repeat(500_000);
        assertThat(Redaction.of(word)).isEqualTo(word);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ErrorRatio (candidate) was 0.05, at or over 0.01 for 60 s
            limits[api].tokens: 1000 -> 10
            X-RateLimit-Limit: 100 tokens, tokens_remaining=5
            abort@3f9a0c12de/alice-20260101T033000120Z
            user:0123456789abcdef
            spec.limiter.redis.secretRef.name
            2026-01-01T00:03:30.000Z
            """)
    void leavesTheRestAlone(String text) {
        assertThat(Redaction.of(text)).isEqualTo(text);
    }

    @Test
    void goesByTheNamesOfFieldsToo() throws IOException {
        var tree = new JsonMapper().readTree("""
                {"token": "short", "tokens": 100, "secretRef": {"name": "redis"},
                 "env": [{"name": "REDIS_PASSWORD", "value": "a"}, {"name": "PASSWORD", "value": "b"}, {"name": "AWS_SECRET_ACCESS_KEY", "value": "c"},
                  {"name": "DB_PWD", "value": "d"}, {"name": "PORT", "value": "1"}],
                 "headers": {"Authorization": "x", "X-Api-Key": "y", "Accept": "z"}}""");
        assertThat(Redaction.of(tree))
                .hasToString(
                        "{\"token\":\"[redacted]\",\"tokens\":100,\"secretRef\":{\"name\":\"redis\"},"
                                + "\"env\":[{\"name\":\"REDIS_PASSWORD\",\"value\":\"[redacted]\"},{\"name\":\"PASSWORD\",\"value\":\"[redacted]\"},"
                                + "{\"name\":\"AWS_SECRET_ACCESS_KEY\",\"value\":\"[redacted]\"},{\"name\":\"DB_PWD\",\"value\":\"[redacted]\"},{\"name\":\"PORT\",\"value\":\"1\"}],"
                                + "\"headers\":{\"Authorization\":\"[redacted]\",\"X-Api-Key\":\"[redacted]\",\"Accept\":\"z\"}}");
    }
}
