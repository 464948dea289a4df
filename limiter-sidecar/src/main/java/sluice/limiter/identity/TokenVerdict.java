package sluice.limiter.identity;

import java.util.Optional;
import sluice.limiter.judge.TokenCheck;

/** What a token turned out to be; {@code user} and {@code claims} are there only when it is valid. */
public record TokenVerdict(TokenCheck check, Optional<String> user, Claims claims) {

    static TokenVerdict of(TokenCheck check) {
        return new TokenVerdict(check, Optional.empty(), Claims.NONE);
    }
}
