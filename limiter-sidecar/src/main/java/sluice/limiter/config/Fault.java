package sluice.limiter.config;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * One thing that is wrong with a document.
 *
 * @param mark where in the text, when that is known
 * @param path the field, such as {@code limits[0].burst}
 * @param text says what the field must be
 */
public record Fault(Optional<Mark> mark, String path, String text) {

    private static final Pattern CONTROLS = Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}]");

    /** The order of the text; what has no place in it comes first. */
    public static final Comparator<Fault> BY_MARK = Comparator.comparingInt(
                    (Fault fault) -> fault.mark().map(Mark::line).orElse(0))
            .thenComparingInt(fault -> fault.mark().map(Mark::column).orElse(0));

    /** Somewhere. */
    public Fault(String path, String text) {
        this(Optional.empty(), path, text);
    }

    public Fault at(Optional<Mark> place) {
        return new Fault(place, path, text);
    }

    /** On one line, {@code line:column: path: text}, whatever is in them. */
    @Override
    public String toString() {
        var told = mark.map(place -> place + ": ").orElse("") + path + ": " + text;
        return CONTROLS.matcher(told)
                .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
    }
}
