package sluice.operator.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import org.junit.jupiter.api.Test;

class ClientsTest {

    @Test
    void leavesOutWhoManagesWhichField() {
        var pod = Clients.serialization().unmarshal("""
                {"apiVersion": "v1", "kind": "Pod",
                 "metadata": {"name": "a", "managedFields": [{"manager": "kubelet"}], "uid": "uid-a"}}""", Pod.class);

        assertThat(pod.getMetadata().getManagedFields()).isEmpty();
        assertThat(pod.getMetadata().getUid()).isEqualTo("uid-a");
        assertThat(pod.getMetadata().getAdditionalProperties()).isEmpty();
    }
}
