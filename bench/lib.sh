# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# Processes and measurements of the bench. Sourced, never run.
BENCH=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=e2e/cluster/lib.sh
source "$BENCH/../e2e/cluster/lib.sh"

declare -A PID=() PORT=()
CLOCK_TICKS=$(getconf CLK_TCK)

# assign_port NAME: a free loopback port into PORT[NAME].
assign_port() {
  local port
  while port=$((20000 + RANDOM % 12000)); [[ " ${PORT[*]} " == *" $port "* ]] || ss -Htln "sport = :$port" | grep -q .; do :; done
  PORT[$1]=$port
}

# launch NAME CORES COMMAND...: a process bound to cores; its output in $WORK/log/NAME.log.
launch() {
  local name=$1 cores=$2
  shift 2
  taskset -c "$cores" "$@" </dev/null >>"$WORK/log/$name.log" 2>&1 &
  PID[$name]=$!
}

alive() { [[ -n ${PID[$1]:-} ]] && kill -0 "${PID[$1]}" 2>/dev/null; }
connects() { { : >"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null; }

# await_port NAME PORT: until a process accepts connections.
await_port() {
  local name=$1 port=$2
  answers_or_ended() { connects "$port" || ! alive "$name"; }
  if ! wait_for 20 "$name to listen" answers_or_ended || ! alive "$name"; then
    tail -n 20 "$WORK/log/$name.log" >&2
    die "$name did not start"
  fi
}

# end NAME: asked first, killed when it has not gone within five seconds.
end() {
  local name=$1 pid=${PID[$1]:-}
  unset "PID[$name]"
  [[ -n $pid ]] && kill -0 "$pid" 2>/dev/null || return 0
  kill -CONT "$pid" 2>/dev/null || true
  kill -TERM "$pid" 2>/dev/null || true
  gone_pid() { ! kill -0 "$pid" 2>/dev/null; }
  wait_for 5 "$name to end" gone_pid || kill -KILL "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
}
end_all() {
  local name
  for name in "${!PID[@]}"; do end "$name"; done
}

# pause SECONDS: a sleep that a signal cuts short.
pause() {
  sleep "$1" &
  wait $!
}

# render TEMPLATE OUT NAME=VALUE...: fills in the @NAME@ of a template; only this user may read the result, which may hold a password.
render() {
  local template=$1 out=$2 pair program=''
  shift 2
  for pair in "WORK=$WORK" "PEERS=$BENCH/peers" "LIMIT=$LIMIT" "$@"; do program+="s#@${pair%%=*}@#${pair#*=}#g;"; done
  (umask 077 && sed "$program" "$BENCH/peers/$template" >"$out")
}

# tree PID: it and what it has started.
tree() {
  local child
  echo "$1"
  # shellcheck disable=SC2013
  for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do tree "$child"; done
}
processes() {
  local name
  for name in "$@"; do
    alive "$name" || die "$name has ended, see $WORK/log/$name.log: $(tail -n 3 "$WORK/log/$name.log")"
    tree "${PID[$name]}"
  done
}
# cpu_micros NAME...: CPU time of processes so far, in microseconds.
cpu_micros() {
  local pid
  (($#)) || { echo 0; return; }
  for pid in $(processes "$@"); do sed 's/.*) //' "/proc/$pid/stat"; done |
    awk -v ticks="$CLOCK_TICKS" '{ sum += $12 + $13 } END { printf "%.0f\n", sum * 1000000 / ticks }'
}
# rss_kib NAME...: VmRSS of processes; pages that a master shares with its worker count twice.
rss_kib() {
  local pid
  (($#)) || { echo 0; return; }
  for pid in $(processes "$@"); do sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status"; done | awk '{ sum += $1 } END { print sum + 0 }'
}

# targets FILE PORT...: one line per user, over the ports in turn.
targets() {
  local file=$1 user ports count
  shift
  ports=("$@") count=${#ports[@]}
  for ((user = 0; user < USERS || user % count; user++)); do
    printf 'GET http://127.0.0.1:%d/api/scholarships/4711\nX-User-Id: user-%d\n\n' "${ports[user % count]}" "$user"
  done >"$file"
}

# attack TARGETS RATE SECONDS OUT: a constant rate, whatever the answers take; rate 0 is as fast as 64 connections go. In the background.
attack() {
  local options=(-rate "$2" -workers "$CONNECTIONS" -connections "$CONNECTIONS" -max-connections "$CONNECTIONS")
  [[ $2 != 0 ]] || options+=(-max-workers "$CONNECTIONS")
  launch load "$LOAD_CORES" "$TOOLS/vegeta" attack -targets "$1" "${options[@]}" -duration "${3}s" -timeout 10s -max-body 0 -redirects=-1 -output "$4"
}
await_load() {
  local code=0
  wait "${PID[load]}" || code=$?
  unset 'PID[load]'
  ((code == 0)) || die "the load generator failed: $(tail -n 3 "$WORK/log/load.log")"
}

# summary FILE [FROM UNTIL]: what a load has seen, of requests sent between two times in microseconds, as JSON.
summary() {
  "$TOOLS/vegeta" encode --to csv "$1" | cut -d, -f1-3 | sort -t, -k3,3n |
    awk -F, -v from="${2:-0}" -v until="${3:-9e18}" '
      { at = $1 / 1000 } at < from || at >= until { next }
      { latency[++n] = $3 / 1000; codes[$2]++; if (!first || at < first) first = at; if (at > last) last = at }
      function rank(p, i) { i = int(p * n); if (i < p * n) i++; return n ? sprintf("%.0f", latency[i < 1 ? 1 : i]) : "null" }
      END {
        printf "{\"requests\":%d,\"seconds\":%.3f,\"p50_us\":%s,\"p90_us\":%s,\"p99_us\":%s,\"max_us\":%s,\"codes\":{", n, (last - first) / 1e6,
          rank(0.5), rank(0.9), rank(0.99), rank(1)
        for (code in codes) { printf "%s\"%s\":%d", separator, code, codes[code]; separator = "," }
        print "}}"
      }'
}
micros() { echo "${EPOCHREALTIME/./}"; }
