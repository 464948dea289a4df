package sluice.limiter.control;

import com.fasterxml.jackson.databind.JsonNode;

/** What the operator's stream says. */
interface StreamEvents {

    /** {@code answers} go to whoever sent it, as long as the stream lasts. */
    void config(JsonNode config, StreamUptake.Answers answers);

    void heartbeat();

    /** The stream is over, or never began; {@code why} may be shown. */
    void ended(String why, boolean misdirected);
}
