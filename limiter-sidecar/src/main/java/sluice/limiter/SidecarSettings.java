package sluice.limiter;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import sluice.limiter.config.FileContent;
import sluice.limiter.config.LimiterConfigParser;
import sluice.limiter.control.RuntimeSettings;
import sluice.limiter.file.ReloadedFile;
import sluice.limiter.file.SidecarFile;
import sluice.limiter.proxy.ProxyTuning;

/**
 * What a sidecar is started with: by the environment, as the webhook sets it (docs/architecture.md lists the variables), or by a file.
 *
 * @param drainToken empty lets nobody drain over HTTP
 */
public record SidecarSettings(
        RuntimeSettings runtime,
        int port,
        int adminPort,
        InetSocketAddress upstream,
        String drainToken,
        ProxyTuning proxy) {

    private static final int DEFAULT_PORT = 15080;
    private static final int DEFAULT_ADMIN_PORT = 15090;

    /** Reads them; a variable that is missing or wrong is named, with what would be right. */
    public static SidecarSettings from(Map<String, String> environment) {
        var runtime = new RuntimeSettings(
                text("SLUICE_CONFIG", environment).map(Path::of).orElse(Path.of("/etc/sluice/config/limiter.json")),
                LimiterConfigParser::parse,
                text("SLUICE_CONTROL_URL", environment).map(read("SLUICE_CONTROL_URL", SidecarSettings::url)),
                text("SLUICE_TOKEN_FILE", environment).map(Path::of),
                text("SLUICE_SECRETS", environment).map(Path::of).orElse(Path.of("/etc/sluice/secrets")));
        var upstream = text("SLUICE_UPSTREAM", environment)
                .map(read("SLUICE_UPSTREAM", SidecarSettings::address))
                .orElseThrow(() ->
                        refused("SLUICE_UPSTREAM", "must be the app's address, such as 127.0.0.1:8080, is missing"));
        return new SidecarSettings(
                runtime,
                port("SLUICE_PORT", DEFAULT_PORT, environment),
                port("SLUICE_ADMIN_PORT", DEFAULT_ADMIN_PORT, environment),
                upstream,
                text("SLUICE_DRAIN_TOKEN", environment).orElse(""),
                ProxyTuning.from(environment));
    }

    /** Those of {@code file}, which was read from {@code path} as {@code content}: no operator, and nobody may drain it over HTTP. */
    public static SidecarSettings of(SidecarFile.Fixed file, Path path, FileContent content) {
        var runtime = new RuntimeSettings(
                path,
                Optional.of(content),
                new ReloadedFile(file),
                Optional.empty(),
                Optional.empty(),
                path.toAbsolutePath().resolveSibling(file.secrets()));
        return new SidecarSettings(
                runtime,
                file.port(),
                file.adminPort(),
                read("upstream", SidecarSettings::address).apply(file.upstream()),
                "",
                file.proxy());
    }

    private static Optional<String> text(String name, Map<String, String> environment) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static int port(String name, int otherwise, Map<String, String> environment) {
        return text(name, environment).map(read(name, SidecarSettings::port)).orElse(otherwise);
    }

    private static <T> Function<String, T> read(String name, Function<String, T> parser) {
        return value -> {
            try {
                return parser.apply(value);
            } catch (IllegalArgumentException e) {
                throw refused(name, e.getMessage() + ", is " + value);
            }
        };
    }

    private static IllegalArgumentException refused(String name, String why) {
        return new IllegalArgumentException(name + " " + why);
    }

    private static URI url(String value) {
        var url = URI.create(value);
        if (!"https".equals(url.getScheme()) || url.getHost() == null) {
            throw new IllegalArgumentException(
                    "must be an https URL, such as https://sluice-control.sluice-system.svc:9443");
        }
        return url;
    }

    private static InetSocketAddress address(String value) {
        var colon = value.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("must be the app's address, such as 127.0.0.1:8080");
        }
        var address = new InetSocketAddress(value.substring(0, colon), port(value.substring(colon + 1)));
        if (address.isUnresolved()) {
            // Now, or the event loop would look it up for every connection.
            throw new IllegalArgumentException("must be the app's address, and its name have one");
        }
        return address;
    }

    private static int port(String value) {
        if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65_535) {
            throw new IllegalArgumentException("must be a port, 0 to 65535");
        }
        return Integer.parseInt(value);
    }
}
