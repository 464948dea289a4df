# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# How much each candidate can take, then all of a kind at 60% of what ours can; and at 60% of what the slowest can, where that is less: beyond
# its saturation a peer's latency is that of its queue, and a ratio to it says nothing. Sourced by bench/run.
measure_saturation() {
  local name kind ours least all='{}' names
  start_candidates "${chosen[@]}"
  for name in "${chosen[@]}"; do
    warm "$name" "$rate"
    find_saturation "$name"
    all=$(jq -c --arg name "$name" --argjson found "$REPLY" '.saturation[$name] = $found' <<<"$all")
  done
  for kind in memory redis; do
    ours=$(jq -r --arg name "sluice-$kind" '.saturation[$name].throughput // empty | floor' <<<"$all")
    [[ -n $ours ]] || continue
    mapfile -t names < <(printf '%s\n' "${chosen[@]}" | grep -- "-$kind$")
    least=$(jq -r --arg kind "-$kind" '[.saturation | to_entries[] | select(.key | endswith($kind)) | .value.throughput] | min | floor' <<<"$all")
    at_share "$kind" "$ours" "60% of what ours takes"
    ((least >= ours)) || at_share "$kind-eased" "$least" "60% of what the slowest takes"
  done
  keep saturation "$all"
}

# at_share KEY THROUGHPUT WHAT: rounds of $names at 60% of it, into $all.
at_share() {
  rounds_of $(($2 * 60 / 100)) "${names[@]}"
  REPLY=$(medians "$REPLY")
  told "at $(($2 * 60 / 100))/s, $3"
  table "$REPLY"
  all=$(jq -c --arg key "$1" --argjson found "$REPLY" '.[$key] = $found' <<<"$all")
}

# 64 connections, each asking again as soon as it is answered. Latencies of such a load hide the waiting: only what went through counts.
find_saturation() {
  run_load "$1" 0 $((seconds < 10 ? seconds : 10)) 2
  REPLY=$(jq -c '{throughput, failed, proxy_core_share: (.throughput * .proxy_cpu_us / 10000 | round / 100)}
    | . + {limited_by: (if .proxy_core_share >= 0.9 then "proxy" else "load" end)}' <<<"$REPLY")
  told "$(jq -r --arg about "${ABOUT[$1]}" '"\($about): \(.throughput)/s, the proxy'"'"'s core \(.proxy_core_share * 100 | round)% busy"' <<<"$REPLY")"
}
