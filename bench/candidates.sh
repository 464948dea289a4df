# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# What is compared, and how each is started: every proxy, with the limiter that belongs to it, on one core. Sourced, never run.
CANDIDATES=(direct nginx-memory haproxy-memory envoy-memory sluice-memory nginx-redis envoy-redis sluice-redis)
declare -A ABOUT=(
  [direct]='no proxy'
  [nginx-memory]='nginx, limit_req'
  [haproxy-memory]='HAProxy, stick table'
  [envoy-memory]='Envoy, local rate limit'
  [sluice-memory]='Sluice, memory'
  [nginx-redis]='nginx + Lua + Redis'
  [envoy-redis]='Envoy + ratelimit + Redis'
  [sluice-redis]='Sluice, Redis'
)
# The processes that a candidate consists of, Redis aside.
declare -A PARTS=(
  [direct]='' [nginx-memory]=nginx-memory [haproxy-memory]=haproxy-memory [envoy-memory]=envoy-memory [sluice-memory]=sluice-memory
  [nginx-redis]=nginx-redis [envoy-redis]='envoy-redis ratelimit' [sluice-redis]=sluice-redis
)
uses_redis() { [[ $1 == *-redis ]]; }
is_sluice() { [[ $1 == sluice-* ]]; }

start_upstream() {
  assign_port upstream
  render upstream.conf "$WORK/upstream.conf" NAME=upstream "PORT=${PORT[upstream]}"
  launch upstream "$LOAD_CORES" nginx -c "$WORK/upstream.conf"
  await_port upstream "${PORT[upstream]}"
}

start_redis() {
  assign_port redis
  PASSWORD=$(openssl rand -hex 16)
  (umask 077 && cat >"$WORK/redis.conf") <<C
bind 127.0.0.1
port ${PORT[redis]}
requirepass $PASSWORD
dir $WORK
save ""
appendonly no
maxmemory 256mb
maxmemory-policy noeviction
C
  launch redis "$LOAD_CORES" redis-server "$WORK/redis.conf"
  await_port redis "${PORT[redis]}"
}
redis() { REDISCLI_AUTH=$PASSWORD redis-cli -p "${PORT[redis]}" --no-auth-warning "$@"; }

start_direct() { PORT[direct]=${PORT[upstream]}; }

