package sluice.limiter.control;

import com.fasterxml.jackson.databind.JsonNode;

/** What the operator's stream says. */
interface StreamEvents {

    void config(JsonNode config, ControlTarget from);

    void heartbeat();

    /** The stream is over, or never began; {@code why} may be shown. */
    void ended(String why, boolean misdirected);
}
