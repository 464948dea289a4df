package sluice.limiter.identity;

import static java.util.stream.Collectors.toUnmodifiableSet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sluice.limiter.config.FileContent;
import sluice.limiter.config.JwtRules;
import sluice.limiter.judge.TokenCheck;

/**
 * The keys of a mounted Secret, read again when the file changes. Without a file no token can be checked; one that cannot be read or makes no sense leaves
 * the keys before it in force, so that a slip of the hand does not turn every user into an address.
 */
public final class TokenKeyFile implements TokenKeys {

    private static final Logger LOG = LoggerFactory.getLogger(TokenKeyFile.class);

    private static final String NONE = "";

    private record Loaded(Optional<ByteBuffer> content, Optional<TokenVerifier> verifier) {}

    private final Path file;
    private final JwtRules rules;
    private final InstantSource clock;
    private final VerificationBudget budget;
    private Set<String> wantedClaims;
    private String problem = NONE;
    private volatile Loaded loaded = new Loaded(Optional.empty(), Optional.empty());

    private TokenKeyFile(
            Path file, JwtRules rules, Set<String> wantedClaims, InstantSource clock, VerificationBudget budget) {
        this.file = file;
        this.rules = rules;
        this.wantedClaims = wantedClaims;
        this.clock = clock;
        this.budget = budget;
    }

    /** Reads the file once; a missing one is taken up by {@link #refresh}. Of a token's claims only {@code wantedClaims} are told. */
    public static TokenKeyFile open(
            Path secrets, JwtRules rules, Set<String> wantedClaims, InstantSource clock, VerificationBudget budget) {
        var source = rules.keys();
        var file = secrets.resolve(source.secret()).resolve(source.file());
        var keys = new TokenKeyFile(file, rules, wantedClaims, clock, budget);
        keys.look(true);
        return keys;
    }

    @Override
    public TokenVerdict verify(String token) {
        return loaded.verifier()
                .map(verifier -> verifier.verify(token))
                .orElseGet(() -> TokenVerdict.of(TokenCheck.UNCHECKED));
    }

    /** Reads the file and takes new keys up; reads files and checks signatures, so not for an event loop. */
    public void refresh() {
        look(false);
    }

    private void look(boolean first) {
        var before = loaded;
        try {
            var content = read();
            if (first || !before.content().equals(content)) {
                loaded = load(content, before.verifier());
            }
            problem = NONE;
        } catch (IOException e) {
            say(FileContent.problem(e), before.verifier());
        }
    }

    private void say(String newProblem, Optional<TokenVerifier> before) {
        if (!newProblem.equals(problem)) {
            LOG.warn("{} {}; {}", file, newProblem, consequence(before));
        }
        problem = newProblem;
    }

    /** Tells of a token's claims {@code more}, too; what is known of tokens is forgotten when these are new. */
    public void want(Set<String> more) {
        if (!wantedClaims.containsAll(more)) {
            wantedClaims = Stream.concat(wantedClaims.stream(), more.stream()).collect(toUnmodifiableSet());
            // The keys that are in force, which need not be those of the file.
            loaded = new Loaded(loaded.content(), loaded.verifier().map(verifier -> verifier.telling(wantedClaims)));
        }
    }

    private Optional<ByteBuffer> read() throws IOException {
        try {
            return Optional.of(ByteBuffer.wrap(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private Loaded load(Optional<ByteBuffer> content, Optional<TokenVerifier> before) {
        if (content.isEmpty()) {
            LOG.info("Token keys missing: {}; no token can be checked until they are there", file);
            return new Loaded(content, Optional.empty());
        }
        try {
            var keys = SigningKeys.read(rules.keys(), content.get().array());
            var verifier = new TokenVerifier(keys, rules, wantedClaims, clock, budget);
            verifier.rehearse();
            before.ifPresent(verifier::takeOver);
            LOG.info("Token keys read: {}, {} of them", file, keys.count());
            return new Loaded(content, Optional.of(verifier));
        } catch (IllegalArgumentException e) {
            LOG.warn("{} {}; {}", file, e.getMessage(), consequence(before));
            return new Loaded(content, before);
        }
    }

    private static String consequence(Optional<TokenVerifier> before) {
        return before.isPresent() ? "the keys before it stay in force" : "no token can be checked until it is mended";
    }
}
