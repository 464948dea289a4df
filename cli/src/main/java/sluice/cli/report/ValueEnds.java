package sluice.cli.report;

/** Where a value ends in a text: a string, a list or object, a block of lines, the rest of a line. */
final class ValueEnds {
    private final String text;

    ValueEnds(String text) {
        this.text = text;
    }

    /** Where the object ends that begins there; 0 if its line ends first. */
    int closedInLine(int from) {
        int depth = 0;
        int i = from;
        while (i < text.length() && text.charAt(i) != '\n') {
            depth += depth(text.charAt(i));
            if (depth == 0) {
                return i + 1;
            }
            i = next(from, i);
            if (text.charAt(i - 1) == '\n') {
                return 0;
            }
        }
        return 0;
    }

    /** Up to a blank, a quote, or one of some other characters. */
    int end(int from, String others) {
        int end = from;
        while (end < text.length()
                && !Character.isWhitespace(text.charAt(end))
                && "\"'".indexOf(text.charAt(end)) < 0
                && others.indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return withoutEscapes(from, end);
    }

    /** The rest of the line; where the name stands in a string, up to its end. */
    int restOfLine(int name, int from) {
        int end = from;
        boolean inString = quoteBefore(name);
        while (end < text.length() && "\r\n".indexOf(text.charAt(end)) < 0) {
            if (inString && "\"'".indexOf(text.charAt(end)) >= 0) {
                int quote = withoutEscapes(from, end);
                if (!opens(from, quote)) {
                    return quote;
                }
                end = afterString(from, end);
            } else {
                end++;
            }
        }
        return end;
    }

    /** Whether a quote begins a string inside of the value. */
    private boolean opens(int from, int quote) {
        int before = quote - 1;
        while (before >= from && text.charAt(before) == ' ') {
            before--;
        }
        return before < from || text.charAt(before) == '=' || text.charAt(before) == '>';
    }

    private boolean quoteBefore(int at) {
        for (int i = at - 1; i >= 0 && text.charAt(i) != '\n'; i--) {
            if ("\"'".indexOf(text.charAt(i)) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Where the string ends that such a quote has begun: at the next one that is no deeper; at the end of the line without one. */
    int close(int from, String quote) {
        char closing = quote.charAt(quote.length() - 1);
        for (int i = from; i < text.length() && text.charAt(i) != '\n'; i++) {
            if (text.charAt(i) == closing) {
                int escapes = withoutEscapes(from, i);
                if (i - escapes < quote.length()) {
                    return escapes;
                }
            }
        }
        return endOfLine(from);
    }

    private int afterString(int from, int opened) {
        String quote = text.substring(withoutEscapes(from, opened), opened + 1);
        return Math.min(close(opened + 1, quote) + quote.length(), text.length());
    }

    /** Where the list or object ends that begins there; at the end of the line where it does not. */
    int closingBracket(int from) {
        int closed = closingBracket(from, Math.min(text.length(), from + 4096), 0);
        return closed > 0 ? closed : endOfLine(from);
    }

    int closingBracket(int from, int last, int otherwise) {
        int depth = 0;
        int i = from;
        while (i < last) {
            depth += depth(text.charAt(i));
            if (depth == 0) {
                return i + 1;
            }
            i = next(from, i);
        }
        return otherwise;
    }

    private static int depth(char bracket) {
        return "[{".indexOf(bracket) >= 0 ? 1 : "]}".indexOf(bracket) >= 0 ? -1 : 0;
    }

    /** Behind that character, or behind the string that it begins. */
    private int next(int from, int at) {
        return "\"'".indexOf(text.charAt(at)) >= 0 && beginsString(from, at) ? afterString(from, at) : at + 1;
    }

    /** Not an apostrophe. */
    private boolean beginsString(int from, int quote) {
        int before = withoutEscapes(from, quote) - 1;
        return before < from || !Character.isLetterOrDigit(text.charAt(before));
    }

    int endOfBlock(int name, int from) {
        int line = text.lastIndexOf('\n', name) + 1;
        int depth = indent(line);
        int end = endOfLine(from);
        int next = end + 1;
        while (next < text.length() && (indent(next) > depth || endOfLine(next) == next)) {
            end = endOfLine(next);
            next = end + 1;
        }
        return end;
    }

    private int indent(int line) {
        int i = line;
        while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
            i++;
        }
        return i - line;
    }

    private int endOfLine(int from) {
        int end = text.indexOf('\n', from);
        return end < 0 ? text.length() : end;
    }

    private int withoutEscapes(int from, int end) {
        int without = end;
        while (without > from && text.charAt(without - 1) == '\\') {
            without--;
        }
        return without;
    }
}
