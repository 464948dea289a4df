# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# One caller through four of our sidecars: once far over its limit, once within it. Sourced by bench/run.
# On both cores: what is counted are calls and tokens, and four JVMs that compile at once on one core do not answer in time.
measure_hotkey() {
  local all='{}' both="$PROXY_CORES,$LOAD_CORES"
  local PROXY_CORES=$both LOAD_CORES=$both
  hotkey_with over $((rate / 4))
  all=$(jq -c --argjson seen "$REPLY" '.over = $seen' <<<"$all")
  hotkey_with within $((rate * 2))
  all=$(jq -c --argjson seen "$REPLY" '.within = $seen' <<<"$all")
  keep hotkey "$all"
}

# hotkey_with CASE TOKENS: tokens a second, and as many saved up.
hotkey_with() {
  local tokens=$2 name names=(hot-1 hot-2 hot-3 hot-4) ports=() file=$WORK/hot user=hot-$RANDOM$RANDOM
  for name in "${names[@]}"; do
    : >>"$WORK/$name.requests"
    start_sluice "$name" Redis "$tokens" "hot-$1" 4
    : >"$WORK/$name.requests"
    ports+=("${PORT[$name]}")
  done
  targets "$WORK/targets" "${ports[@]}"
  # Each of the four sees a quarter of the load and is compiled later.
  attack "$WORK/targets" "$rate" $((2 * warmup)) "$WORK/warm.bin"
  await_load
  for name in "${ports[@]}"; do printf 'GET http://127.0.0.1:%d/api/scholarships/4711\nX-User-Id: %s\n\n' "$name" "$user"; done >"$file"
  watch_redis
  attack "$file" "$rate" "$seconds" "$file.bin"
  await_load
  count_commands "$(summary "$file.bin" | jq .requests)"
  REPLY=$(jq -c --argjson seen "$(summary "$file.bin")" --argjson tokens "$tokens" '
    ($tokens + $tokens * ($seen.seconds + $seen.max_us / 1000000) | ceil) as $limit
    | {requests: $seen.requests, admitted: ($seen.codes["200"] // 0), throttled: ($seen.codes["429"] // 0), codes: $seen.codes, p99_us: $seen.p99_us, tokens_per_second: $tokens,
       limit: $limit, most_with_leases: ($limit + (4 * 0.05 * $tokens | floor)), redis_calls_per_decision: .per_decision, commands}
    | . + {failed: (.requests - .admitted - .throttled), held: (.admitted <= .most_with_leases)}' <<<"$REPLY")
  told "$(jq -r '"of \(.requests) requests by one caller \(.admitted) passed, \(.most_with_leases) at most may; \(.failed) failed, \(.redis_calls_per_decision) Redis calls per decision"' <<<"$REPLY")"
  for name in "${names[@]}"; do
    end "$name"
    end "$name-log"
  done
}
