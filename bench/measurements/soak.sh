# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# Our memory, minute by minute, under load. Sourced by bench/run.
measure_soak() {
  local name minute minutes=${minutes:-10} all='{}'
  for name in "${chosen[@]}"; do
    is_sluice "$name" || continue
    start_candidates "$name"
    for ((minute = 1; minute <= minutes; minute++)); do
      run_load "$name" "$rate" 60 0
      all=$(jq -c --arg name "$name" --argjson minute "$minute" --argjson run "$REPLY" \
        '.[$name] += [{minute: $minute, rss_mib: $run.rss_mib, p99_us: $run.p99_us, failed: $run.failed}]' <<<"$all")
      told "$(jq -r --arg about "${ABOUT[$name]}" --argjson minute "$minute" '"\($about): minute \($minute), RSS \(.rss_mib) MiB, p99 \(.p99_us) us"' <<<"$REPLY")"
    done
  done
  keep soak "$(jq -c --argjson minutes "$minutes" --argjson rate "$rate" '{minutes: $minutes, rate: $rate, series: ., rss_mib: map_values(.[-1].rss_mib)}' <<<"$all")"
}
