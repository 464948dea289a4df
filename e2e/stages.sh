# shellcheck shell=bash
# Stages of ./demo and ./verify: each says what runs and how long that usually takes, and keeps its output in a file. Sourced, never run.

# stage NAME USUALLY WHAT COMMAND...: the command's output goes to $LOGS/NAME.log; when it fails its end is shown.
stage() {
  local name=$1 usually=$2 what=$3 started=$SECONDS code=0
  shift 3
  printf '%s  %-10s %s (usually %s)\n' "$(date +%T)" "$name" "$what" "$usually"
  "$@" >"$LOGS/$name.log" 2>&1 || code=$?
  if ((code)); then
    printf '%s  %-10s FAILED after %d s; the end of %s:\n' "$(date +%T)" "$name" $((SECONDS - started)) "$LOGS/$name.log"
    tail -n 40 "$LOGS/$name.log" | cut -c1-300 | sed 's/^/    /'
  fi
  return "$code"
}

# urgently COMMAND...: a larger share of the processors for this session, meanwhile: who watches must see things when they happen.
urgently() {
  local code=0
  share -10
  "$@" || code=$?
  calm_down
  return "$code"
}
# Also for whoever ends before its time: the session may be a terminal that lives on.
calm_down() { share "$SHARE"; }
# Where the machine shares by session, and we may say how.
share() { { echo "$1" >/proc/self/autogroup; } 2>/dev/null || true; }
SHARE=$(sed 's/.*nice //' /proc/self/autogroup 2>/dev/null || true)

# A JDK 25 in JAVA_HOME, or a message that says what to install.
find_java() {
  JAVA_HOME=$(java_home) || die "Java 25 is needed: install a JDK 25 (adoptium.net, or your distribution's openjdk-25-jdk) and set JAVA_HOME"
  export JAVA_HOME
}
find_maven() {
  command -v mvn >/dev/null || die "Maven 3.8.7 or newer is needed: apt-get install maven"
}

# take_stamp [PATH...]: sets COMMIT and CHANGED: what is run, and whether it has changes that are in no commit. The package, measured figures
# and the paths, which the run writes itself, are left out. Where Git cannot say, it is changed.
take_stamp() {
  local path changes apart=(':!READINESS_PACKAGE' ':!bench/results' ':!docs/performance.md')
  for path; do [[ $path != "$ROOT"/* ]] || apart+=(":(exclude,literal)${path#"$ROOT"/}"); done
  COMMIT=$(git -C "$ROOT" rev-parse HEAD 2>/dev/null) || COMMIT=''
  changes=$(git -C "$ROOT" status --porcelain --untracked-files=normal -- . "${apart[@]}" 2>/dev/null) || changes=unknown
  CHANGED=true
  [[ -z $COMMIT || -n $changes ]] || CHANGED=false
}

# confirm_stamp [PATH...]: takes it again at the end. What was run is the commit of the beginning, changed if it is not the same any more.
confirm_stamp() {
  local commit=$COMMIT changed=$CHANGED
  take_stamp "$@"
  [[ $COMMIT == "$commit" && $CHANGED == "$changed" ]] || CHANGED=true
  COMMIT=$commit
}