# start_rendered NAME TEMPLATE VALUE... -- COMMAND...: a proxy that is told its configuration by a file, @CONFIG@ in the command.
start_rendered() {
  local name=$1 template=$2 config values=()
  config=$WORK/$name.${template##*.}
  shift 2
  assign_port "$name"
  while [[ $1 != -- ]]; do values+=("$1"); shift; done
  shift
  render "$template" "$config" "NAME=$name" "PORT=${PORT[$name]}" "UPSTREAM=${PORT[upstream]}" "${values[@]}"
  launch "$name" "$PROXY_CORES" "${@//@CONFIG@/$config}"
  await_port "$name" "${PORT[$name]}"
}

start_nginx-memory() { start_rendered nginx-memory nginx-memory.conf -- nginx -c @CONFIG@; }
start_nginx-redis() { start_rendered nginx-redis nginx-redis.conf "REDIS=${PORT[redis]}" "PASSWORD=$PASSWORD" -- nginx -c @CONFIG@; }
start_haproxy-memory() { start_rendered haproxy-memory haproxy-memory.cfg -- haproxy -db -f @CONFIG@; }

ENVOY_OPTIONS=(--concurrency 1 --disable-hot-restart --log-level error)
start_envoy-memory() { start_rendered envoy-memory envoy-memory.yaml -- "$TOOLS/envoy" -c @CONFIG@ "${ENVOY_OPTIONS[@]}"; }
start_envoy-redis() {
  start_ratelimit
  start_rendered envoy-redis envoy-redis.yaml "SERVICE=${PORT[ratelimit]}" -- "$TOOLS/envoy" -c @CONFIG@ "${ENVOY_OPTIONS[@]}"
}

start_ratelimit() {
  local port
  for port in ratelimit ratelimit-http ratelimit-debug; do assign_port "$port"; done
  mkdir -p "$WORK/ratelimit/config"
  render ratelimit.yaml "$WORK/ratelimit/config/bench.yaml"
  (umask 077 && cat >"$WORK/ratelimit.env") <<C
HOST=127.0.0.1
PORT=${PORT[ratelimit-http]}
GRPC_HOST=127.0.0.1
GRPC_PORT=${PORT[ratelimit]}
DEBUG_HOST=127.0.0.1
DEBUG_PORT=${PORT[ratelimit-debug]}
RUNTIME_ROOT=$WORK
RUNTIME_SUBDIRECTORY=ratelimit
RUNTIME_WATCH_ROOT=false
BACKEND_TYPE=redis
REDIS_SOCKET_TYPE=tcp
REDIS_URL=127.0.0.1:${PORT[redis]}
REDIS_AUTH=$PASSWORD
USE_STATSD=false
LOG_LEVEL=error
C
  # Through a file, for a command line can be read by everybody.
  # shellcheck disable=SC2016
  launch ratelimit "$PROXY_CORES" bash -c 'set -a; source "$1"; set +a; exec "$2"' _ "$WORK/ratelimit.env" "$TOOLS/ratelimit"
  await_port ratelimit "${PORT[ratelimit]}"
}

start_sluice-memory() { start_sluice sluice-memory Memory "$LIMIT"; }
start_sluice-redis() { start_sluice sluice-redis Redis "$LIMIT"; }

# How ours is run: the packaged jars with the image's JVM options, and an AOT cache of these jars, as the image has one of its own. The
# one place that knows.
find_sluice() {
  local module=$ROOT/limiter-sidecar jar
  jar=$(ls "$module"/target/limiter-sidecar-*.jar)
  mapfile -t JVM_OPTIONS < <(sed -n '/<jvmFlag>-XX:AOT/d; s#.*<jvmFlag>\(.*\)</jvmFlag>.*#\1#p' "$module/pom.xml")
  # The benchmarks' class path has the sidecar's in it; what only they use is never loaded.
  SLUICE=("$JAVA_HOME/bin/java" "${JVM_OPTIONS[@]}" "-XX:AOTCache=$LOGS/limiter.aot" -cp "$jar:$(<"$BENCH/target/runtime.classpath")" sluice.limiter.LimiterMain)
}
train_sluice() { "$ROOT/limiter-sidecar/train" "$LOGS/limiter.aot" / "${SLUICE[@]}"; }

# start_sluice NAME BACKEND TOKENS [ROLLOUT [REPLICAS]]: lets that many requests a second pass, and saves as many up. Its request log goes
# through a pipe, as in a container, to a reader that writes it to $WORK/NAME.requests, which lies in memory.
start_sluice() {
  launch_sluice "$@"
  await_ready "$1"
}

launch_sluice() {
  local name=$1 backend=$2 tokens=$3 rollout=${4:-$1} replicas=${5:-1}
  assign_port "$name"
  assign_port "$name-admin"
  configure_sluice
  [[ -p $WORK/$name.pipe ]] || mkfifo "$WORK/$name.pipe"
  taskset -c "$LOAD_CORES" cat <"$WORK/$name.pipe" >>"$WORK/$name.requests" &
  PID[$name-log]=$!
  STARTED=${EPOCHREALTIME/./}
  SLUICE_CONFIG=$WORK/$name.json SLUICE_PORT=${PORT[$name]} SLUICE_ADMIN_PORT=${PORT[$name-admin]} \
    SLUICE_UPSTREAM=127.0.0.1:${PORT[upstream]} SLUICE_SECRETS=$WORK/secrets \
    taskset -c "$PROXY_CORES" "${SLUICE[@]}" </dev/null >"$WORK/$name.pipe" 2>>"$WORK/log/$name.log" &
  PID[$name]=$!
}

configure_sluice() {
  local secret=$WORK/secrets/bench-redis redis=''
  if [[ $backend == Redis ]]; then
    redis='"redis": {"secret": "bench-redis", "timeoutMillis": 20},'
    mkdir -p "$secret"
    (umask 077 && echo "redis://:$PASSWORD@127.0.0.1:${PORT[redis]}" >"$secret/REDIS_URL")
  fi
  render sluice.json "$WORK/$name.json" "NAME=$rollout" "BACKEND=$backend" "REDIS_FIELD=$redis" "TOKENS=$tokens" "REPLICAS=$replicas"
}

admin() { curl -sf --max-time 5 "http://127.0.0.1:${PORT[$1-admin]}/$2"; }
await_ready() {
  local name=$1
  ready_or_ended() { admin "$name" ready || ! alive "$name"; }
  if ! wait_for 20 "$name to be ready" ready_or_ended || ! alive "$name"; then
    tail -n 5 "$WORK/log/$name.log" "$WORK/$name.requests" >&2
    die "$name did not start"
  fi
}

# How many lines the request log should have and how many were dropped rather than waited for.
log_lines() { grep -c '"type":"REQUEST_LOG"' "$WORK/$1.requests" || true; }
log_dropped() { admin "$1" metrics | awk '/^sluice_log_dropped_total/ { sum += $NF } END { printf "%.0f\n", sum }'; }
