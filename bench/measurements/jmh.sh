# shellcheck shell=bash
measure_jmh() { die "todo"; }
