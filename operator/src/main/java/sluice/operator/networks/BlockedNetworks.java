package sluice.operator.networks;

import java.io.IOException;
import java.util.List;

/** Tells which client networks the WAF blocks. */
public interface BlockedNetworks {

    /**
     * Those with most blocks of late, a bounded number, such as {@code 203.0.113.0/24}.
     *
     * @throws IOException saying why they are not known
     */
    List<String> most() throws IOException;
}
