# shellcheck shell=bash
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
