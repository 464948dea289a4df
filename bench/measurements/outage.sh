# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# Redis stops answering for five seconds under load: every candidate that needs it. Sourced by bench/run.
measure_outage() {
  local name all='{}'
  for name in "${chosen[@]}"; do
    uses_redis "$name" || continue
    ! is_sluice "$name" || renew "$name"
    start_candidates "$name"
    warm "$name" "$rate"
    outage_of "$name"
    all=$(jq -c --arg name "$name" --argjson seen "$REPLY" '.[$name] = $seen' <<<"$all")
    told "${ABOUT[$name]}: $(jq -r '"\(.failed) of \(.requests) failed, p99 \(.before_p99_us) us before, \(.first_second_p99_us) in the second after the stop, \(.stopped_p99_us) while stopped, \(.after_p99_us) after\(if .warnings then ", warnings: \(.warnings | join("; "))" else "" end)"' <<<"$REPLY")"
  done
  keep outage "$all"
}

# renew NAME: a sidecar that has not warned of anything yet, for it does so once in five minutes only.
renew() {
  retire "$1"
  : >"$WORK/$1.requests"
}

outage_of() {
  local name=$1 from stopped continued warnings=null
  targets "$WORK/targets" "${PORT[$name]}"
  from=$(micros)
  attack "$WORK/targets" "$rate" 18 "$WORK/load.bin"
  pause 6
  kill -STOP "${PID[redis]}"
  stopped=$(micros)
  pause 5
  kill -CONT "${PID[redis]}"
  continued=$(micros)
  await_load
  ! is_sluice "$name" || warnings=$(grep '"level":"WARN"' "$WORK/$name.requests" | jq -cs 'map(.message)' || true)
  REPLY=$(jq -nc --argjson all "$(summary "$WORK/load.bin")" --argjson before "$(summary "$WORK/load.bin" $((from + 2000000)) "$stopped")" \
    --argjson first "$(summary "$WORK/load.bin" "$stopped" $((stopped + 1000000)))" --argjson during "$(summary "$WORK/load.bin" "$stopped" "$continued")" \
    --argjson after "$(summary "$WORK/load.bin" $((continued + 2000000)))" --argjson warnings "${warnings:-[]}" '
    {requests: $all.requests, failed: ($all.requests - ($all.codes["200"] // 0)), codes: $all.codes, before_p99_us: $before.p99_us, first_second_p99_us: $first.p99_us,
     first_second_max_us: $first.max_us, stopped_p99_us: $during.p99_us, after_p99_us: $after.p99_us, warnings: $warnings}')
}
