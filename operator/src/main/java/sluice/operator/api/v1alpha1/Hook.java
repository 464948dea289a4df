package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Job that must succeed at some point of the rollout, such as a smoke test. Its pod passes Pod Security restricted whatever is written here. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "self.onFailure != 'RollBack' || self.when in ['AfterStep', 'AfterPromotion']",
        fieldPath = ".onFailure",
        message =
                "spec.hooks[].onFailure: RollBack needs AfterStep or AfterPromotion, because nothing can be taken back"
                        + " before the rollout or after a rollback; use Hold")
public record Hook(
        @JsonPropertyDescription("Tells the hook from others, also in the name of its Job.")
        @Required
        @Size(min = 1, max = 20)
        @ValidationRule(value = Cel.IS_DNS_LABEL, message = Cel.DNS_LABEL_HELP)
        String name,

        @JsonPropertyDescription(
                "BeforeRollout: before anything is changed, of each attempt; the rollout does not begin before it succeeded."
                        + " AfterStep: in each step, once every sidecar has its weight; the step is not left before it succeeded."
                        + " AfterPromotion and AfterRollback: once every sidecar does as told. The hooks of one point run side by side.")
        @Required
        HookWhen when,

        @JsonPropertyDescription(
                "What its failure does. Hold: the rollout stays where it is until somebody says retry or skip-hook; after a promotion or"
                        + " a rollback nothing but that people are told. RollBack: back to the stable limiter.")
        @Default(Hook.DEFAULT_ON_FAILURE)
        HookFailure onFailure,

        @JsonPropertyDescription("How long it may take, 10s to 1h, with all that it waits for; then it has failed.")
        @Default(Hook.DEFAULT_TIMEOUT)
        @Size(max = Cel.DURATION_LENGTH)
        @ValidationRule(
                value = Cel.IS_DURATION + " && duration(self) >= duration('10s') && duration(self) <= duration('1h')",
                message = Cel.DURATION_HELP + "10s to 1h")
        String timeout,

        @JsonPropertyDescription("How often a pod that failed is followed by another one, within the timeout.")
        @Default(Hook.DEFAULT_RETRIES)
        @Min(0)
        @Max(5)
        Integer retries,

        @JsonPropertyDescription("The container's image.")
        @Required
        @Size(min = 1, max = 512)
        @ValidationRule(
                value = "self.matches('^[^ \\\\t\\\\n]+$')",
                message = "must be an image, such as curlimages/curl:8.11.0")
        String image,

        @JsonPropertyDescription(
                "What the container runs. Without it: the image's entry point. Kubernetes puts the container's variable NAME in the place of"
                        + " $(NAME), and $$ becomes $.")
        @Size(max = 32)
        List<@Size(max = 16_384) String> command,

        @JsonPropertyDescription(
                "The arguments, with $(NAME) as in command. Without them, and without command: the image's own.")
        @Size(max = 32)
        List<@Size(max = 16_384) String> args,

        @JsonPropertyDescription(
                "Variables for the container. SLUICE_ROLLOUT, SLUICE_NAMESPACE, SLUICE_REVISION, SLUICE_WEIGHT, SLUICE_STEP and"
                        + " SLUICE_HOOK are set beside them.")
        @Size(max = 32)
        @ValidationRule(
                value = "self.all(v, self.exists_one(w, w.name == v.name))",
                message = "each name may be there once; remove the repeated variable")
        List<HookVariable> env,

        @JsonPropertyDescription(
                "A ConfigMap in the rollout's own namespace whose keys are files, executable, in /etc/sluice/hook.")
        @Size(min = 1, max = 253)
        @ValidationRule(value = Cel.IS_DNS_SUBDOMAIN, message = Cel.DNS_SUBDOMAIN_HELP)
        @Nullable
        String scripts,

        @JsonPropertyDescription(
                "The service account of its pod, whose token is then mounted. Without it: the namespace's default one, and no token.")
        @Size(min = 1, max = 253)
        @ValidationRule(value = Cel.IS_DNS_SUBDOMAIN, message = Cel.DNS_SUBDOMAIN_HELP)
        @Nullable
        String serviceAccountName,

        @JsonPropertyDescription("The user that the container runs as, never root.")
        @Default(Hook.DEFAULT_USER)
        @Min(1)
        @Max(4_294_967_294L)
        Long runAsUser) {

    static final String DEFAULT_ON_FAILURE = "Hold";
    static final String DEFAULT_TIMEOUT = "5m";
    static final String DEFAULT_RETRIES = "0";
    static final String DEFAULT_USER = "65532";

    public Hook {
        onFailure = requireNonNullElse(onFailure, HookFailure.HOLD);
        timeout = requireNonNullElse(timeout, DEFAULT_TIMEOUT);
        retries = requireNonNullElse(retries, Integer.valueOf(DEFAULT_RETRIES));
        command = requireNonNullElseGet(command, List::of);
        args = requireNonNullElseGet(args, List::of);
        env = requireNonNullElseGet(env, List::of);
        runAsUser = requireNonNullElse(runAsUser, Long.valueOf(DEFAULT_USER));
    }
}
