# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# Every candidate at one constant rate. Sourced by bench/run.
measure_compare() {
  local name
  start_candidates "${chosen[@]}"
  for name in "${chosen[@]}"; do warm "$name" "$rate"; done
  rounds_of "$rate" "${chosen[@]}"
  REPLY=$(medians "$REPLY")
  keep compare "$REPLY"
  table "$REPLY"
}
