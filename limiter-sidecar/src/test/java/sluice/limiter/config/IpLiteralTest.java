package sluice.limiter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "::ffff:192.0.2.1, 192.0.2.1",
        "::ffff:c000:201, 192.0.2.1",
        "2001:db8::1, 2001:db8:0:0:0:0:0:1",
        "2001:DB8::1, 2001:db8:0:0:0:0:0:1",
        "::, 0:0:0:0:0:0:0:0",
        "64:ff9b::192.0.2.1, 64:ff9b:0:0:0:0:c000:201",
        "64:ff9b:1:2:3:4:192.0.2.1, 64:ff9b:1:2:3:4:c000:201",
        "::ffff:0:192.0.2.1, 0:0:0:0:ffff:0:c000:201",
        "::192.0.2.1, 0:0:0:0:0:0:c000:201",
    })
    void readsEachForm(String text, String address) {
        assertThat(IpLiteral.parse(text)).map(InetAddress::getHostAddress).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "10.0.0",
                "0x7f.0.0.1",
                "3232235777",
                "::g",
                "1:2:3",
                ":::",
                "64:ff9b::192.0.2",
                "64:ff9b::192.0.2.256",
                "1:2:3:4:5:6:7:192.0.2.1",
                "192.0.2.1::",
                "1.2.3.4:5.6.7.8"
            })
    void refusesWhatIsNone(String text) {
        assertThat(IpLiteral.parse(text)).isEmpty();
    }
}
