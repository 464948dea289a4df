# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# One candidate under load, and where the figures go. Sourced, never run.

# start_candidates NAME...: starts what is not running yet, and sees that it limits.
start_candidates() {
  local name
  for name in "$@"; do
    [[ -z ${PORT[$name]:-} ]] || continue
    "start_$name"
    check_limits "$name"
  done
}

# retire NAME: ends it and what belongs to it; it starts anew when it is needed again.
retire() {
  end "$1"
  ! is_sluice "$1" || end "$1-log"
  [[ $1 != envoy-redis ]] || end ratelimit
  unset "PORT[$1]" "WARM[$1]"
}

# check_limits NAME: one user at twenty times its limit must be held back, another one not; else there is nothing to compare.
check_limits() {
  local name=$1 file=$WORK/check user=check-$RANDOM$RANDOM seen admitted throttled other most
  printf 'GET http://127.0.0.1:%d/api/scholarships/4711\nX-User-Id: %s\n\n' "${PORT[$name]}" "$user" >"$file"
  attack "$file" $((LIMIT * 20)) 0.3 "$file.bin"
  await_load
  seen=$(summary "$file.bin")
  # A bucket lets a burst pass and what refills until the last answer, a window that has just ended twice the limit.
  read -r admitted throttled other most < <(jq -r --argjson limit "$LIMIT" '(.codes["200"] // 0) as $admitted | (.codes["429"] // 0) as $throttled
    | [$admitted, $throttled, .requests - $admitted - $throttled, $limit * (2 + .seconds + .max_us / 1000000) | ceil] | @tsv' <<<"$seen")
  ((other == 0)) || die "$name answered other than 200 and 429: $seen $(tail -n 2 "$WORK/log/$name.log")"
  if [[ $name != direct ]]; then
    ((throttled > 0 && admitted >= LIMIT && admitted <= most)) || die "$name does not limit: a user over its limit of $LIMIT/s got $seen"
    [[ $(curl -s -o "$WORK/answer" -w '%{http_code}' --max-time 5 -H "X-User-Id: $user-other" "http://127.0.0.1:${PORT[$name]}/api") == 200 ]] ||
      die "$name throttles users that are within their limits"
  fi
  told "$(printf '%-26s of %d requests at once by one user, %d passed' "${ABOUT[$name]}" $((admitted + throttled)) "$admitted")"
}

# warm NAME RATE: load that is not measured, once.
declare -A WARM=()
warm() {
  [[ -z ${WARM[$1]:-} ]] || return 0
  WARM[$1]=yes
  targets "$WORK/targets" "${PORT[$1]}"
  attack "$WORK/targets" "$2" "$warmup" "$WORK/warm.bin"
  await_load
}

# run_load NAME RATE SECONDS SKIP: puts one measurement as JSON into REPLY; the first SKIP seconds of load are left out.
run_load() {
  local name=$1 load_rate=$2 duration=$3 skip=$4 from cpu redis=0 upstream seen lines=null
  local -a parts
  read -ra parts <<<"${PARTS[$name]}"
  targets "$WORK/targets" "${PORT[$name]}"
  ! is_sluice "$name" || : >"$WORK/$name.requests"
  attack "$WORK/targets" "$load_rate" $((duration + skip)) "$WORK/load.bin"
  pause "$skip"
  from=$(micros) cpu=$(cpu_micros "${parts[@]}") upstream=$(cpu_micros upstream)
  ! uses_redis "$name" || redis=$(cpu_micros redis)
  await_load
  cpu=$(($(cpu_micros "${parts[@]}") - cpu)) upstream=$(($(cpu_micros upstream) - upstream))
  ! uses_redis "$name" || redis=$(($(cpu_micros redis) - redis))
  seen=$(summary "$WORK/load.bin" "$from")
  if is_sluice "$name"; then
    see_log "$name"
    lines=$REPLY
  fi
  REPLY=$(jq -c --arg candidate "$name" --argjson rate "$load_rate" --argjson cpu "$cpu" --argjson redis "$redis" --argjson upstream "$upstream" \
    --argjson rss "$(rss_kib "${parts[@]}")" --argjson lines "$lines" '
      def tenth: . * 10 | round / 10;
      {candidate: $candidate, rate: $rate} + . + {failed: (.requests - (.codes["200"] // 0)),
        throughput: (if .seconds > 0 then .requests / .seconds | round else null end),
        cpu_us: (($cpu + $redis) / .requests | tenth), proxy_cpu_us: ($cpu / .requests | tenth), redis_cpu_us: ($redis / .requests | tenth),
        upstream_cpu_us: ($upstream / .requests | tenth), rss_mib: ($rss / 1024 | tenth), log_lines: $lines}' <<<"$seen")
}

# see_log NAME: the number of lines of the load that was just run; fewer than requests means that it was measured without its log.
see_log() {
  local name=$1 sent dropped
  sent=$("$TOOLS/vegeta" encode --to csv "$WORK/load.bin" | wc -l)
  dropped=$(log_dropped "$name")
  written() { (($(log_lines "$name") + dropped >= sent)); }
  wait_for 10 "the request log of $name" written || die "$name wrote $(log_lines "$name") lines for $sent requests, $dropped dropped"
  REPLY=$(log_lines "$name")
}

# Rounds over candidates in turn, so that what else happens on the machine meets all of them: rounds RATE NAME..., all runs as JSON in REPLY.
rounds_of() {
  local load_rate=$1 round name runs=()
  shift
  for ((round = 1; round <= rounds; round++)); do
    for name in "$@"; do
      run_load "$name" "$load_rate" "$seconds" 2
      runs+=("$(jq -c --argjson round "$round" '. + {round: $round}' <<<"$REPLY")")
      told "$(jq -r --arg about "${ABOUT[$name]}" '"\($about): round \(.round), p50 \(.p50_us) us, p90 \(.p90_us), p99 \(.p99_us), CPU \(.cpu_us) us/request, RSS \(.rss_mib) MiB\(if .failed > 0 then ", \(.failed) failed" else "" end)"' <<<"${runs[-1]}")"
    done
  done
  REPLY=$(printf '%s\n' "${runs[@]}" | jq -cs .)
}

# The medians of runs, and ours as a share of each peer's of the same kind.
medians() {
  jq -c '
    def median: map(select(. != null)) | sort | if length == 0 then null elif length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;
    def hundredth: . * 100 | round / 100;
    def over($a; $b): if $a == null or $b == null or $b == 0 then null else $a / $b | hundredth end;
    . as $runs
    | (reduce $runs[].candidate as $name ([]; if index($name) then . else . + [$name] end)) as $names
    | ($names | map(. as $name | [$runs[] | select(.candidate == $name)] as $own | {key: $name, value:
        ({rate: $own[0].rate, rounds: ($own | length), failed: ([$own[].failed] | add)}
         + ([("p50_us", "p90_us", "p99_us", "cpu_us", "proxy_cpu_us", "redis_cpu_us", "upstream_cpu_us", "rss_mib", "throughput") as $field
            | {($field): ([$own[][$field]] | median | if . == null then null else hundredth end)}] | add))}) | from_entries) as $medians
    | {medians: $medians, ratios: [("memory", "redis") as $kind | $medians["sluice-" + $kind] as $ours | select($ours)
        | $names[] | select(endswith("-" + $kind) and (startswith("sluice-") | not)) as $peer | $medians[$peer] as $theirs
        | {ours: ("sluice-" + $kind), peer: $peer, p50: over($ours.p50_us; $theirs.p50_us), p90: over($ours.p90_us; $theirs.p90_us),
           p99: over($ours.p99_us; $theirs.p99_us), cpu: over($ours.cpu_us; $theirs.cpu_us), rss: over($ours.rss_mib; $theirs.rss_mib)}],
       runs: $runs}' <<<"$1"
}

table() {
  jq -r --argjson about "$(about_json)" '
    (["", "p50 us", "p90 us", "p99 us", "CPU us/request", "RSS MiB"], (.medians | to_entries[] | [$about[.key], .value.p50_us, .value.p90_us, .value.p99_us, .value.cpu_us, .value.rss_mib]),
     [], (.ratios[] | ["\($about[.ours]) / \($about[.peer])", .p50, .p90, .p99, .cpu, .rss])) | map(. // "") | @tsv' <<<"$1" |
    awk -F'\t' '{ printf "%-46s", $1; for (i = 2; i <= NF; i++) printf "%15s", $i; print "" }'
}
about_json() {
  local name
  for name in "${CANDIDATES[@]}"; do printf '%s\t%s\n' "$name" "${ABOUT[$name]}"; done | jq -Rn '[inputs | split("\t") | {key: .[0], value: .[1]}] | from_entries'
}

# keep NAME JSON: a measurement into the result file, with when and of what.
keep() {
  local before='{}'
  [[ ! -s $result ]] || before=$(<"$result")
  jq --arg name "$1" --argjson value "$2" --argjson machine "$(machine)" --argjson options "$(options)" --arg commit "$(commit)" --arg sidecar "${SIDECAR:-}" --arg at "$(date -u +%FT%TZ)" '
    . + {machine: ((.machine.versions // {}) as $known | $machine | .versions = $known + .versions)} | .measurements[$name] = ({at: $at, commit: $commit, sidecar: $sidecar, options: $options} + $value)' <<<"$before" >"$result.part"
  mv "$result.part" "$result"
}
commit() {
  local at
  at=$(git -C "$ROOT" rev-parse --short=12 HEAD 2>/dev/null) || { echo unknown; return; }
  # Without what is measured here.
  [[ -z $(git -C "$ROOT" status --porcelain -- . ':!bench/results' ':!docs/performance.md' ':!READINESS_PACKAGE') ]] || at+=-dirty
  echo "$at"
}
options() {
  jq -nc --argjson rate "$rate" --argjson seconds "$seconds" --argjson rounds "$rounds" --argjson warmup "$warmup" --argjson users "$USERS" \
    --argjson connections "$CONNECTIONS" --argjson limit "$LIMIT" '$ARGS.named'
}
machine() {
  jq -nc --argjson cores "$(nproc)" --arg cpu "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)" --argjson memory_mib "$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)" \
    --arg kernel "$(uname -r)" --arg system "$(source /etc/os-release && echo "$PRETTY_NAME")" --argjson load_before "$load" --argjson versions "$(versions)" '$ARGS.named'
}
versions() {
  jq -nc --arg java "$("$JAVA_HOME/bin/java" -version 2>&1 | sed -n 's/.*version "\([^"]*\)".*/\1/p')" \
    --arg sluice "$(sed -n 's#^  <version>\(.*\)</version>#\1#p' "$ROOT/pom.xml")" --argjson peers "$(of_the_sidecar && peers || echo null)" '
    {$java} + ($peers // {}) + {$sluice}'
}
peers() {
  jq -nc --arg nginx "$(nginx -v 2>&1 | sed 's#.*nginx/##')" \
    --arg haproxy "$(haproxy -v | sed -n 's/^HAProxy version \([^ ]*\).*/\1/p')" --arg envoy "$("$TOOLS/envoy" --version | sed -n 's#.*version: [^/]*/\([^/]*\).*#\1#p')" \
    --arg ratelimit "$(<"$TOOLS/ratelimit.version")" --arg redis "$(redis-server --version | sed -n 's/.* v=\([^ ]*\).*/\1/p')" \
    --arg vegeta "$(<"$TOOLS/vegeta.version")" '$ARGS.named'
}
