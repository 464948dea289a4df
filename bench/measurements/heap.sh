# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# Our heap over ten million callers, driven in process, with the image's JVM options. Sourced by bench/run.
measure_heap() {
  launch heap "$PROXY_CORES,$LOAD_CORES" "$JAVA_HOME/bin/java" "${JVM_OPTIONS[@]}" -cp "$(bench_classpath)" sluice.bench.HeapOverUsers
  await_program heap
  REPLY=$(grep '^\[{' "$WORK/log/heap.log" | jq -c '
    {milestones: ., grown: (([.[] | select(.users <= 1000000)][-1].heap_mib) as $first | (.[-1].heap_mib - $first) / $first * 1000 | round / 1000)}')
  keep heap "$REPLY"
  told "$(jq -r '"\(.milestones | map("\(.heap_mib) MiB after \(.users / 1000000 | floor) million callers") | join(", "))"' <<<"$REPLY")"
}

bench_classpath() { echo "$(ls "$BENCH"/target/bench-*.jar):$(ls "$ROOT"/limiter-sidecar/target/limiter-sidecar-*.jar):$(<"$BENCH/target/runtime.classpath")"; }

# await_program NAME: until a program that ends by itself has ended.
await_program() {
  local name=$1 code=0
  wait "${PID[$name]}" || code=$?
  unset "PID[$name]"
  ((code == 0)) || die "$name failed: $(tail -n 5 "$WORK/log/$name.log")"
}
