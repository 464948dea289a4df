package sluice.limiter.identity;

import com.nimbusds.jose.jwk.JWKSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.config.JwtRules;
import sluice.limiter.judge.TokenCheck;

/** The keys of a mounted {@code jwks.json}, read again when the file changes. Without a readable file no token can be checked. */
public final class JwksFile implements TokenKeys {

    private static final Logger LOG = LoggerFactory.getLogger(JwksFile.class);

    private record Loaded(Optional<String> text, Optional<TokenVerifier> verifier) {}

    private final Path file;
    private final String claim;
    private final InstantSource clock;
    private volatile @Nullable Loaded loaded;

    private JwksFile(Path file, String claim, InstantSource clock) {
        this.file = file;
        this.claim = claim;
        this.clock = clock;
    }

    /** Reads the file once; a missing one is taken up by {@link #refresh}. */
    public static JwksFile open(Path secrets, JwtRules rules, InstantSource clock) {
        var jwks = new JwksFile(secrets.resolve(rules.jwksSecret()).resolve("jwks.json"), rules.claim(), clock);
        jwks.refresh();
        return jwks;
    }

    @Override
    public TokenVerdict verify(String token) {
        var now = loaded;
        return now == null || now.verifier().isEmpty()
                ? TokenVerdict.of(TokenCheck.UNCHECKED)
                : now.verifier().get().verify(token);
    }

    /** Reads the file and takes new keys up; reads files, so not for an event loop. */
    public void refresh() {
        var text = read();
        var before = loaded;
        if (before == null || !before.text().equals(text)) {
            loaded = new Loaded(text, text.flatMap(this::parse));
            LOG.info("Token keys {}: {}", text.isPresent() ? "read" : "missing", file);
        }
    }

    private Optional<String> read() {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private Optional<TokenVerifier> parse(String text) {
        try {
            return Optional.of(new TokenVerifier(JWKSet.parse(text), claim, clock));
        } catch (ParseException | IllegalArgumentException e) {
            // Not the cause: its message may quote a key.
            LOG.warn("{} is not a JSON Web Key Set; tokens cannot be checked until it is", file);
            return Optional.empty();
        }
    }
}
