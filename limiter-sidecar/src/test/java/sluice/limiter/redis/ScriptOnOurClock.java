package sluice.limiter.redis;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The script in a real Redis, told the time by the test. */
final class ScriptOnOurClock implements AutoCloseable {

    private final Path folder;
    private final RedisServer server;
    private final RedisClient client;
    private final RedisCommands<String, String> redis;

    ScriptOnOurClock() {
        try {
            folder = Files.createTempDirectory("sluice-redis");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = RedisServer.start(folder);
        client = RedisClient.create(server.url());
        redis = client.connect().sync();
        redis.scriptLoad(TakeScript.SOURCE);
    }

    List<Object> evaluate(String[] keys, String[] arguments) {
        return redis.evalsha(TakeScript.SHA, ScriptOutputType.MULTI, keys, arguments);
    }

    @Override
    public void close() {
        client.shutdown();
        server.close();
        try {
            Files.deleteIfExists(folder.resolve("redis.log"));
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
