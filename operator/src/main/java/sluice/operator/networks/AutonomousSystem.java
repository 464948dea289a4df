package sluice.operator.networks;

/**
 * Whose a network is.
 *
 * @param number such as {@code AS64500}
 * @param organization at most 60 printable characters; empty where the file has no name
 */
public record AutonomousSystem(String number, String organization) {

    /** Of a network that the file does not know, as private ones. */
    public static final AutonomousSystem UNKNOWN = new AutonomousSystem("unknown", "");

    private static final long LARGEST_NUMBER = 0xFFFF_FFFFL;
    private static final int LONGEST_NAME = 60;

    /** As a file says it. What cannot be a number of an autonomous system is {@link #UNKNOWN}. */
    static AutonomousSystem of(long number, String organization) {
        return number < 1 || number > LARGEST_NUMBER
                ? UNKNOWN
                : new AutonomousSystem("AS" + number, printable(organization));
    }

    private static String printable(String name) {
        return name.codePoints()
                .filter(AutonomousSystem::isPrintable)
                .limit(LONGEST_NAME)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
