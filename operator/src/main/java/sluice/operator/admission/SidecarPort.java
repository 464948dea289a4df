package sluice.operator.admission;

import io.fabric8.kubernetes.api.model.PodSpec;

/** The port on which a sidecar listens for callers. */
public final class SidecarPort {

    private SidecarPort() {}

    /** Its number in pods made from the template, whether or not they are injected already: the sidecar is in no template. */
    public static int of(PodSpec template) {
        return PortTakeover.dataPort(template);
    }
}
