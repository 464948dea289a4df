package sluice.cli.readiness;

import java.util.List;
import sluice.cli.report.Markup;

/**
 * One thing that the package has to show.
 *
 * @param figure what was measured, or why nothing was
 * @param files where that can be looked up, from the top of the folder
 * @param more what the page shows of it below; {@link Markup#NOTHING} where the figure says it all
 */
record Item(String title, Outcome outcome, String figure, List<String> files, Markup more) {
    Item {
        files = List.copyOf(files);
    }

    Item(String title, Outcome outcome, String figure, List<String> files) {
        this(title, outcome, figure, files, Markup.NOTHING);
    }

    static Item notRun(String title, String why) {
        return new Item(title, Outcome.NOT_RUN, why, List.of());
    }
}
