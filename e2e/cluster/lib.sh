# shellcheck shell=bash disable=SC2034
# What the scripts of e2e share: names, folders, and processes inside the node's namespaces. Sourced, never run.
set -euo pipefail
shopt -s inherit_errexit

export HOME="${HOME:-/root}"
# Without an environment bash makes up a PATH that has the current folder in it.
PATH=$(tr : "\n" <<<"${PATH:-}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" | grep "^/" | awk "!seen[\$0]++" | paste -sd:)
export PATH
export LC_ALL=C.UTF-8
umask 022

E2E=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ROOT=$(dirname "$E2E")
CLUSTER="$E2E/cluster"
CACHE="${SLUICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/sluice}"
NODE_IP=10.90.0.1
DNS_IP=10.96.0.10

say() { printf '%s\n' "$*" >&2; }
die() {
  say "${0##*/}: $*"
  exit 1
}
not_run() {
  echo "NOT_RUN: $*"
  exit 3
}

# A script's help is the comment at its top.
help_text() { sed -n '2,${/^#/!q; /^# shellcheck/!s/^# \{0,1\}//p}' "$0"; }
no_arguments() { ((${#ARGS[@]} == 0)) || die "unknown argument ${ARGS[0]}; see --help"; }

# Takes --name from the arguments; what is left is in ARGS. The second looks only at the front, where a command of somebody else's follows.
take_name() { find_name anywhere "$@"; }
take_leading_name() { find_name leading "$@"; }
find_name() {
  local where=$1
  shift
  NAME="${SLUICE_NAME:-sluice}" ARGS=()
  while (($#)); do
    case $1 in
      --name) NAME=${2:?--name needs a value}; shift 2 ;;
      --name=*) NAME=${1#*=}; shift ;;
      -h | --help) help_text; exit 0 ;;
      --) shift; ARGS+=("$@"); break ;;
      *)
        [[ $where == anywhere ]] || { ARGS+=("$@"); break; }
        ARGS+=("$1")
        shift
        ;;
    esac
  done
  [[ $NAME =~ ^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$ ]] || die "--name $NAME: use 1 to 30 of a-z, 0-9 and -"
  # A state folder that the environment gives belongs to the name that the environment gives.
  [[ ${SLUICE_NAME:-$NAME} == "$NAME" ]] || unset SLUICE_STATE
  STATE="${SLUICE_STATE:-/tmp/sluice-$NAME}"
  export SLUICE_NAME=$NAME SLUICE_STATE=$STATE
  case $STATE in
    /var/lib/* | /run/* | /var/run/* | /var/log/*) die "SLUICE_STATE=$STATE: the node hides that folder; use one under /tmp" ;;
    /*) ;;
    *) die "SLUICE_STATE=$STATE: must be an absolute path" ;;
  esac
}

mode() { cat "$STATE/mode" 2>/dev/null || echo none; }
require_cluster() { [[ $(mode) != none ]] || die "no cluster called $NAME; run e2e/cluster/up --name $NAME"; }
require_node() { [[ $(mode) == node ]] || not_run "$1: needs the one-node cluster, this one is '$(mode)'"; }
require_root() { [[ $EUID == 0 ]] || die "needs root, for namespaces and containers"; }

java_home() {
  local home
  for home in "${JAVA_HOME:-}" /usr/lib/jvm/*25*; do
    [[ -x $home/bin/javac && $("$home/bin/javac" -version 2>/dev/null) == "javac 25"* ]] && { echo "$home"; return; }
  done
  die "no JDK 25 found: set JAVA_HOME, or install one under /usr/lib/jvm"
}

# sidecar_sources: names all that a sidecar is built from, at the commit that is checked out; nothing when it is not as that has it.
sidecar_sources() {
  local parts=(limiter-sidecar pom.xml)
  [[ -z $(git -C "$ROOT" status --porcelain -- "${parts[@]}" 2>&1) ]] || return 0
  git -C "$ROOT" rev-parse "${parts[@]/#/HEAD:}" | sha256sum | cut -c1-12
}

# load_targets URL USERS INVALID SIGNINS: what the load asks for, as sluice.demo.LoadTargets writes it. Whoever has a token of it is that account.
load_targets() {
  local module="$E2E/demo-app" java
  java=$(java_home)/bin/java
  [[ -s $module/target/runtime.classpath ]] || die "the demo app is not built; run e2e/cluster/images"
  "$java" -cp "$module/target/classes:$(cat "$module/target/runtime.classpath")" sluice.demo.LoadTargets \
    "$STATE/secrets/jwks.json" "$STATE/secrets/invite-code" "$@"
}

# Waits until a command succeeds: wait_for SECONDS WHAT COMMAND...
wait_for() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < deadline)) || { say "gave up waiting for $what"; return 1; }
    sleep 0.2
  done
}

# A process is its number and its start time: a number alone may by now be somebody else's.
started_at() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }
# The process of a pid file, when it is still the one that was written down.
recorded() {
  local pid start
  read -r pid start 2>/dev/null <"$STATE/$1.pid" || return 1
  # Without a start time it had ended before it was written down.
  [[ -n $start && $(started_at "$pid") == "$start" ]] || return 1
  echo "$pid"
}
node_pid() { recorded node; }
node_runs() { node_pid >/dev/null; }
# A run that was killed leaves a state without a node behind.
clear_dead() { [[ $(mode) != node ]] || node_runs || "$CLUSTER/down"; }

# Inside all the node's namespaces; pid files hold numbers of its own process namespace, where nothing else lives.
inside() { nsenter --target "$(node_pid)" --net --mount --pid --uts -- "$@"; }
# Inside the node's network only, with the host's files and processes.
in_network() {
  if [[ $(mode) == node ]]; then nsenter --target "$(node_pid)" --net -- "$@"; else "$@"; fi
}

# start NAME COMMAND...: a process of the node, its output in log/NAME.log. It stands for another machine, so it must not starve while pods
# start: its session gets more of the processors than theirs.
start() {
  local name=$1
  shift
  # shellcheck disable=SC2016
  inside bash -c 'name=$1 state=$2; shift 2
    setsid -- bash -c "{ echo -15 >/proc/self/autogroup; } 2>/dev/null; exec \"\$@\"" _ "$@" </dev/null >>"$state/log/$name.log" 2>&1 & echo $! >"$state/pid/$name"' _ "$name" "$STATE" "$@"
}

# Waits until a process that was just started answers: wait_process SECONDS NAME COMMAND...
wait_process() {
  local seconds=$1 name=$2
  shift 2
  answers_or_ended() { "$@" || ! runs "$name"; }
  wait_for "$seconds" "$name to answer" answers_or_ended "$@" && runs "$name" || {
    tail -n 5 "$STATE/log/$name.log" >&2
    die "$name did not start, see $STATE/log/$name.log"
  }
}

runs() { [[ -s $STATE/pid/$1 ]] && inside kill -0 "$(cat "$STATE/pid/$1")" 2>/dev/null; }
signal() { runs "$1" && inside kill "-$2" "$(cat "$STATE/pid/$1")"; }
gone() { ! runs "$1"; }
stop() {
  local name=$1
  runs "$name" || { rm -f "$STATE/pid/$name"; return 0; }
  signal "$name" CONT || true
  signal "$name" TERM || true
  wait_for 20 "$name to end" gone "$name" || signal "$name" KILL || true
  wait_for 30 "$name to be gone" gone "$name"
  rm -f "$STATE/pid/$name"
}

kube() { in_network "$(tool kubectl)" --kubeconfig "$STATE/kubeconfig" "$@"; }
# Full path of a program: the cluster's own, else the one on PATH.
tool() {
  local bin
  bin=$(cat "$STATE/bin" 2>/dev/null || true)
  if [[ -x $bin/$1 ]]; then echo "$bin/$1"; else command -v "$1" || die "$1 not found"; fi
}
