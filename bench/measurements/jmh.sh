# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# Time and allocation of the parts of the hot path, by JMH. Sourced by bench/run.
measure_jmh() {
  launch jmh "$PROXY_CORES" "$JAVA_HOME/bin/java" -cp "$(bench_classpath)" org.openjdk.jmh.Main -bm avgt -tu ns -f 1 -wi 5 -w 1 -i 5 -r 1 -foe true \
    -prof gc -rf json -rff "$WORK/jmh.json" -jvmArgs "${JVM_OPTIONS[*]}"
  await_program jmh
  REPLY=$(jq -c '{benchmarks: map({key: (.benchmark | split(".") | .[-2:] | join(".")), value: {ns: (.primaryMetric.score * 10 | round / 10), error_ns: (.primaryMetric.scoreError | if type == "number" then . * 10 | round / 10 else null end),
    bytes: (.secondaryMetrics | to_entries | map(select(.key | endswith("gc.alloc.rate.norm"))) | .[0].value.score | round)}}) | from_entries}' "$WORK/jmh.json")
  keep jmh "$REPLY"
  jq -r '.benchmarks | to_entries[] | [.key, .value.ns, .value.bytes] | @tsv' <<<"$REPLY" | awk -F'\t' '{ printf "%-46s%12s ns%8s bytes\n", $1, $2, $3 }'
}
