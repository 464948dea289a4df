package sluice.limiter.metrics;

/** The class of a status code, as the metrics name it. */
enum StatusClass {
    SUCCESS("2xx"),
    REDIRECT("3xx"),
    CLIENT_ERROR("4xx"),
    SERVER_ERROR("5xx");

    private final String label;

    StatusClass(String label) {
        this.label = label;
    }

    /** A switch of protocols (101) is a success; what no class is made for is the server's error. */
    static StatusClass of(int status) {
        return switch (status / 100) {
            case 1, 2 -> SUCCESS;
            case 3 -> REDIRECT;
            case 4 -> CLIENT_ERROR;
            default -> SERVER_ERROR;
        };
    }

    String label() {
        return label;
    }
}
