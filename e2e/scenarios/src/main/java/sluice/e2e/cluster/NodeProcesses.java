package sluice.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** The processes of a pod, found by its cgroup. Only where the node's processes are this machine's. */
public final class NodeProcesses {
    private NodeProcesses() {}

    /** The processes of all containers of the pod with this UID, the one that only holds its namespaces included. */
    public static List<ProcessHandle> ofPod(String uid) {
        return ProcessHandle.allProcesses()
                .filter(process -> cgroup(process).contains("pod" + uid))
                .toList();
    }

    /** Those that run a Java program. */
    public static List<ProcessHandle> javaOfPod(String uid) {
        return ofPod(uid).stream()
                .filter(process -> process.info().command().orElse("").endsWith("/java"))
                .toList();
    }

    /** What the process found in its environment when it started, {@code NAME=value} each. */
    public static List<String> environment(ProcessHandle process) throws IOException {
        return Arrays.asList(
                Files.readString(proc(process).resolve("environ"), UTF_8).split("\0", -1));
    }

    /** Ends the process with SIGKILL, which it cannot catch. */
    public static void kill(Collection<ProcessHandle> processes) {
        processes.forEach(ProcessHandle::destroyForcibly);
    }

    private static String cgroup(ProcessHandle process) {
        try {
            return Files.readString(proc(process).resolve("cgroup"), UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static Path proc(ProcessHandle process) {
        return Path.of("/proc", Long.toString(process.pid()));
    }
}
