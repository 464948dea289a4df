package sluice.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

    /** Of an armour, apart from what it is of, so that no scan takes this file for a key. */
    private static final String BEGIN = "-----BEGIN ";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            redis://app:hunter2@redis:6379 is down            | redis://[redacted]@redis:6379 is down
            rediss://:p@ss/w@rd@redis:6379                    | rediss://[redacted]@redis:6379
            Authorization: Bearer abcdef123456                | Authorization: [redacted]
            > Authorization: Token hunter2abcdef              | > Authorization: [redacted]
            Authorization: Token token="hunter2", nonce="a"   | Authorization: [redacted]
            {"authorization":"ApiKey hunter2","port":1}       | {"authorization":"[redacted]","port":1}
            {"authorization": "Token hunter2", "port": 1}     | {"authorization": "[redacted]", "port": 1}
            {\\"line\\":\\"Authorization: ApiKey hunter2\\"}  | {\\"line\\":\\"Authorization: [redacted]\\"}
            authorization: nothing -> "hunter2" here          | authorization: [redacted]
            > Cookie: theme=dark; session=hunter2             | > Cookie: [redacted]
            sent bearer abcdef123456 twice                    | sent bearer [redacted] twice
            ~sent bearer 17|hunter2abcdef twice~              | sent bearer [redacted] twice
            PGPASSWORD=hunter2                                | PGPASSWORD=[redacted]
            dbPassword: hunter2                               | dbPassword: [redacted]
            {"adminToken":"hunter2","port":1}                 | {"adminToken":"[redacted]","port":1}
            AWS_SECRET_ACCESS_KEY=hunter2/abc+def             | AWS_SECRET_ACCESS_KEY=[redacted]
            SSH_PASSPHRASE='hunter2 abc'                      | SSH_PASSPHRASE=[redacted]
            {"password":"hunter2","port":1}                   | {"password":"[redacted]","port":1}
            {\\"api_key\\":\\"hunter2\\"}                     | {\\"api_key\\":\\"[redacted]\\"}
            password: nothing -> "hunter2" here               | password: [redacted]
            limits[0].token: nothing -> "hunter2" here        | limits[0].token: [redacted] -> "[redacted]" here
            limits[0].token: "hunter2" -> "hunter2" here      | limits[0].token: "[redacted]" -> "[redacted]" here
            limits[0].token: "" -> "hunter2" here             | limits[0].token: "" -> "[redacted]" here
            GET /login?token=hunter2&next=1                   | GET /login?token=[redacted]&next=1
            eyJhbGciOi.eyJzdWIiOiIx.c2lnbmF0dXJl is old        | [redacted] is old
            xoxb-1234567890-abcdef                            | [redacted]
            https://hooks.slack.com/services/T0/B0/xyz        | https://hooks.slack.com/[redacted]
            AKIAABCDEFGHIJKLMNOP                              | [redacted]
            DB_PASS=hunter2                                   | DB_PASS=[redacted]
            SECRET_KEY_BASE=hunter2                           | SECRET_KEY_BASE=[redacted]
            AccountName=a;AccountKey=hunter2;Suffix=b         | AccountName=a;AccountKey=[redacted]
            {"auth":"aHVudGVyMg=="}                           | {"auth":"[redacted]"}
            export DB_PASSWORD_PROD=hunter2,a&b;c} d          | export DB_PASSWORD_PROD=[redacted]
            PASSWORD1=it's hunter2                            | PASSWORD1=[redacted]
            TOKEN_GITHUB=hunter2                              | TOKEN_GITHUB=[redacted]
            Set-Cookie: JSESSIONID=hunter2; Path=/            | Set-Cookie: [redacted]
            GET /a?sig=hunter2&connect.sid=hunter2#b          | GET /a?sig=[redacted]&connect.sid=[redacted]#b
            {"Authorization":["Token hunter2"],"Accept":[]}   | {"Authorization":"[redacted]","Accept":[]}
            {"password":["a]hunter2"],"port":1}               | {"password":"[redacted]","port":1}
            {"password":{"value":"hunter2"},"port":1}         | {"password":"[redacted]","port":1}
            {"password":12345678,"port":1}                    | {"password":"[redacted]","port":1}
            the password => hunter2                           | the password => [redacted]
            {"client_secret" => "hunter2"}                    | {"client_secret" => "[redacted]"}
            password := "hunter2"                             | password := [redacted]
            ENV['TOKEN'] = 'hunter2'                          | ENV['TOKEN'] = '[redacted]'
            {"token": "abc\\"hunter2", "port": 1}             | {"token": "[redacted]", "port": 1}
            {"cookie":"a=b; c=\\"hunter2\\"; d=hunter2"}      | {"cookie":"[redacted]"}
            {\\\\\\"token\\\\\\":\\\\\\"hunter2\\\\\\"}             | {\\\\\\"token\\\\\\":\\\\\\"[redacted]\\\\\\"}
            run with PASSWORD=$'hunter2' now                  | run with PASSWORD=$'[redacted]' now
            + curl -H 'Authorization: Token hunter2' http://a | + curl -H 'Authorization: [redacted]' http://a
            {"name":"DB_PASSWORD","value":"hunter2"}          | {"name":"DB_PASSWORD","value":"[redacted]"}
            {"key":"authorization", "value":"Token hunter2"}  | {"key":"authorization", "value":"[redacted]"}
            app:hunter2@tcp(db:3306)/app                      | app:[redacted]@tcp(db:3306)/app
            curl -u admin:hunter2 http://a                    | curl -u [redacted] http://a
            mysql -u root -phunter2 app                       | mysql -u root -p[redacted] app
            redis-cli -h a -a hunter2 ping                    | redis-cli -h a -a [redacted] ping
            tool --password hunter2 --api-key 'hunter2 a' b   | tool --password [redacted] --api-key [redacted] b
            machine a login b password hunter2                | machine a login b password [redacted]
            <password>hunter2</password>                      | <password>[redacted]</password>
            next=/a%3Ftoken%3Dhunter2%26b                     | next=/a%3Ftoken%3D[redacted]%26b
            https://hunter2@github.com/a                      | https://[redacted]@github.com/a
            client-key-data: LS0tLS1CRUdJTiBQUklWQVRF         | client-key-data: [redacted]
            https://discord.com/api/webhooks/1/hunter2        | https://discord.com/api/webhooks/[redacted]
            https://discord.com/api/v10/webhooks/1/hunter2    | https://discord.com/api/v10/webhooks/[redacted]
            https://hooks.slack.com:443/services/hunter2      | https://hooks.slack.com:443/[redacted]
            https://hooks.slack-gov.com/services/hunter2      | https://hooks.slack-gov.com/[redacted]
            https://a.webhook.office.com/webhookb2/hunter2    | https://a.webhook.office.com/[redacted]
            https://api.telegram.org/bot123:hunter2/getMe     | https://api.telegram.org/bot[redacted]
            https://events.pagerduty.com/integration/hunter2/enqueue | https://events.pagerduty.com/integration/[redacted]
            https://chat.example.com/team/hooks/hunter2       | https://chat.example.com/team/hooks/[redacted]
            curl -uadmin:hunter2 http://a                     | curl -u[redacted] http://a
            curl -su admin:hunter2 http://a                   | curl -su [redacted] http://a
            curl -su 'admin:hunter2 x' http://a               | curl -su [redacted] http://a
            curl -su "admin:hunter2" http://a                 | curl -su [redacted] http://a
            curl -u"admin:hunter2" http://a                   | curl -u[redacted] http://a
            curl -sSu\\"admin:hunter2 x\\" http://a           | curl -sSu[redacted] http://a
            curl --user "admin:hunter2 x" http://a            | curl --user [redacted] http://a
            mysql -p"hunter2 x" app                           | mysql -p[redacted] app
            redis-cli -h a -a "hunter2 x" ping                | redis-cli -h a -a [redacted] ping
            sshpass -p hunter2 ssh a                          | sshpass -p [redacted] ssh a
            pw=hunter2                                        | pw=[redacted]
            sent session=hunter2 twice                        | sent session=[redacted] twice
            sent PHPSESSID=hunter2 twice                      | sent PHPSESSID=[redacted] twice
            GET /back?code=hunter2&key=hunter2&a=1            | GET /back?code=[redacted]&key=[redacted]&a=1
            the token hunter2long is rejected                 | the token [redacted] is rejected
            the password is hunter2                           | the password is [redacted]
            redis-cli -a 'it'\\''s-hunter2' ping | redis-cli -a [redacted] ping
            redis-cli -a 'it'"'"'s hunter2' ping | redis-cli -a [redacted] ping
            redis-cli -a \\"it\\\\\\"s hunter2\\" ping | redis-cli -a [redacted] ping
            redis-cli -a "it\\"s hunter2" ping | redis-cli -a [redacted] ping
            redis-cli -a "it"'s hunter2' ping | redis-cli -a [redacted] ping
            redis-cli -a $'it\\'s hunter2' ping | redis-cli -a [redacted] ping
            redis-cli -a "hunter2" "ping" | redis-cli -a [redacted] "ping"
            curl -su "a:it\\"s-hunter2" http://a | curl -su [redacted] http://a
            curl -su 'a:it'\\''s-hunter2' http://a | curl -su [redacted] http://a
            curl -su 'a'\\''b:hunter2 x' http://a | curl -su [redacted] http://a
            curl --user 'a:it'\\''s-hunter2' http://a | curl --user [redacted] http://a
            mysql -p'it'\\''s-hunter2' app | mysql -p[redacted] app
            mysqlcheck -phunter2 app | mysqlcheck -p[redacted] app
            sshpass -p 'it'\\''s-hunter2' ssh a | sshpass -p [redacted] ssh a
            tool --password 'it'\\''s-hunter2' b | tool --password [redacted] b
            """)
    void takesOutWhatLetsSomebodyIn(String text, String clean) {
        assertThat(Redaction.of(text)).isEqualTo(clean).doesNotContain("hunter2");
        assertThat(Redaction.of(Redaction.of(text))).isEqualTo(clean);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            user app on >hunter2 ~* +@all                       | user app on >[redacted] ~* +@all
            1) "user app on #hunter2 <hunter2 !hunter2 +@all"   | 1) "user app on #[redacted] <[redacted] ![redacted] +@all"
            user app >hunter2 on                                | user app >[redacted] on
            user app -@all +get >hunter2 on                     | user app -@all +get >[redacted] on
            user app allkeys +@all >hunter2 on                  | user app allkeys +@all >[redacted] on
            user app (~a +get) nocommands >hunter2              | user app (~a +get) nocommands >[redacted]
            user app on >90%hunter2                             | user app on >[redacted]
            ACL SETUSER app on >hunter2                         | ACL SETUSER app on >[redacted]
            "acl" "setuser" "app" "on" ">hunter2 a" "+@all"     | "acl" "setuser" "app" "on" ">[redacted]" "+@all"
            AUTH hunter2                                        | AUTH [redacted]
            AUTH file hunter2                                   | AUTH [redacted]
            AUTH access hunter2                                 | AUTH [redacted]
            AUTH app hunter2                                    | AUTH [redacted]
            HELLO 3 AUTH app hunter2 SETNAME a                  | HELLO 3 AUTH [redacted] SETNAME a
            [0 127.0.0.1:5] "AUTH" "app" "hunter2"              | [0 127.0.0.1:5] "AUTH" [redacted]
            [0 127.0.0.1:5] "hello" "3" "auth" "app" "hunter2 a" | [0 127.0.0.1:5] "hello" "3" "auth" [redacted]
            ~redis-cli <<< 'AUTH hunter2'~                      | redis-cli <<< 'AUTH [redacted]'
            requirepass hunter2                                 | requirepass [redacted]
            CONFIG SET requirepass "hunter2 a"                  | CONFIG SET requirepass [redacted]
            "config" "set" "requirepass" "hunter2"              | "config" "set" "requirepass" [redacted]
            redis-server --requirepass hunter2 --port 1         | redis-server --requirepass [redacted] --port 1
            masterauth hunter2                                  | masterauth [redacted]
            primaryauth hunter2                                 | primaryauth [redacted]
            sentinel auth-pass main hunter2                     | sentinel auth-pass main [redacted]
            requirepass=hunter2                                 | requirepass=[redacted]
            REDISCLI_AUTH=hunter2                               | REDISCLI_AUTH=[redacted]
            {"redis_auth":"hunter2","port":1}                   | {"redis_auth":"[redacted]","port":1}
            valkey-cli -h a -a hunter2 ping                     | valkey-cli -h a -a [redacted] ping
            {"a":"user app on >hunter2 ~*\\nuser bob on >hunter2 ~* +@all"} | {"a":"user app on >[redacted] ~*\\nuser bob on >[redacted] ~* +@all"}
            {"a":"user app on >hunter2\\nuser bob on +@all #hunter2\\n"} | {"a":"user app on >[redacted]\\nuser bob on +@all #[redacted]\\n"}
            {\\"a\\":\\"user app on >hunter2\\\\nuser bob on >hunter2\\"} | {\\"a\\":\\"user app on >[redacted]\\\\nuser bob on >[redacted]\\"}
            {"a":"user app on ~*\\r\\nuser bob >hunter2\\\\nhunter2 on"} | {"a":"user app on ~*\\r\\nuser bob >[redacted] on"}
            redis-server --user a on '>hunter2' ~* +@all | redis-server --user a on '>[redacted]' ~* +@all
            redis-server --user a on '~*' '>it'\\''s hunter2' +@all | redis-server --user a on '~*' '>[redacted]' +@all
            redis-server --user a on \\>hunter2 ~* | redis-server --user a on \\>[redacted] ~*
            user a on ">hunter2 x" ~* | user a on ">[redacted]" ~*
            {"a":"user a on \\">hunter2 x\\" ~*"} | {"a":"user a on \\">[redacted]\\" ~*"}
            user app on >it's-hunter2 ~* | user app on >[redacted] ~*
            ACL SETUSER app on '>it'\\''s-hunter2' | ACL SETUSER app on '>[redacted]'
            user app on ALLKEYS +@all >hunter2 | user app on ALLKEYS +@all >[redacted]
            user app ON NOCOMMANDS >hunter2 | user app ON NOCOMMANDS >[redacted]
            user app on alldbs db=0,1 ~* >hunter2 | user app on alldbs db=0,1 ~* >[redacted]
            redis-server --requirepass 'it'\\''s-hunter2' --port 1 | redis-server --requirepass [redacted] --port 1
            {"a":"requirepass \\"hunter2 x\\""} | {"a":"requirepass [redacted]"}
            """)
    void knowsHowRedisIsGivenAPassword(String text, String clean) {
        assertThat(Redaction.of(text)).isEqualTo(clean).doesNotContain("hunter2");
        assertThat(Redaction.of(Redaction.of(text))).isEqualTo(clean);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tool --password hunter2 b",
                "tool -pass hunter2",
                "redis-cli -h a -a hunter2 ping",
                "/usr/bin/valkey-cli -a /hunter2",
                "-h a -a hunter2 ping",
                "redis-server --requirepass hunter2 --port 1",
                "redis-cli CONFIG SET requirepass hunter2",
                "redis-cli auth app hunter2",
                "AUTH hunter2",
                "redis-cli ACL SETUSER app on >hunter2 +@all",
                "curl -u admin:hunter2 http://a",
                "curl -su admin:hunter2 http://a",
                "curl -uadmin:hunter2 http://a",
                "curl --user admin:hunter2 http://a",
                "sshpass -p hunter2 ssh a",
                "-p hunter2 ssh a",
                "mariadb-admin -uroot -phunter2 ping",
                "mariadb-dump -phunter2",
                "/usr/bin/mysqlcheck -phunter2",
                "redis-cli -a -hunter2 ping",
                "mysqladmin -uroot -phunter2 ping",
                "-uroot -phunter2 ping",
            })
    void takesOutWhatStandsApartInAList(String command) throws IOException {
        String json = "[\"" + command.replace(" ", "\",\"") + "\"]";
        assertThat(Redaction.of(new JsonMapper().readTree(json)).toString())
                .contains(Redaction.INSTEAD)
                .doesNotContain("hunter2");
        for (String text : new String[] {
            json,
            json.replace(",", ", "),
            json.replace(",", " "),
            json.replace(",", ",\n  ").replace("[", "[\n  "),
            json.replace("\"", "'"),
            json.replace("\"", "\\\""),
            json.replace("\"", "").replace(",", ", "),
            "args:\n- " + command.replace(" ", "\n- "),
            "args:\n- " + command.replace(" ", " # an item\n\n  # the next\n- "),
            "  - \"" + command.replace(" ", "\"\n  - \"") + "\""
        }) {
            String clean = Redaction.of("before\n" + text + "\nafter");
            assertThat(clean)
                    .startsWith("before\n")
                    .contains(Redaction.INSTEAD)
                    .doesNotContain("hunter2")
                    .endsWith("\nafter");
            assertThat(Redaction.of(clean)).isEqualTo(clean);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"ls\",\"-a\",\"/tmp\"]",
                "[\"mkdir\",\"-p\",\"/tmp/a\"]",
                "[\"-p\",\"6379\",\"--require-token\",\"--port\",\"80\"]",
                "[\"auth\",\"billing\",\"search\"]",
                "[\"token\",\"user\",\"address\"]",
                "[\"-Dquarkus.http.host=0.0.0.0:80\",\"-port=8080\",\"-prometheus.url=http://x:9090\"]",
                "[\"-url=http://x:9090\",\"-pollInterval=5s\"]",
                "[\"-Xrunjdwp:transport=dt_socket,address=5005\"]",
                "[\"date\",\"-u\",\"+%F\"]",
            })
    void leavesTheRestOfAListAlone(String json) throws IOException {
        assertThat(Redaction.of(new JsonMapper().readTree(json))).hasToString(json);
        assertThat(Redaction.of(json)).isEqualTo(json);
        String lines = "- " + json.replaceAll("[\\[\\]\"]", "").replace(",", "\n- ");
        assertThat(Redaction.of(lines)).isEqualTo(lines);
    }

    /** As kubectl prints it: {@code data} comes before {@code kind}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "apiVersion: v1\ndata:\n  redis.conf: SECRET\n  url: SECRET\nkind: Secret\nmetadata:\n  name: redis",
                "kind: Secret\nstringData:\n  url: |\n    SECRET\n\n    SECRET\nmetadata:\n  name: redis",
                "items:\n- apiVersion: v1\n  data:\n    url: SECRET\n  kind: Secret\n---\nmetadata:\n  name: redis",
                "data: # of the cache\n  url: SECRET\nkind: Secret\nmetadata:\n  name: redis",
                "data: {a: it's, url: SECRET}\nkind: Secret\nmetadata:\n  name: redis",
                "kind: Secret\n{\"data\":{\"url\":\"SECRET\nmetadata:\n  name: redis",
                "kind: Secret, name: redis\n  \"data\": {\n  \"url\":\"SECRET",
                "data: {url: SECRET,\n  b: SECRET}\nkind: 'Secret'\nmetadata:\n  name: redis",
                "{\"kind\":\"Secret\",\"data\":{\"url\":\"SECRET\"},\"metadata\":{\"name\":\"redis\"}}",
                "{\n  \"data\": {\n    \"url\": \"SECRET\"\n  },\n  \"kind\": \"Secret\",\n  \"name\": \"redis\"\n}",
                "last: {\\\"data\\\":{\\\"url\\\":\\\"SECRET\\\"},\\\"kind\\\":\\\"Secret\\\",\\\"name\\\":\\\"redis\\\"}",
            })
    void takesOutWhatASecretHas(String text) {
        String value = base64("redis://hunter2".repeat(500));
        assertThat(Redaction.of(text.replace("SECRET", value)))
                .contains(Redaction.INSTEAD)
                .doesNotContain(value.substring(0, 20))
                .contains("redis");
    }

    @Test
    void takesOutWhatASecretHasWhateverItIsCalled() throws IOException {
        var tree = new JsonMapper().readTree("""
                {"kind": "Secret", "data": {"url": "%1$s"}, "stringData": {"path": "hunter2"}, "metadata": {"name": "redis"}}""".formatted(base64("redis://hunter2")));
        assertThat(Redaction.of(tree))
                .hasToString("{\"kind\":\"Secret\",\"data\":{\"url\":\"[redacted]\"},"
                        + "\"stringData\":{\"path\":\"[redacted]\"},\"metadata\":{\"name\":\"redis\"}}");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                BEGIN + "PRIVATE KEY-----\nMIIEhunter2\nhunter2==\n-----END PRIVATE KEY-----\nafter",
                BEGIN + "RSA PRIVATE KEY-----\nMIIEhunter2\nhunter2==\n-----END RSA PRIVATE KEY-----\nafter",
                BEGIN + "PGP PRIVATE KEY BLOCK-----\n\nhunter2\n-----END PGP PRIVATE KEY BLOCK-----\nafter",
                "a line before\nMIIEhunter2\nhunter2==\n-----END EC PRIVATE KEY-----\nafter",
                "- name: DB_PASSWORD\n  value: hunter2\nafter",
                "password: |\n  hunter2\n\n  hunter2\nafter",
                "password: # of the cache\n  hunter2\nafter",
                "password: | # of the cache\n  hunter2\nafter",
                "password: #hunter2\nafter",
                "Authorization:\n  - Token hunter2\nafter",
                "{\n  \"password\": [\n    \"hunter2\"\n  ]\n}\nafter",
                BEGIN + "PRIVATE KEY-----\nMIIEhunter2",
            })
    void takesOutWhatHasSeveralLines(String text) {
        assertThat(Redaction.of(text)).contains(Redaction.INSTEAD).doesNotContain("hunter2");
        assertThat(Redaction.of(text).endsWith("after")).isEqualTo(text.endsWith("after"));
    }

    /** As nobody finds by chance: their makers' forms, put together here, for a scanner takes them for real ones. */
    @ParameterizedTest
    @CsvSource({
        "AIza, 35",
        "ya29., 30",
        "GOCSPX-, 28",
        "sk_live_, 24",
        "sk-proj-, 40",
        "npm_, 36",
        "hvs., 24",
        "ghp_, 36",
        "glsa_, 40",
        "dop_v1_, 36",
        "shpat_, 32",
        "whsec_, 32",
        "hf_, 34",
    })
    void knowsTokensByTheirForm(String start, int length) {
        assertThat(Redaction.of("sent " + start + "a1B2c3D4".repeat(5).substring(0, length) + " twice"))
                .isEqualTo("sent [redacted] twice");
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

    /** Each is half a megabyte. Where one were looked through from each of its parts, this would not end. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://h/abcdefgh,",
                "a.",
                "a:b@",
                "token:[",
                "token:'",
                "token=\\\\'a ",
                "\"Cookie: a",
                "<a>",
                BEGIN + "PRIVATE KEY-----",
                "mysql ",
                "login a ",
                "--token ",
                "name: token ",
                "abcdefgh\n",
                "user a ",
                "user a on >b ",
                ">b +@c ",
                "user a on >b >c\n",
                "curl -su 'a:",
                "[\"-a\",",
                "\"-a\" ",
                "[",
                "\\",
                "- -a\n",
                "[\n",
                "SETUSER a\n",
                "AUTH a ",
                "\"AUTH\" \"",
                "requirepass ",
                "auth-pass ",
                "kind: Secret \"data\": {\n",
                "kind: Secret \"data\": {a\n",
                "kind: Secret data: {a} ",
                "kind: Secret \"data\":{\"a\":1},",
                "kind: Secret data: {a: it's} ",
                "kind: Secret data: {a\n } ",
                "token:[a] ",
                "redis-cli -a 'a'\\''b",
                "redis-cli -a \"\\\"",
                "redis-cli -a 'a'\"b",
                "user a on '>b ",
                "user a on >b\\",
                "user a on c ",
                "curl -su 'a'\\''",
                "- -a # b\n#\n",
                "user a on >b\\nuser a on >b",
                "requirepass \"\\\" ",
                "password:\n"
            })
    void looksThroughALongTextOnce(String part) {
        String text = part.repeat(500_000 / part.length());
        assertThat(Redaction.of(text)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Failed to get token: connection refused
            invalid signature: the certificate has ended
            Unable to load credentials: file not found
            basic authentication failed
            Bearer tokens are checked
            csrf cookie: missing
            authorization: 12% of requests have none; see the runbook
            automountServiceAccountToken: false
            {"requireToken": true, "token": null, "nextPageToken": ""}
            PWD=/app
            OLDPWD=/root
            expired-token: there is no sample
            https://registry/app@sha256:0123456789abcdef
            sum(rate(sluice_requests_total{signature=~"a"}[1m]))
            tokenUrl: /oauth, secretName: redis
            the option --token is missing
            TokenVerifierTest: 31 passed, 0 failed
            sum_over_time(sluice:auth:rate[1d])
            {"volumes":[{"secret":{"secretName":"redis"}}]}
            who guesses passwords: tighten the limit
            ErrorRatio (candidate) was 0.05, at or over 0.01 for 60 s
            limits[api].tokens: 1000 -> 10
            X-RateLimit-Limit: 100 tokens, tokens_remaining=5
            abort@3f9a0c12de/alice-20260101T033000120Z
            user:0123456789abcdef
            spec.limiter.redis.secretRef.name
            NOAUTH Authentication required.
            ERR AUTH <password> called without any password configured for the default user.
            AUTH failed: WRONGPASS invalid username-password pair
            AUTH ok for alice by ldap
            AUTH failed for alice
            requirepass is not set
            the token bucket2 is empty
            the token 5xx-errors rose
            the token 1m30s-window passed
            user bob on >90% of callers
            user bob on page #42 of <report>
            the user alice on >page is back
            user bob on shop >= 3 and <= 5 or != 4
            user app on ~* +@all
            the user alice on rollout api -> weight 5
            proxy_auth: true
            {"kind":"ConfigMap","data":{"url":"http://a"}}
            GET /back?code=404&key=DE
            the token is expired
            the password is wrong
            session: opened
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

    @Test
    void takesOutWholeWhatIsCalledByASensitiveName() throws IOException {
        var tree = new JsonMapper().readTree("""
                {"password": 12345678, "headers": {"Authorization": ["Token x", "y"]}, "credentials": {"user": "a", "key": "b"},
                 "automountServiceAccountToken": false, "token": null,
                 "volumes": [{"secret": {"secretName": "redis", "defaultMode": 420}}],
                 "signals": [{"name": "expired-token", "arm": "candidate", "value": "0.02"}]}""");
        assertThat(Redaction.of(tree))
                .hasToString(
                        "{\"password\":\"[redacted]\",\"headers\":{\"Authorization\":[\"[redacted]\",\"[redacted]\"]},"
                                + "\"credentials\":{\"user\":\"[redacted]\",\"key\":\"[redacted]\"},"
                                + "\"automountServiceAccountToken\":false,\"token\":null,"
                                + "\"volumes\":[{\"secret\":{\"secretName\":\"redis\",\"defaultMode\":420}}],"
                                + "\"signals\":[{\"name\":\"expired-token\",\"arm\":\"candidate\",\"value\":\"0.02\"}]}");
    }
}
