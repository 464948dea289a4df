package sluice.limiter.redis;

import java.util.Optional;

/**
 * What a cluster's server says instead of an answer when the keys are with another one (Redis cluster specification, "MOVED Redirection"
 * and "ASK redirection").
 *
 * @param address {@code host:port} as announced; the host may be missing
 * @param once the slot is on its way there: this question only
 */
record Redirect(int slot, String address, boolean once) {

    static Optional<Redirect> of(Throwable failure) {
        if (!(failure instanceof RedisErrorException refused)) {
            return Optional.empty();
        }
        var words = refused.reply().split(" ", -1);
        var once = words[0].equals("ASK");
        if (words.length != 3 || (!once && !words[0].equals("MOVED"))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Redirect(Integer.parseInt(words[1]), words[2], once))
                    .filter(redirect -> redirect.slot() >= 0 && redirect.slot() < HashSlot.COUNT);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
