# The figures of one result file as Markdown. Whatever was not measured is left out, and its targets are NOT_RUN.
def about: {"direct": "no proxy", "nginx-memory": "nginx, limit_req", "haproxy-memory": "HAProxy, stick table", "envoy-memory": "Envoy, local rate limit",
  "sluice-memory": "**Sluice, memory**", "nginx-redis": "nginx + Lua + Redis", "envoy-redis": "Envoy + ratelimit + Redis", "sluice-redis": "**Sluice, Redis**"};
def shown: if . == null then "" elif type == "number" then . * 100 | round / 100 | tostring else . end;
def row: "| " + (map(shown) | join(" | ")) + " |";
def table($head): ([($head | row), ($head | map("---") | row)] + map(row)) | join("\n");
def where: "Measured \(.at[:10]) at commit `\(.commit)`";
def candidates: [.medians | to_entries[] | [about[.key], .value.p50_us, .value.p90_us, .value.p99_us, .value.cpu_us, .value.proxy_cpu_us, .value.redis_cpu_us, .value.rss_mib, .value.failed]]
  | table(["", "p50 µs", "p90 µs", "p99 µs", "CPU µs/request", "of it proxy", "of it Redis", "RSS MiB", "failed"]);
def ratios: [.ratios[] | ["\(about[.ours]) / \(about[.peer])", .p50, .p90, .p99, .cpu, .rss]] | table(["ours / theirs", "p50", "p90", "p99", "CPU", "RSS"]);
def compared($title): "### \($title)\n\n" + candidates + "\n\n" + ratios;

