# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# Many rollouts in one operator against a real Prometheus: lag, writes, memory over time. Sourced by bench/run.
measure_rollouts() {
  run_operator RolloutScaleIT "-Dscale.rollouts=$rollouts" "-Dscale.seconds=$((${minutes:-30} * 60))" -Dscale.scrape=15
  keep_figures rollouts '"\(.rollouts) rollouts for \(.seconds) s: evaluated every \(.evaluated_every_s) s, lag p99 \(.lag_p99_s) s; \(.writes_per_rollout_and_minute) writes per rollout and minute; heap \(.most_heap_mib) MiB at most, after collection \(.live_heap_mib.begin) at first and \(.live_heap_mib.end) at last; \(.cpu_cores) cores"'
}
