package sluice.limiter.file;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.config.ConfigReader;
import sluice.limiter.config.LimiterConfig;

/** Reads the file of a running sidecar: each time with the next epoch, saying what of it waits for a restart. Used by one thread. */
public final class ReloadedFile implements ConfigReader {

    private static final Logger LOG = LoggerFactory.getLogger(ReloadedFile.class);

    private final SidecarFile.Fixed inForce;
    private long epoch;

    /** Reads for a sidecar that was started with {@code inForce}. */
    public ReloadedFile(SidecarFile.Fixed inForce) {
        this.inForce = inForce;
    }

    @Override
    public LimiterConfig read(String text) {
        var file = SidecarFileParser.parse(text);
        var waiting = changes(file.fixed());
        if (!waiting.isEmpty()) {
            LOG.warn("Taken up without {}, which only a restart changes", String.join(", ", waiting));
        }
        return file.limits().withEpoch(++epoch);
    }

    private List<String> changes(SidecarFile.Fixed wanted) {
        var changed = new ArrayList<String>();
        note(changed, "port", inForce.port(), wanted.port());
        note(changed, "adminPort", inForce.adminPort(), wanted.adminPort());
        note(changed, "upstream", inForce.upstream(), wanted.upstream());
        note(changed, "secrets", inForce.secrets(), wanted.secrets());
        note(changed, "proxy", inForce.proxy(), wanted.proxy());
        return changed;
    }

    private static void note(List<String> changed, String name, Object before, Object after) {
        if (!before.equals(after)) {
            changed.add(name);
        }
    }
}
