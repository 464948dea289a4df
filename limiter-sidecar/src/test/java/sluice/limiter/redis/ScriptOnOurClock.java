package sluice.limiter.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The script in a real Redis, told the time by the test. */
final class ScriptOnOurClock implements AutoCloseable {

    private final Path folder;
    private final RedisServer server;
    private final RedisConsole redis;

    ScriptOnOurClock() {
        try {
            folder = Files.createTempDirectory("sluice-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = RedisServer.start(folder);
        redis = new RedisConsole(server);
        redis.ask("SCRIPT", "LOAD", TakeScript.SOURCE);
    }

    @Nullable
    Object evaluate(String[] keys, String[] arguments) {
        return redis.ask(TakeScript.command(keys, arguments));
    }

    @Override
    public void close() {
        redis.close();
        server.close();
        try {
            Files.deleteIfExists(folder.resolve("redis.log"));
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
