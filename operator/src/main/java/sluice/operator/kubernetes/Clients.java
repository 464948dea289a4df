package sluice.operator.kubernetes;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import sluice.operator.api.v1alpha1.RateLimitRolloutSpec;
import sluice.operator.api.v1alpha1.RateLimitRolloutStatus;

/** Makes clients for which one unreadable resource is that resource's problem alone. */
public final class Clients {

    /** Who wrote which field is nothing to us, and would be half of what the informers keep. */
    @JsonIgnoreProperties("managedFields")
    private interface Unmanaged {}

    private Clients() {}

    public static KubernetesClient create(Config config) {
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withKubernetesSerialization(serialization())
                .build();
    }

    /** A client for one request that is given up after a time and not tried again. As whom it calls stays the same. */
    static KubernetesClient hurried(KubernetesClient client, Duration atMost) {
        var config = new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
                .withRequestTimeout(Math.toIntExact(atMost.toMillis()))
                .withRequestRetryBackoffLimit(0)
                .build();
        return client.newClient(config).adapt(KubernetesClient.class);
    }

    /** How resources are read: a spec or status that cannot be is absent, and so is who manages which field. */
    public static KubernetesSerialization serialization() {
        var strict = new JsonMapper();
        // Status has been written by an operator, perhaps a later one; spec by people, who must hear of what is not
        // understood.
        var lenient = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        var module = new SimpleModule()
                .addDeserializer(RateLimitRolloutSpec.class, new OrAbsent<>(RateLimitRolloutSpec.class, strict))
                .addDeserializer(RateLimitRolloutStatus.class, new OrAbsent<>(RateLimitRolloutStatus.class, lenient));
        var mapper = new ObjectMapper();
        mapper.registerModule(module);
        mapper.addMixIn(ObjectMeta.class, Unmanaged.class);
        return new KubernetesSerialization(mapper, true);
    }
}