def ratio($peer; $what): .ratios[]? | select(.peer == $peer) | .[$what];
def at_most($what; $value; $most): [$what, "at most \($most)", ($value // "NOT_RUN"), (if $value == null then "open" elif $value <= $most then "met" else "**missed**" end)];
# Nothing takes no memory: a 0 is a figure that was not there to be read.
def taken: if . == 0 then null else . end;
def against($title; $peer; $limits): . as $from | $limits | to_entries[] | . as $limit | at_most("\($title): \($limit.key | ascii_upcase) over \(about[$peer])"; ([$from | ratio($peer; $limit.key)][0]); $limit.value);
def speed($title): against($title; "envoy-redis"; {p50: 0.85, p99: 0.75, cpu: 0.8}), against($title + " (goal)"; "nginx-redis"; {p50: 1, p99: 1, cpu: 1}),
  against($title; "envoy-memory"; {p50: 1, p99: 1, cpu: 1}), against($title; "nginx-memory"; {p50: 1.3});
def targets: .measurements as $m
  | [($m.compare | speed("2,000/s")),
     ({ratios: (($m.saturation.memory.ratios // []) + ($m.saturation.redis.ratios // []))} | speed("60% of our saturation")),
     ({ratios: (($m.saturation["memory-eased"].ratios // []) + ($m.saturation["redis-eased"].ratios // []))} | speed("60% of the slowest's saturation") | select(.[3] != "open")),
     ("sluice-memory", "sluice-redis" | . as $name | $m.start.medians[$name] as $start
       | at_most("\(about[$name]): start to listening, ms"; $start.listening_ms; 1500), at_most("\(about[$name]): start to ready, ms"; $start.ready_ms; 3000),
         at_most("\(about[$name]): p99 of the first 5 s over the warm one"; $start.first_over_warm; 3)),
     ("sluice-memory", "sluice-redis" | at_most("\(about[.]): VmRSS after \($m.soak.minutes // 10) minutes, MiB"; ($m.soak.rss_mib[.] | taken); 110)),
     at_most("heap, growth from 1 to 10 million callers"; $m.heap.grown; 0.05),
     at_most("image, MB compressed"; ($m.image.mb | taken); 90),
     ("over", "within" | . as $case | $m.hotkey[$case] as $hot | at_most("one hot key \($case) its limit: failed requests"; $hot.failed; 0),
       at_most("one hot key \($case) its limit: Redis calls per decision"; $hot.redis_calls_per_decision; 0.2),
       at_most("one hot key \($case) its limit: admitted"; $hot.admitted; ($hot.most_with_leases // "limit and leases"))),
     at_most("Redis round trips per decision"; $m.roundtrips["sluice-redis"].per_decision; 1),
     ($m.outage["sluice-redis"] as $outage | at_most("Redis stopped: failed requests"; $outage.failed; 0),
       at_most("Redis stopped: p99 of that second, µs"; $outage.first_second_p99_us; 100000), at_most("Redis stopped: warnings"; (if $outage then $outage.warnings | length else null end); 1)),
     at_most("\($m.streams.streams // 5000) streams: from a commit to the last, ms"; $m.streams.commit_to_last_stream_ms.max; 2000),
     at_most("\($m.acks.sidecars // 100) sidecars: p99 from a commit to the last acknowledgement, ms"; $m.acks.commit_to_last_ack_ms.p99; 1000),
     at_most("from a breach that is complete to its commit, ms (interval \($m.breaches.interval_s // 10) s)"; $m.breaches.complete_to_commit_ms.max; ($m.breaches.interval_s // 10) * 1000 + 1000),
     ($m.rollouts as $many | "\($many.rollouts // 1000) rollouts" as $name
       | at_most("\($name): p99 of the evaluations' lag, s"; $many.lag_p99_s; 10), at_most("\($name): heap, MiB"; ($many.most_heap_mib | taken); 256),
         at_most("\($name): writes per rollout and minute"; $many.writes_per_rollout_and_minute; 1),
         at_most("\($name): growth of the heap after a collection"; ($many.live_heap_mib | if (.begin | taken) and (.end | taken) then (.end / .begin - 1) * 100 | round / 100 else null end); 0.05)),
     at_most("\($m.kills.kills // 50) kills, lease of \($m.kills.lease_seconds // 5) s: until another replica led, ms"; $m.kills.failover_ms.max; 20000)]
  | table(["", "target", "measured", ""]);

.machine as $machine | .measurements as $m |
["From `bench/results/\($file)`: \($machine.cores) cores of \($machine.cpu), \($machine.memory_mib) MiB, \($machine.system), Linux \($machine.kernel), load \($machine.load_before) before the last run.",
 "Versions: " + ($machine.versions | to_entries | map("\(.key) \(.value)") | join(", ")) + ".",
 "### Targets\n\n" + targets,
 ($m.compare // empty | compared("At \(.options.rate) requests a second") + "\n\n\(where); \(.options.rounds) rounds of \(.options.seconds) s."),
 ($m.saturation // empty | "### Saturation\n\n" + ([.saturation | to_entries[] | [about[.key], .value.throughput, "\(.value.proxy_core_share * 100 | round)%", .value.limited_by]]
   | table(["", "requests/s", "of the proxy's core", "held back by"])) + "\n\n\(where). Where the load held it back, the figure is what the load's core could give."),
 ($m.saturation.memory // empty | compared("At 60% of our saturation, memory: \(.medians["sluice-memory"].rate) requests a second")),
 ($m.saturation.redis // empty | compared("At 60% of our saturation, Redis: \(.medians["sluice-redis"].rate) requests a second")),
 ("memory", "redis" | . as $kind | $m.saturation[$kind + "-eased"] // empty
   | compared("At 60% of the slowest's saturation, \(if $kind == "redis" then "Redis" else $kind end): \(.medians["sluice-" + $kind].rate) requests a second")),
 ($m.start // empty | "### Start\n\n" + ([.medians | to_entries[] | [about[.key], .value.listening_ms, .value.ready_ms, .value.first_p99_us, .value.warm_p99_us, .value.first_over_warm]]
   | table(["", "listening after ms", "ready after ms", "p99 µs of the first 5 s", "p99 µs warm", "ratio"])) + "\n\n\(where)."),
 ($m.soak // empty | . as $soak | "### Memory over time\n\n" + ([.series | to_entries[] | [about[.key], .value[0].rss_mib, (.value | map(.rss_mib) | max), .value[-1].rss_mib]]
   | table(["", "VmRSS MiB after 1 minute", "most", "after \($soak.minutes) minutes"])) + "\n\n\(where), at \(.rate) requests a second."),
 ($m.heap // empty | "### Heap over callers\n\n" + ([.milestones[] | [.users, .heap_mib]] | table(["distinct callers", "heap MiB after collection"])) + "\n\n\(where)."),
 ($m.hotkey // empty | "### One hot key, four sidecars\n\n" + ([("over", "within") as $case | .[$case] | [$case, .requests, .admitted, .most_with_leases, .failed, .redis_calls_per_decision, .p99_us]]
   | table(["its limit", "requests", "admitted", "at most may", "failed", "Redis calls per decision", "p99 µs"])) + "\n\n\(where)."),
 ($m.roundtrips // empty | "### Redis commands per decision\n\n" + ([to_entries[] | select(.value | type == "object" and has("per_decision")) | [about[.key], .value.per_decision, (.value.commands | to_entries | map("\(.key) \(.value)") | join(", "))]]
   | table(["", "per decision", "commands seen"])) + "\n\n\(where)."),
 ($m.outage // empty | "### Redis stopped for five seconds\n\n" + ([to_entries[] | select(.value | type == "object" and has("first_second_p99_us")) | [about[.key], .value.failed, .value.before_p99_us, .value.first_second_p99_us, .value.stopped_p99_us, .value.after_p99_us]]
   | table(["", "failed", "p99 µs before", "in the first second", "while stopped", "after"])) + "\n\n\(where)."),
 ($m.streams // empty | "### A change over many streams\n\n" + ([["the last stream has it", .commit_to_last_stream_ms], ["the last acknowledgement", .commit_to_last_ack_ms], ($m.acks // empty | ["the last acknowledgement, \(.sidecars) sidecars", .commit_to_last_ack_ms])]
   | map([.[0], .[1].p50, .[1].p99, .[1].max]) | table(["ms from the commit to", "p50", "p99", "most"])) + "\n\n\(where): \(.streams) streams to one operator, up after \(.all_connected_ms) ms; heap after collection \(.live_heap_mib) MiB, VmRSS \(.rss_mib) MiB, \(.threads) threads."),
 ($m.rollouts // empty | "### Many rollouts\n\n" + ([[.rollouts, .seconds, .evaluated_every_s, .lag_p99_s, .evaluation_p99_s, .writes_per_rollout_and_minute, .most_heap_mib, .live_heap_mib.begin, .live_heap_mib.end, .rss_mib.end, .cpu_cores]]
   | table(["rollouts", "seconds", "evaluated every s", "lag p99 s", "evaluation p99 s", "writes per rollout and minute", "most heap MiB", "after collection at first", "at last", "VmRSS MiB", "cores"])) + "\n\n\(where)."),
 ($m.breaches // empty | "### From a breach to its commit\n\n" + ([[.breaches, .interval_s, .complete_to_commit_ms.p50, .complete_to_commit_ms.p99, .complete_to_commit_ms.max]]
   | table(["breaches", "interval s", "ms from complete to commit, p50", "p99", "most"])) + "\n\n\(where)."),
 ($m.kills // empty | "### Kills\n\n" + ([[.kills, .of_the_leader, .lease_seconds, .failover_ms.p50, .failover_ms.max, .promoted, .rolled_back, .commits_verified]]
   | table(["SIGKILLs", "of the leader", "lease s", "another led after ms, p50", "most", "promotions", "rollbacks", "commits verified"])) + "\n\n\(where), seed \(.seed)."),
 ($m.jmh // empty | "### Parts of the hot path\n\n" + ([.benchmarks | to_entries[] | [.key, .value.ns, .value.error_ns, .value.bytes]] | table(["JMH, one thread", "ns", "±", "bytes allocated"])) + "\n\n\(where).")
] | join("\n\n")
