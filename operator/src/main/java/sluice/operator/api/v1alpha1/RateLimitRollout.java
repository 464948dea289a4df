package sluice.operator.api.v1alpha1;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;

/** A rate limiter, the way it takes to all callers, and the rules that bring it back. */
@Group("sluice.dev")
@Version("v1alpha1")
@Plural("ratelimitrollouts")
@ShortNames("rlr")
@Categories("all")
@ValidationRule(
        value = "self.metadata.name.matches(" + Cel.DNS_LABEL + ")",
        fieldPath = ".metadata.name",
        message = "metadata.name: must be lower-case letters, digits and '-', without dots;"
                + " the pods' label and the ConfigMap's name are made from it")
@AdditionalPrinterColumn(name = "Phase", jsonPath = ".status.phase", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Weight", jsonPath = ".status.weight", type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Step", jsonPath = ".status.stepText", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(name = "Next-In", jsonPath = ".status.nextIn", type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Worst-Signal",
        jsonPath = ".status.worstSignal",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        type = AdditionalPrinterColumn.Type.STRING)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public class RateLimitRollout extends CustomResource<RateLimitRolloutSpec, RateLimitRolloutStatus>
        implements Namespaced {}
