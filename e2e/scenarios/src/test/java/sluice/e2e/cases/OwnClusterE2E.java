package sluice.e2e.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import sluice.e2e.cluster.Scripts;

/** The scripts on a cluster that they did not make: this one, as a stranger's kubectl context shows it. */
@Order(8)
class OwnClusterE2E {
    private static final String NAME = "own-" + ProcessHandle.current().pid();
    private static final Path STATE = Path.of("/tmp/sluice-" + NAME);

    private final Scripts scripts = TestCluster.scripts();

    @BeforeEach
    void takeTheCurrentContext() {
        var context = scripts.kubectl("", "config", "current-context").strip();
        scripts.run("cluster/up", "--name", NAME, "--context", context);
    }

    @AfterEach
    void letGo() {
        scripts.run("cluster/down", "--name", NAME);
    }

    @Test
    void isUsedAsItIs() {
        assertThat(scripts.run("cluster/env", "--name", NAME))
                .contains("SLUICE_MODE=context", "KUBECONFIG=" + STATE.resolve("kubeconfig"))
                .doesNotContain("SLUICE_NODE_IP");
        assertThat(scripts.run("cluster/in", "--name", NAME, "kubectl", "get", "nodes", "--output", "name"))
                .isEqualTo("node/node\n");
        assertThat(scripts.run("scenarios/diagnose", "--name", NAME)).contains("scholarship-api");
    }

    @Test
    void keepsItsNamespaces() {
        assertThatThrownBy(() -> scripts.run("around/secrets", "--name", NAME))
                .hasMessageContaining("has a namespace apps that is not ours");

        scripts.run("cluster/down", "--name", NAME);

        assertThat(STATE).doesNotExist();
        assertThat(scripts.kubectl("", "get", "namespace", "apps", "--output", "jsonpath={.status.phase}"))
                .isEqualTo("Active");
        assertThat(Files.exists(TestCluster.environment().state())).isTrue();
    }

    @Test
    void isReachedByItsApiServerAlone() {
        scripts.run("around/faults", "--name", NAME, "show");

        assertThatThrownBy(() -> scripts.run("around/redis", "--name", NAME, "status"))
                .hasMessageContaining("NOT_RUN: redis: needs the one-node cluster");
    }
}
