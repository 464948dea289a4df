#!/bin/sh
# The smoke suite of the demo: 13 tests of the service as callers meet it, WAF and limiter included. Needs curl and, in the environment,
# BASE_URL (without a slash at its end), STUDENT_TOKEN, PROVIDER_TOKEN and ADMIN_TOKEN; BURST (60) is how many requests are sent at once, and
# STEADY (20) how many one after the other. Prints a line per test, never a token; ends with 1 if any failed, and with 2 if something is missing.
set -u

BURST=${BURST:-60}
STEADY=${STEADY:-20}
for name in BASE_URL STUDENT_TOKEN PROVIDER_TOKEN ADMIN_TOKEN; do
  eval "value=\${$name:-}"
  if [ -z "$value" ]; then
    echo "$name is not set; give it in the environment" >&2
    exit 2
  fi
done
base=${BASE_URL%/}
failed=0

# Tokens come by a file: arguments can be read by others.
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
for role in student provider admin; do
  eval "token=\$$(echo "$role" | tr a-z A-Z)_TOKEN"
  printf 'header = "Authorization: Bearer %s"\n' "$token" > "$folder/$role"
done
printf 'header = "Authorization: Bearer eyJhbGciOiJub25lIn0.e30."\n' > "$folder/forged"
: > "$folder/nobody"

# status WHO PATH [curl's options]: the status code, 000 without an answer.
status() {
  who=$1 path=$2
  shift 2
  curl -s -o "$folder/body" -w '%{http_code}' --max-time 30 --path-as-is -K "$folder/$who" "$@" "$base$path"
}

# check WHAT WANTED GOT
check() {
  if [ "$2" = "$3" ]; then
    echo "ok      $1"
  else
    echo "FAILED  $1: $3, not $2"
    failed=$((failed + 1))
  fi
}

check 'health is public' 200 "$(status nobody /healthz)"
check 'the front page is public' 200 "$(status nobody /)"
check 'the API refuses who brings no token' 401 "$(status nobody /api/me)"
check 'the API refuses a forged token' 401 "$(status forged /api/me)"
check 'a student reads the courses' 200 "$(status student /api/courses)"
check 'a student may not publish' 403 "$(status student /api/courses -H 'Content-Type: application/json' -d '{"title":"smoke"}')"
check 'a provider is known as one' 200 "$(status provider /api/me)"
check 'only an admin sees who there is' '200 403' "$(status admin /api/admin/users) $(status provider /api/admin/users)"
check 'the WAF blocks traversal' 403 "$(status student '/api/courses?file=../../../../etc/passwd')"
check 'the WAF blocks SQL injection' 403 "$(status student '/api/courses?id=1%27%20OR%20%271%27=%271%27--%20')"
check 'the WAF blocks scripts' 403 "$(status student '/api/courses?q=%3Cscript%3Ealert(1)%3C/script%3E')"

# answered FILE: how many of the codes are 200 or 429.
answered() {
  grep -cE '^(200|429)$' "$1"
}

i=0
while [ "$i" -lt "$BURST" ]; do
  printf 'url = "%s/api/me"\noutput = "/dev/null"\n' "$base"
  i=$((i + 1))
done > "$folder/burst"
curl -s --no-progress-meter --parallel --parallel-max "$BURST" --max-time 60 -K "$folder/student" -K "$folder/burst" -w '%{http_code}\n' > "$folder/codes"
check "a burst of $BURST is answered, or told to wait" "$BURST" "$(answered "$folder/codes")"

i=0
: > "$folder/codes"
while [ "$i" -lt "$STEADY" ]; do
  { status student /api/courses; echo; } >> "$folder/codes"
  sleep 0.2
  i=$((i + 1))
done
check "$STEADY requests one after the other are answered, or told to wait" "$STEADY" "$(answered "$folder/codes")"

echo "$((13 - failed)) of 13 passed"
[ "$failed" = 0 ]
