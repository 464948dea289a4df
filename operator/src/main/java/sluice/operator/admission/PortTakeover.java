package sluice.operator.admission;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.PodSpec;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whose traffic the sidecar takes, and on which ports.
 *
 * @param name the port name that Services aim at, which becomes the sidecar's
 * @param appPort the number behind that name today
 * @param dataPort where the sidecar listens for callers
 * @param adminPort where the sidecar answers probes, scrapes and the drain
 */
record PortTakeover(String name, int appPort, int dataPort, int adminPort) {

    private static final int DATA_PORT = 15080;
    private static final int ADMIN_PORT = 15090;

    /** Empty when no container has a TCP port of that name. */
    static Optional<PortTakeover> of(PodSpec pod, String name) {
        var taken = taken(pod);
        var dataPort = dataPort(pod);
        return containers(pod)
                .flatMap(container -> portOf(container, name).stream())
                .findFirst()
                .map(port -> new PortTakeover(name, port, dataPort, firstFree(ADMIN_PORT, taken)));
    }

    /** Where a sidecar of the pod would listen for callers. */
    static int dataPort(PodSpec pod) {
        return firstFree(DATA_PORT, taken(pod));
    }

    private static Set<Integer> taken(PodSpec pod) {
        return containers(pod)
                .flatMap(container -> container.getPorts().stream())
                .map(ContainerPort::getContainerPort)
                .collect(Collectors.toSet());
    }

    /** The number of the container's TCP port of that name. */
    static Optional<Integer> portOf(Container container, String name) {
        return container.getPorts().stream()
                .filter(port -> name.equals(port.getName()) && isTcp(port))
                .map(ContainerPort::getContainerPort)
                .findFirst();
    }

    /**
     * App containers first, then other native sidecars: the order in which a Service's named target port is looked up, so that what is
     * found here is what callers reach today.
     */
    static Stream<Container> containers(PodSpec pod) {
        return Stream.concat(
                pod.getContainers().stream(),
                pod.getInitContainers().stream().filter(container -> "Always".equals(container.getRestartPolicy())));
    }

    private static boolean isTcp(ContainerPort port) {
        return port.getProtocol() == null || port.getProtocol().equals("TCP");
    }

    private static int firstFree(int wanted, Set<Integer> taken) {
        var port = wanted;
        while (taken.contains(port)) {
            port++;
        }
        return port;
    }
}
