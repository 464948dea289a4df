package sluice.operator.simulation;

/** The process ends here. An Error, because nothing in the production code may survive it. */
final class Killed extends Error {

    private static final long serialVersionUID = 1L;

    Killed() {
        super("killed", null, false, false);
    }
}
