# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# How much each candidate can take, then all of a kind at 60% of what ours can. Sourced by bench/run.
measure_saturation() {
  local name kind most all='{}' names
  start_candidates "${chosen[@]}"
  for name in "${chosen[@]}"; do
    warm "$name" "$rate"
    find_saturation "$name"
    all=$(jq -c --arg name "$name" --argjson found "$REPLY" '.saturation[$name] = $found' <<<"$all")
  done
  for kind in memory redis; do
    most=$(jq -r --arg name "sluice-$kind" '.saturation[$name].throughput // empty' <<<"$all")
    [[ -n $most ]] || continue
    mapfile -t names < <(printf '%s\n' "${chosen[@]}" | grep -- "-$kind$")
    rounds_of $((most * 60 / 100)) "${names[@]}"
    REPLY=$(medians "$REPLY")
    told "at $((most * 60 / 100))/s, 60% of what ours takes"
    table "$REPLY"
    all=$(jq -c --arg kind "$kind" --argjson found "$REPLY" '.[$kind] = $found' <<<"$all")
  done
  keep saturation "$all"
}

# 64 connections, each asking again as soon as it is answered. Latencies of such a load hide the waiting: only what went through counts.
find_saturation() {
  run_load "$1" 0 $((seconds < 10 ? seconds : 10)) 2
  REPLY=$(jq -c '{throughput, failed, proxy_core_share: (.throughput * .proxy_cpu_us / 10000 | round / 100)}
    | . + {limited_by: (if .proxy_core_share >= 0.9 then "proxy" else "load" end)}' <<<"$REPLY")
  told "$(jq -r --arg about "${ABOUT[$1]}" '"\($about): \(.throughput)/s, the proxy'"'"'s core \(.proxy_core_share * 100 | round)% busy"' <<<"$REPLY")"
}
