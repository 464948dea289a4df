package sluice.cli.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {
    private static final Map<String, Object> SELF = Map.of(
            "name", "api", "for", "1m", "count", 3L, "list", List.of(1L, 2L, 4L), "map", Map.of("a", "x", "b", "y"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "self.name == 'api' && self.count != 4",
                "has(self.name) && !has(self.other) && has(self.map.a)",
                "!has(self.other) || self.other > 1",
                "duration(self.__for__) >= duration('59s') + duration('1s')",
                "duration(self.__for__).getMilliseconds() * 1000 == 60000000",
                "1 + 2 * 3 == 7 && (1 + 2) * 3 == 9 && 7 / 2 - 1 == 2",
                "self.count > 2 ? self.count <= 3 : self.count == 9",
                "self.list[size(self.list) - 1] == 4 && self.count in [1, 3]",
                "self.list.all(n, n > 0) && self.list.exists(n, n == 2) && self.list.exists_one(n, n > 2)",
                "!self.list.exists_one(n, n > 1) && [].all(n, n > 0) && ![].exists(n, n > 0)",
                "self.map.all(key, key.matches('^[ab]$'))",
                "self.map['b'] == 'y' && self.map.all(key, self.map[key].matches('^[xy]$'))",
                "self.list.map(n, n * 2).isSorted() && ![2, 1].isSorted()",
                "self.list.all(n, self.list.exists_one(m, m == n))",
                "double('0.5') < 0.75 && double('1') >= 1.0",
                "'A-b'.lowerAscii().startsWith('a-')",
                "'xapiy'.matches('api') && !'xapiy'.matches('^api$') && !'api\\n'.matches('^api$')",
                "'$'.matches('^[#$]$') && !'a b'.matches('^[^ \\\\t]+$') && !'a\\t'.matches('^[^[:cntrl:] ]+$')",
                "'a '.matches('^ | $') && 'ā'.matches('[[:cntrl:]\\\\x{100}-\\\\x{10ffff}]') && !'é'.matches('[\\\\x{100}-\\\\x{10ffff}]')",
                "isCIDR('10.0.0.0/8') && isCIDR('fd00::/8') && cidr('::/0').prefixLength() == 0",
                "!isCIDR('10.0.0.1') && !isCIDR('10.0.0.0/33') && !isCIDR('010.0.0.0/8') && !isCIDR('10.0.0/8')",
                "!isCIDR('10.0.0.0/08') && !isCIDR('fd00::/129') && !isCIDR('::ffff:10.0.0.0/104') && !isCIDR('a.b/8')",
            })
    void holds(String source) {
        assertThat(Rule.parse(source).holds(SELF)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"self.name ==", "self.name & 1", "(self.name", "self.list.all(n)", "self.name self.name", ""})
    void doesNotReadWhatIsNoRule(String source) {
        assertThatThrownBy(() -> Rule.parse(source)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "self.other == 1",
                "unknown(self)",
                "self.name.unknown('a')",
                "self.list.all(n, n)",
                "self.map['c'] == 'x'"
            })
    void doesNotSayThatWhatCannotBeToldHolds(String source) {
        var rule = Rule.parse(source);
        assertThatThrownBy(() -> rule.holds(SELF)).isInstanceOf(RuntimeException.class);
    }
}
