package sluice.cli.admission;

/**
 * Something that is wrong with a resource.
 *
 * @param isOfShape whether the resource is another one than its rules are about: a field is missing, unknown, too large or of another type
 */
record Fault(String text, boolean isOfShape) {
    static Fault ofShape(String path, String what) {
        return new Fault(at(path, what), true);
    }

    static Fault ofValue(String path, String what) {
        return new Fault(at(path, what), false);
    }

    private static String at(String path, String what) {
        return path.isEmpty() ? what : path + ": " + what;
    }
}
