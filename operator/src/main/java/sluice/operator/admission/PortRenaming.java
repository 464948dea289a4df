package sluice.operator.admission;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.LifecycleHandlerBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.TCPSocketAction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Takes a port's name from a container: the port is called {@code <name>-app}, and probes and hooks that used the name get the number. */
final class PortRenaming {

    private static final String SUFFIX = "-app";
    private static final int LONGEST_NAME = 15;

    private final String name;
    private final int number;

    private PortRenaming(String name, int number) {
        this.name = name;
        this.number = number;
    }

    /** The container without a port of that name; the same container when it has none. */
    static Container apply(Container container, String name) {
        return PortTakeover.portOf(container, name)
                .map(number -> new PortRenaming(name, number).apply(container))
                .orElse(container);
    }

    private Container apply(Container container) {
        var builder = new ContainerBuilder(container)
                .editMatchingPort(port -> name.equals(port.getName()))
                .withName(newName(other -> container.getPorts().stream()
                        .map(ContainerPort::getName)
                        .anyMatch(other::equals)))
                .endPort()
                .withStartupProbe(numbered(container.getStartupProbe()))
                .withLivenessProbe(numbered(container.getLivenessProbe()))
                .withReadinessProbe(numbered(container.getReadinessProbe()));
        if (container.getLifecycle() != null) {
            builder.editLifecycle()
                    .withPostStart(numbered(container.getLifecycle().getPostStart()))
                    .withPreStop(numbered(container.getLifecycle().getPreStop()))
                    .endLifecycle();
        }
        return builder.build();
    }

    /** Names of ports have at most 15 characters, no two hyphens in a row, and are unique within a container. */
    private String newName(Predicate<String> taken) {
        var candidate = cut(SUFFIX);
        for (var i = 2; taken.test(candidate); i++) {
            candidate = cut(SUFFIX + i);
        }
        return candidate;
    }

    private String cut(String suffix) {
        var stem = name.substring(0, Math.min(name.length(), LONGEST_NAME - suffix.length()));
        return (stem.endsWith("-") ? stem.substring(0, stem.length() - 1) : stem) + suffix;
    }

    private @Nullable Probe numbered(@Nullable Probe probe) {
        if (probe == null) {
            return null;
        }
        var builder = new ProbeBuilder(probe);
        if (isByName(probe.getHttpGet())) {
            builder.editHttpGet().withPort(new IntOrString(number)).endHttpGet();
        }
        if (isByName(probe.getTcpSocket())) {
            builder.editTcpSocket().withPort(new IntOrString(number)).endTcpSocket();
        }
        return builder.build();
    }

    private @Nullable LifecycleHandler numbered(@Nullable LifecycleHandler hook) {
        if (hook == null) {
            return null;
        }
        var builder = new LifecycleHandlerBuilder(hook);
        if (isByName(hook.getHttpGet())) {
            builder.editHttpGet().withPort(new IntOrString(number)).endHttpGet();
        }
        if (isByName(hook.getTcpSocket())) {
            builder.editTcpSocket().withPort(new IntOrString(number)).endTcpSocket();
        }
        return builder.build();
    }

    private boolean isByName(@Nullable HTTPGetAction action) {
        return action != null && isName(action.getPort());
    }

    private boolean isByName(@Nullable TCPSocketAction action) {
        return action != null && isName(action.getPort());
    }

    private boolean isName(@Nullable IntOrString port) {
        return port != null && name.equals(port.getStrVal());
    }
}
