# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# A change on its way from its commit to every sidecar and back, over many streams to one operator. Sourced by bench/run.
measure_streams() {
  run_operator StreamScaleIT "-Dscale.streams=$streams" -Dscale.changes=50
  keep_figures streams '"\(.streams) streams up after \(.all_connected_ms) ms; from the commit to the last of them \(.commit_to_last_stream_ms.max) ms at most, to the last acknowledgement \(.commit_to_last_ack_ms.max) ms; heap \(.live_heap_mib) MiB, RSS \(.rss_mib) MiB"'
  keep_figures acks '"\(.sidecars) sidecars, \(.changes) changes: from the commit to the last acknowledgement p50 \(.commit_to_last_ack_ms.p50) ms, p99 \(.commit_to_last_ack_ms.p99) ms"'
}

# run_operator TEST OPTION...: a measurement that is a test of the operator, with its real parts as processes, on both cores.
run_operator() {
  local test=$1
  shift
  rm -rf "$ROOT/operator/target/scale"
  launch operator "$PROXY_CORES,$LOAD_CORES" env "SLUICE_BIN=$PROGRAMS" mvn -B -o -pl operator -am test -Dspotless.check.skip \
    "-Dtests=**/$test.java" -Dsurefire.failIfNoSpecifiedTests=false "$@"
  await_program operator
}

# keep_figures NAME LINE: what a measurement of the operator has left, and a line about it.
keep_figures() {
  REPLY=$(jq -c . "$ROOT/operator/target/scale/$1.json")
  keep "$1" "$REPLY"
  told "$(jq -r "$2" <<<"$REPLY")"
}
