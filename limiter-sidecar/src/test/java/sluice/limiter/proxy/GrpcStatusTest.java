package sluice.limiter.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What docs/metrics.md says that a grpc-status counts as. */
class GrpcStatusTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d.*) \\| (\\d{3}) \\|$");
    private static final Pattern STATUS = Pattern.compile("\\d+");

    @Test
    void countsAsThePageSays() throws IOException {
        var told = new TreeMap<Integer, Integer>();
        ROW.matcher(Files.readString(Path.of("..", "docs", "metrics.md")))
                .results()
                .forEach(row -> STATUS.matcher(row.group(1))
                        .results()
                        .forEach(status -> told.put(Integer.valueOf(status.group()), Integer.valueOf(row.group(2)))));

        assertThat(told.keySet())
                .containsExactlyElementsOf(IntStream.rangeClosed(0, 16).boxed().toList());
        assertThat(told)
                .allSatisfy((status, http) ->
                        assertThat(Grpc.httpStatus(status.toString())).isEqualTo(http));
        assertThat(Grpc.httpStatus("17")).isEqualTo(500);
        assertThat(Grpc.httpStatus(null)).isEqualTo(500);
    }
}
