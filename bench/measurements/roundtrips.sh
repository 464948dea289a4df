# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# Commands that Redis gets for each decision, as its own MONITOR tells them. Sourced by bench/run.
measure_roundtrips() {
  local name all='{}'
  # The rate-limit service of an earlier measurement asks whether Redis is there even without load.
  for name in "${CANDIDATES[@]}"; do ! uses_redis "$name" || [[ -z ${PORT[$name]:-} ]] || retire "$name"; done
  for name in "${chosen[@]}"; do
    uses_redis "$name" || continue
    start_candidates "$name"
    warm "$name" "$rate"
    targets "$WORK/targets" "${PORT[$name]}"
    ! is_sluice "$name" || : >"$WORK/$name.requests"
    watch_redis
    attack "$WORK/targets" "$rate" 5 "$WORK/load.bin"
    await_load
    count_commands "$(summary "$WORK/load.bin" | jq .requests)"
    # Nor is it the next one's.
    retire "$name"
    ! is_sluice "$name" || REPLY=$(jq -c --argjson memory "$(grep -c '"rl_backend":"memory"' "$WORK/$name.requests" || true)" '. + {decided_in_memory: $memory}' <<<"$REPLY")
    all=$(jq -c --arg name "$name" --argjson counted "$REPLY" '.[$name] = $counted' <<<"$all")
    told "${ABOUT[$name]}: $(jq -r '"\(.per_decision) commands per decision: \(.commands | to_entries | map("\(.key) \(.value)") | join(", "))"' <<<"$REPLY")"
  done
  keep roundtrips "$all"
}

# MONITOR shows what clients sent, and marks what a script did inside Redis, which is no round trip.
watch_redis() {
  : >"$WORK/log/monitor.log"
  REDISCLI_AUTH=$PASSWORD launch monitor "$LOAD_CORES" redis-cli -p "${PORT[redis]}" --no-auth-warning monitor
  watching() { grep -q '^OK' "$WORK/log/monitor.log"; }
  wait_for 5 "Redis to be watched" watching
}
# count_commands DECISIONS: ends watching; what was seen as JSON in REPLY.
count_commands() {
  pause 0.5
  end monitor
  REPLY=$(awk -F'"' '/^[0-9.]+ \[[0-9]+ lua\]/ { next } /^[0-9.]+ \[/ { count[tolower($2)]++ } END { for (name in count) print name, count[name] }' "$WORK/log/monitor.log" |
    jq -Rnc --argjson decisions "$1" '[inputs | split(" ") | {key: .[0], value: (.[1] | tonumber)}] | from_entries
      | {decisions: $decisions, commands: ., per_decision: (([.[]] | add // 0) / $decisions * 1000 | round / 1000)}')
}
