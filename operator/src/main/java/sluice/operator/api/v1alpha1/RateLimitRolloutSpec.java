package sluice.operator.api.v1alpha1;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What to limit, how to get there, and when to turn back. The schema's defaults are filled in here as well. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@ValidationRule(
        value = "!self.strategy.observe.matches(" + Cel.DURATION + ") || !self.stopLoss.interval.matches("
                + Cel.DURATION + ") || duration(self.strategy.observe) >= duration(self.stopLoss.interval)",
        fieldPath = ".strategy.observe",
        message = "spec.strategy.observe: must be at least spec.stopLoss.interval, or no baseline is seen; raise it")
@ValidationRule(
        value = "!self.stopLoss.interval.matches(" + Cel.DURATION + ") || self.strategy.steps.all(s, !s.hold.matches("
                + Cel.DURATION + ") || duration(s.hold) >= duration(self.stopLoss.interval))",
        fieldPath = ".strategy.steps",
        message = "spec.strategy.steps: each hold must be at least spec.stopLoss.interval,"
                + " or a step passes without having been looked at; raise it")
@ValidationRule(
        value = "!has(self.gates) || self.gates.all(g, g.signal != 'Query' || !has(g.name) || has(g.query)"
                + " || self.stopLoss.rules.exists(r, r.signal == 'Query' && has(r.name) && r.name == g.name))",
        fieldPath = ".gates",
        message = "spec.gates[].query: Query needs its PromQL, or the name of a Query in spec.stopLoss.rules; add it")
@ValidationRule(
        value =
                "!has(self.gates) || self.gates.all(g, g.signal != 'Query' || !has(g.name) || !has(g.query)"
                        + " || self.stopLoss.rules.all(r, !has(r.name) || !has(r.query) || r.name != g.name || r.query == g.query))",
        fieldPath = ".gates",
        message = "spec.gates[].query: the rule of this name in spec.stopLoss.rules has another query;"
                + " remove this one to use the rule's, or choose another name")
@ValidationRule(
        value = "!has(self.hooks) || !self.stopLoss.armedAfterPromotion.matches(" + Cel.DURATION
                + ") || self.hooks.all(h, h.when != 'AfterPromotion' || h.onFailure != 'RollBack' || !h.timeout.matches("
                + Cel.DURATION + ") || duration(self.stopLoss.armedAfterPromotion) > duration(h.timeout))",
        fieldPath = ".hooks",
        message =
                "spec.hooks[].onFailure: RollBack after the promotion needs a spec.stopLoss.armedAfterPromotion longer than"
                        + " the hook's timeout; raise it, or use Hold")
@ValidationRule(value = "!has(self.capture)", fieldPath = ".capture", message = "spec.capture" + Cel.NOT_YET)
public record RateLimitRolloutSpec(
        @JsonPropertyDescription(
                "The workload whose pods get the sidecar. Immutable: make another rollout for another target.")
        @Required
        @ValidationRule(
                value = "self == oldSelf",
                message = "spec.targetRef: is immutable; delete this rollout and create another for the other target")
        TargetRef targetRef,

        @JsonPropertyDescription(
                "The name of the container port whose traffic the sidecar takes over. Services must use"
                        + " this name as their targetPort. Immutable: pods that are there already would keep the old one.")
        @Default(RateLimitRolloutSpec.DEFAULT_PORT)
        @Size(min = 1, max = 15)
        @ValidationRule(
                value = "self.matches('^[a-z0-9]+(-[a-z0-9]+)*$') && self.matches('[a-z]') && self != 'sluice-admin'",
                message =
                        "must be a container port's name: lower-case letters, digits and single '-', at least one letter,"
                                + " such as http, and not sluice-admin")
        @ValidationRule(
                value = "self == oldSelf",
                message = "spec.port: is immutable; delete this rollout and create another for the other port")
        String port,

        @JsonPropertyDescription(
                "The candidate: the limiter to roll out. A change under here starts a new rollout from the"
                        + " last promoted limiter.")
        @Required
        Limiter limiter,

        @JsonPropertyDescription(
                "The stable arm before the first promotion: Off passes everything through, Memory keeps the"
                        + " same limits in each sidecar's memory.")
        @Default("Off")
        InitialLimiter initialLimiter,

        @JsonPropertyDescription("How the candidate takes over.") @Default("{}")
        Strategy strategy,

        @JsonPropertyDescription("When to turn back: the rules that bring the stable limiter back to everyone.")
        @Default("{}")
        StopLoss stopLoss,

        @JsonPropertyDescription(
                "What must hold before a step may be left; a gate never causes a rollback. It looks at the newest"
                        + " value, of the candidate arm unless it is a Query; what cannot be seen does not pass.")
        @Size(max = 10)
        @ValidationRule(
                value = "self.all(r, " + Cel.NAMELESS_QUERY + " || self.exists_one(s, " + Cel.SAME_SIGNAL + "))",
                message = "each signal, and each name of a Query, may have one gate; remove the repeated one")
        @Nullable
        List<Gate> gates,

        @JsonPropertyDescription(
                "Requests that the candidate arm must have seen in a step before it may be left. Without it: none.")
        @Min(0)
        @Nullable
        Integer minimumRequests,

        @JsonPropertyDescription(
                "Compares the candidate's errors with the stable arm's: a step is left only when it is shown that the"
                        + " candidate fails hardly more often. Without it time, gates and the stop-loss are enough; {} takes"
                        + " the defaults.")
        @Nullable
        Comparison comparison,

        @JsonPropertyDescription(
                "Jobs that must succeed at points of the rollout, such as a smoke test after each step. Needs an operator that may run"
                        + " Jobs: hooks.enabled in its chart. A change takes effect where the rollout is.")
        @Size(max = 8)
        @Nullable
        List<Hook> hooks,

        @JsonPropertyDescription("Who is told about the rollout.") @Nullable
        Notifications notifications,

        @JsonPropertyDescription(
                "Answering every request with 503, those for exempt paths aside. Takes effect at once, in every phase,"
                        + " and is no change of the limiter.")
        @Nullable
        Maintenance maintenance,

        @JsonPropertyDescription(
                "Whether the rollout stands still: nothing begins and no step is left. What is exposed stays exposed, and the"
                        + " stop-loss stays armed.")
        @Nullable
        Boolean suspend,

        @JsonPropertyDescription(
                "How traffic reaches the sidecar when Services name the port by number. Not supported in"
                        + " this version yet.")
        @Nullable
        Capture capture) {

    static final String DEFAULT_PORT = "http";

    public RateLimitRolloutSpec {
        port = requireNonNullElse(port, DEFAULT_PORT);
        initialLimiter = requireNonNullElse(initialLimiter, InitialLimiter.OFF);
        strategy = requireNonNullElseGet(strategy, Strategy::defaults);
        stopLoss = requireNonNullElseGet(stopLoss, StopLoss::defaults);
    }
}
