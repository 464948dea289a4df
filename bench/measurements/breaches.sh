# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# From the moment that a real Prometheus shows a breach for the whole of a rule's window to the commit of the rollback. Sourced by bench/run.
measure_breaches() {
  run_operator BreachScaleIT -Dscale.breaches=20 -Dscale.interval=10
  keep_figures breaches '"\(.breaches) breaches, evaluated every \(.interval_s) s: from complete to committed p50 \(.complete_to_commit_ms.p50) ms, at most \(.complete_to_commit_ms.max) ms"'
}
