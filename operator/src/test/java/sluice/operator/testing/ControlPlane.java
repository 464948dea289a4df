package sluice.operator.testing;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An etcd and a kube-apiserver on free loopback ports, with a token and keys made for this run. */
final class ControlPlane implements AutoCloseable {

    private static final Base64.Encoder PEM = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private final Path folder;
    private final String token = UUID.randomUUID().toString();
    private final int port = FreePort.find();
    private final ChildProcess etcd;
    private final ChildProcess apiServer;

    ControlPlane() {
        var binaries = binaries();
        try {
            folder = Files.createTempDirectory("sluice-api-server");
            // A password file in the folder of this run alone; the group may do everything without RBAC rules.
            Files.writeString(folder.resolve("tokens.csv"), token + ",admin,admin,system:masters\n");
            writeServiceAccountKeys();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var etcdUrl = "http://127.0.0.1:" + FreePort.find();
        etcd = ChildProcess.start(folder, etcdCommand(binaries, etcdUrl));
        apiServer = ChildProcess.start(folder, apiServerCommand(binaries, etcdUrl));
    }

    Config config() {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl("https://127.0.0.1:" + port)
                .withCaCertFile(folder.resolve("serving/apiserver.crt").toString())
                .withOauthToken(token)
                .withRequestRetryBackoffLimit(0)
                .build();
    }

    /** Whether both processes still run and the serving certificate is there to be trusted. */
    boolean runs() {
        return etcd.runs() && apiServer.runs() && Files.exists(folder.resolve("serving/apiserver.crt"));
    }

    @Override
    public void close() {
        apiServer.close();
        etcd.close();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> etcdCommand(Path binaries, String url) {
        return List.of(
                binaries.resolve("server").toString(),
                "--data-dir=etcd",
                "--listen-client-urls=" + url,
                "--advertise-client-urls=" + url,
                "--listen-peer-urls=http://127.0.0.1:" + FreePort.find(),
                "--unsafe-no-fsync");
    }

    private List<String> apiServerCommand(Path binaries, String etcdUrl) {
        return List.of(
                binaries.resolve("kube-apiserver").toString(),
                "--etcd-servers=" + etcdUrl,
                "--bind-address=127.0.0.1",
                "--secure-port=" + port,
                "--cert-dir=serving",
                "--token-auth-file=tokens.csv",
                "--authorization-mode=RBAC",
                "--service-account-issuer=https://kubernetes.default.svc",
                "--service-account-key-file=service-accounts.pub",
                "--service-account-signing-key-file=service-accounts.key",
                "--service-cluster-ip-range=10.96.0.0/16",
                "--allow-privileged=true",
                // No controller makes the service accounts that this plugin wants for every pod.
                "--disable-admission-plugins=ServiceAccount");
    }

    private void writeServiceAccountKeys() throws IOException {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            var keys = generator.generateKeyPair();
            writePem("service-accounts.key", "PRIVATE KEY", keys.getPrivate().getEncoded());
            writePem("service-accounts.pub", "PUBLIC KEY", keys.getPublic().getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has RSA", e);
        }
    }

    private void writePem(String file, String type, byte[] content) throws IOException {
        var text = "-----BEGIN " + type + "-----\n" + PEM.encodeToString(content) + "\n-----END " + type + "-----\n";
        Files.writeString(folder.resolve(file), text);
    }

    private static Path binaries() {
        @Nullable String folder = System.getProperty("SLUICE_BIN", System.getenv("SLUICE_BIN"));
        if (folder == null || !Files.isExecutable(Path.of(folder, "kube-apiserver"))) {
            throw new IllegalStateException(
                    "SLUICE_BIN is " + folder + ", which is no folder with kube-apiserver and server"
                            + " (etcd) in it. Run ./verify api, which builds them once and sets it.");
        }
        return Path.of(folder);
    }
}
