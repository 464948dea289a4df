package sluice.cli.readiness;

import static sluice.cli.report.Markup.element;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sluice.cli.report.Markup;

/** Who had the processors while each load was sent: load generator and cluster share them with what is measured. */
final class ProcessorTime {
    /** As the evidence names them, in the order of the table. Compilers are a part of the sidecars. */
    private static final List<String> PARTS =
            List.of("machine", "sidecars", "compilers", "app", "Redis", "Prometheus", "operator");

    private static final String SECONDS = "processor_seconds";

    private ProcessorTime() {}

    /** A row for each load that has such figures; {@link Markup#NOTHING} where none has. */
    static Markup table(Evidence evidence) {
        List<List<Markup>> rows = Stream.of(Load.values())
                .flatMap(load -> document(evidence, load).map(sent -> row(load.title, sent)).stream())
                .toList();
        return rows.isEmpty()
                ? Markup.NOTHING
                : Markup.all(List.of(
                        element("h2", "Processor time meanwhile"),
                        element(
                                "p",
                                "In seconds. The machine is all that runs on it, load generator and log collector included; "
                                        + "compilers are those of the sidecars' JVMs, and a part of the sidecars."),
                        Markup.table(
                                Stream.concat(Stream.of("load", "available"), PARTS.stream())
                                        .toList(),
                                rows)));
    }

    private static Optional<JsonNode> document(Evidence evidence, Load load) {
        return evidence.json(load.file()).filter(sent -> !sent.path(SECONDS).isEmpty());
    }

    private static List<Markup> row(String title, JsonNode sent) {
        double available =
                sent.path("cores").asDouble() * sent.path("planned_seconds").asDouble();
        return Stream.concat(
                        Stream.of(title, Text.number(available)),
                        PARTS.stream().map(part -> seconds(sent.path(SECONDS).path(part))))
                .map(Markup::text)
                .toList();
    }

    private static String seconds(JsonNode used) {
        return used.isNumber() ? Text.number(used.asDouble()) : "-";
    }
}
