package sluice.limiter.proxy;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Reads HTTP/1.1 as plainly as can be. */
final class Wire {

    private Wire() {}

    /** Up to and with the blank line; empty at the end of the stream. */
    static String readHead(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            var next = in.read();
            if (next < 0) {
                return "";
            }
            head.append((char) next);
        }
        return head.toString();
    }

    static String readBody(String head, InputStream in) throws IOException {
        if (header("Transfer-Encoding", head).isPresent()) {
            return readChunks(in);
        }
        var length = Integer.parseInt(header("Content-Length", head).orElse("0"));
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    }

    private static String readChunks(InputStream in) throws IOException {
        var body = new ByteArrayOutputStream();
        for (var size = chunkSize(in); size > 0; size = chunkSize(in)) {
            body.write(in.readNBytes(size));
            readLine(in);
        }
        var trailer = readLine(in);
        while (!trailer.isEmpty()) {
            body.writeBytes(("|" + trailer).getBytes(StandardCharsets.ISO_8859_1));
            trailer = readLine(in);
        }
        return body.toString(StandardCharsets.ISO_8859_1);
    }

    private static int chunkSize(InputStream in) throws IOException {
        return Integer.parseInt(readLine(in).replaceAll(";.*", ""), 16);
    }

    static String readLine(InputStream in) throws IOException {
        var line = new StringBuilder();
        while (!line.toString().endsWith("\r\n")) {
            var next = in.read();
            if (next < 0) {
                throw new EOFException("after: " + line);
            }
            line.append((char) next);
        }
        return line.substring(0, line.length() - 2);
    }

    static Optional<String> header(String name, String head) {
        var start = name.toLowerCase(Locale.ROOT) + ":";
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
                .map(line -> line.substring(start.length()).strip())
                .reduce((first, second) -> first + "," + second);
    }
}
