package sluice.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * What the program printed, and how it ended.
 *
 * @param out without the last line's end
 */
record Run(int code, String out, String err) {
    static Run of(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var code = Main.commandLine(arguments)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Run(code, out.toString().stripTrailing(), err.toString().stripTrailing());
    }
}
