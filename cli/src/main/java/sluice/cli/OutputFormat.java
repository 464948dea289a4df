package sluice.cli;

/** For people or for programs. */
public enum OutputFormat {
    TEXT,
    JSON
}
