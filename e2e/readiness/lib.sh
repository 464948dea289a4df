# shellcheck shell=bash
# What the scripts of e2e/readiness share. Sourced, never run.
# shellcheck source=e2e/cluster/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../cluster/lib.sh"
USERS=200

# Takes --out FILE from what take_name has left.
take_out() {
  [[ ${#ARGS[@]} == 2 && ${ARGS[0]} == --out ]] || die "use --out FILE, and nothing else; see --help"
  out=${ARGS[1]}
  mkdir -p "$(dirname "$out")"
}

# A token of each of the first accounts, a JSON object by their names. Whoever has it is that account: it goes into no evidence.
tokens() {
  load_targets "https://$NODE_IP:8443" "$USERS" 0 0 |
    jq -sc 'map(.header.Authorization[0] | ltrimstr("Bearer ") | {key: (split(".")[1] | gsub("-"; "+") | gsub("_"; "/") | @base64d | fromjson.sub), value: .}) | from_entries'
}
