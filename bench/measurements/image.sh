# shellcheck shell=bash disable=SC2034,SC2154,SC2317,SC2004,SC2153
# The size of the sidecar's image. Its layers are compressed in the archive already. Sourced by bench/run.
measure_image() {
  "$E2E/cluster/images" --build-only >>"$LOGS/image.log" 2>&1 || die "the image was not built, see $LOGS/image.log"
  REPLY=$(jq -nc --argjson bytes "$(stat -c %s "$ROOT/target/images/limiter-sidecar.tar")" '{mb: ($bytes / 100000 | round / 10)}')
  keep image "$REPLY"
  told "$(jq -r '"\(.mb) MB"' <<<"$REPLY")"
}
