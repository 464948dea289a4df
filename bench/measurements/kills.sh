# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# SIGKILL at random moments of rollouts that go on meanwhile, with two replicas of the operator. Sourced by bench/run.
measure_kills() {
  run_operator KillScaleIT "-Dscale.kills=$kills" "-Dscale.lease=$lease" ${seed:+"-Dscale.seed=$seed"}
  keep_figures kills '"\(.kills) kills, \(.of_the_leader) of the leader, seed \(.seed): another led after p50 \(.failover_ms.p50) ms, at most \(.failover_ms.max) ms; \(.promoted) promotions and \(.rolled_back) rollbacks, every commit and every config as it must be"'
}
