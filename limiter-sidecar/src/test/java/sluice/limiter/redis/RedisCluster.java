package sluice.limiter.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import sluice.limiter.limit.Demand;

/** A real cluster of three masters, each with a third of the slots, and one replica, of the first. */
final class RedisCluster implements AutoCloseable {

    private static final String PASSWORD = "cluster-5e21";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MASTERS = 3;

    private record Member(RedisServer server, int busPort) {

        static Member start(Path folder) {
            var busPort = RedisServer.freePort();
            return new Member(
                    RedisServer.startWith(
                            PASSWORD,
                            folder,
                            "--masterauth",
                            PASSWORD,
                            "--cluster-enabled",
                            "yes",
                            "--cluster-port",
                            Integer.toString(busPort),
                            "--cluster-node-timeout",
                            "1500",
                            "--cluster-require-full-coverage",
                            "no"),
                    busPort);
        }

        String id() {
            return server.command("CLUSTER", "MYID");
        }
    }

    private final List<Member> members;

    private RedisCluster(List<Member> members) {
        this.members = members;
    }

    static RedisCluster start(Path folder) {
        var cluster = new RedisCluster(IntStream.rangeClosed(0, MASTERS)
                .mapToObj(index -> Member.start(folder.resolve("server-" + index)))
                .toList());
        cluster.join();
        return cluster;
    }

    private void join() {
        var first = members.getFirst();
        for (var member : members.subList(1, members.size())) {
            member.server()
                    .command(
                            "CLUSTER",
                            "MEET",
                            "127.0.0.1",
                            Integer.toString(first.server().port()),
                            Integer.toString(first.busPort()));
        }
        for (var index = 0; index < MASTERS; index++) {
            master(index)
                    .command(
                            "CLUSTER",
                            "ADDSLOTSRANGE",
                            Integer.toString(firstSlot(index)),
                            Integer.toString(firstSlot(index + 1) - 1));
        }
        awaitAgreement();
        replica().command("CLUSTER", "REPLICATE", first.id());
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> replica().command("INFO", "replication").contains("master_link_status:up"));
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> servers().stream()
                        .allMatch(server -> server.command("CLUSTER", "NODES").contains("slave " + first.id())));
    }

    private static int firstSlot(int master) {
        return HashSlot.COUNT * master / MASTERS;
    }

    private void awaitAgreement() {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> servers().stream()
                        .map(server -> server.command("CLUSTER", "INFO"))
                        .allMatch(info -> info.contains("cluster_state:ok")
                                && info.contains("cluster_slots_ok:16384")
                                && info.contains("cluster_known_nodes:" + members.size())));
    }

    List<RedisServer> servers() {
        return members.stream().map(Member::server).toList();
    }

    List<RedisServer> masters() {
        return servers().subList(0, MASTERS);
    }

    RedisServer master(int index) {
        return members.get(index).server();
    }

    RedisServer replica() {
        return members.getLast().server();
    }

    String id(int index) {
        return members.get(index).id();
    }

    void writeSecret(Path secret, Integer... ports) {
        var hosts = List.of(ports).stream().map(port -> "127.0.0.1:" + port).collect(Collectors.joining(","));
        RedisServer.writeSecret(secret, "redis-cluster://:" + PASSWORD + "@" + hosts);
    }

    String password() {
        return PASSWORD;
    }

    /** The number of the master that had the slot at first. */
    static int masterOf(int slot) {
        return IntStream.range(0, MASTERS)
                .filter(master -> slot < firstSlot(master + 1))
                .findFirst()
                .orElseThrow();
    }

    static int slot(String user, Demand demand) {
        return HashSlot.of(key(user, demand));
    }

    static String key(String user, Demand demand) {
        return TakeScript.key(BackendFixture.ROLLOUT, BackendFixture.caller(user), demand);
    }

    /** Users whose buckets are with the master of this number. */
    static List<String> usersOf(int master, Demand demand, int count) {
        return IntStream.iterate(0, index -> index + 1)
                .mapToObj(index -> "user-" + index)
                .filter(user -> {
                    var slot = slot(user, demand);
                    return slot >= firstSlot(master) && slot < firstSlot(master + 1);
                })
                .limit(count)
                .toList();
    }

    static List<String> usersInSlot(int slot, Demand demand, int count) {
        return IntStream.iterate(0, index -> index + 1)
                .mapToObj(index -> "user-" + index)
                .filter(user -> slot(user, demand) == slot)
                .limit(count)
                .toList();
    }

    /** Begins to give a slot away. */
    void beginMove(int slot, int from, int to) {
        master(to).command("CLUSTER", "SETSLOT", Integer.toString(slot), "IMPORTING", id(from));
        master(from).command("CLUSTER", "SETSLOT", Integer.toString(slot), "MIGRATING", id(to));
    }

    void moveKey(String key, int from, int to) {
        master(from)
                .command(
                        "MIGRATE",
                        "127.0.0.1",
                        Integer.toString(master(to).port()),
                        key,
                        "0",
                        "5000",
                        "AUTH",
                        PASSWORD);
    }

    void endMove(int slot, int to) {
        var id = id(to);
        master(to).command("CLUSTER", "SETSLOT", Integer.toString(slot), "NODE", id);
        masters().forEach(server -> server.command("CLUSTER", "SETSLOT", Integer.toString(slot), "NODE", id));
    }

    @Override
    public void close() {
        servers().forEach(RedisServer::close);
    }
}
