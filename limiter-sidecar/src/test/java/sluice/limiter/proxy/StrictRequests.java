package sluice.limiter.proxy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Reads a connection's requests as strictly as RFC 9112 can be read: a byte that the grammar does not have, or that two servers could
 * read differently, is an error.
 *
 * @param complete method, target and body in hexadecimal digits of each request that ended, as {@code POST /p 6869}
 * @param rest what came after the last of them: the begin of a request, or nothing
 */
record StrictRequests(List<String> complete, String rest) {

    private static final Pattern HEAD =
            Pattern.compile("([!#$%&'*+.^_`|~0-9A-Z-]+) ([\\x21-\\x7e]+) HTTP/1\\.1\r\n((?:[^\r\n]+\r\n)*)\r\n");
    private static final Pattern FIELD =
            Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+: (?:[\\x21-\\x7e\\x80-\\xff](?:[\\t\\x20-\\x7e\\x80-\\xff]*"
                    + "[\\x21-\\x7e\\x80-\\xff])?)?");
    private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,17}");
    private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9a-fA-F]{1,8})\r\n");
    private static final String END = "\r\n\r\n";

    /** {@code bytes} as chars. */
    static StrictRequests parse(String bytes) {
        var complete = new ArrayList<String>();
        var at = 0;
        for (var next = one(bytes, at, complete); next > at; next = one(bytes, at, complete)) {
            at = next;
        }
        return new StrictRequests(complete, bytes.substring(at));
    }

    /** Reads the request at {@code start} and returns where it ends; {@code start} when it does not. */
    private static int one(String bytes, int start, List<String> complete) {
        var headEnd = bytes.indexOf(END, start);
        if (headEnd < 0) {
            return start;
        }
        var bodyStart = headEnd + END.length();
        var head = HEAD.matcher(bytes.substring(start, bodyStart));
        require(head.matches(), bytes, start);
        var body = new StringBuilder();
        var end = body(bytes, bodyStart, fields(head.group(3)), body);
        if (end < 0) {
            return start;
        }
        var hex = HexFormat.of().formatHex(body.toString().getBytes(StandardCharsets.ISO_8859_1));
        complete.add((head.group(1) + " " + head.group(2) + " " + hex).strip());
        return end;
    }

    private static List<String> fields(String lines) {
        var fields = lines.lines().toList();
        fields.forEach(field -> require(FIELD.matcher(field).matches(), field, 0));
        require(values("host", fields).size() == 1, lines, 0);
        return fields;
    }

    private static List<String> values(String name, List<String> fields) {
        return fields.stream()
                .filter(field -> field.regionMatches(true, 0, name + ": ", 0, name.length() + 2))
                .map(field -> field.substring(name.length() + 2))
                .toList();
    }

    /** Where the body ends; -1 when it does not. */
    private static int body(String bytes, int start, List<String> fields, StringBuilder body) {
        var lengths = values("content-length", fields);
        var codings = values("transfer-encoding", fields);
        require(lengths.size() + codings.size() <= 1, fields.toString(), 0);
        if (!codings.isEmpty()) {
            require(codings.getFirst().equals("chunked"), fields.toString(), 0);
            return chunks(bytes, start, body);
        }
        if (lengths.isEmpty()) {
            return start;
        }
        require(LENGTH.matcher(lengths.getFirst()).matches(), fields.toString(), 0);
        var length = Long.parseLong(lengths.getFirst());
        if (bytes.length() - start < length) {
            return -1;
        }
        body.append(bytes, start, start + (int) length);
        return start + (int) length;
    }

    private static int chunks(String bytes, int start, StringBuilder body) {
        var at = start;
        while (true) {
            var lineEnd = bytes.indexOf('\n', at) + 1;
            if (lineEnd == 0) {
                return -1;
            }
            var line = CHUNK_SIZE.matcher(bytes.substring(at, lineEnd));
            require(line.matches(), bytes, at);
            var size = Long.parseLong(line.group(1), 16);
            if (size == 0) {
                return trailers(bytes, lineEnd);
            }
            if (bytes.length() - lineEnd < size + 2) {
                return -1;
            }
            at = lineEnd + (int) size;
            require(bytes.startsWith("\r\n", at), bytes, at);
            body.append(bytes, lineEnd, at);
            at += 2;
        }
    }

    private static int trailers(String bytes, int start) {
        if (bytes.startsWith("\r\n", start)) {
            return start + 2;
        }
        var end = bytes.indexOf(END, start);
        if (end >= 0) {
            bytes.substring(start, end)
                    .lines()
                    .forEach(field -> require(FIELD.matcher(field).matches(), field, 0));
        }
        return end < 0 ? -1 : end + END.length();
    }

    private static void require(boolean holds, String bytes, int at) {
        if (!holds) {
            throw new IllegalStateException("No strict HTTP/1.1 at " + at + " of: " + bytes);
        }
    }
}
