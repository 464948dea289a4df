# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# From the start of our process to listening, to ready, and the first seconds after that, on both cores. Sourced by bench/run.
measure_start() {
  local both="$PROXY_CORES,$LOAD_CORES" name round runs=()
  local PROXY_CORES=$both LOAD_CORES=$both
  for ((round = 1; round <= rounds; round++)); do
    for name in "${chosen[@]}"; do
      is_sluice "$name" || continue
      start_once "$name"
      runs+=("$(jq -c --arg candidate "$name" --argjson round "$round" '{candidate: $candidate, round: $round} + .' <<<"$REPLY")")
      told "$(jq -r --arg about "${ABOUT[$name]}" '"\($about): listening after \(.listening_ms) ms, ready after \(.ready_ms), p99 \(.first_p99_us) us in the first five seconds, \(.warm_p99_us) warm"' <<<"$REPLY")"
    done
  done
  ((${#runs[@]})) || return 0
  keep start "$(printf '%s\n' "${runs[@]}" | jq -cs '
    def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
    {medians: (group_by(.candidate) | map(. as $own | {key: $own[0].candidate, value:
       (["listening_ms", "ready_ms", "first_p99_us", "warm_p99_us", "first_over_warm"] | map(. as $field | {($field): ([$own[][$field]] | median)}) | add)}) | from_entries),
     runs: .}')"
}

start_once() {
  local backend=Memory name=start listening ready from
  ! uses_redis "$1" || backend=Redis
  launch_sluice "$name" "$backend" "$LIMIT"
  until connects "${PORT[$name]}"; do
    alive "$name" || die "$name did not start: $(tail -n 3 "$WORK/$name.requests")"
    sleep 0.005
  done
  listening=$(micros)
  await_ready "$name"
  ready=$(micros)
  targets "$WORK/targets" "${PORT[$name]}"
  from=$(micros)
  attack "$WORK/targets" "$rate" $((5 + warmup + seconds)) "$WORK/load.bin"
  await_load
  REPLY=$(jq -nc --argjson listening $(((listening - STARTED) / 1000)) --argjson ready $(((ready - STARTED) / 1000)) \
    --argjson first "$(summary "$WORK/load.bin" "$from" $((from + 5000000)))" --argjson warm "$(summary "$WORK/load.bin" $((from + 5000000 + warmup * 1000000)))" '
    {listening_ms: $listening, ready_ms: $ready, first_p99_us: $first.p99_us, warm_p99_us: $warm.p99_us,
     first_over_warm: ($first.p99_us / $warm.p99_us * 100 | round / 100), failed: ($first.requests + $warm.requests - $first.codes["200"] - $warm.codes["200"])}')
  end "$name"
  end "$name-log"
}
