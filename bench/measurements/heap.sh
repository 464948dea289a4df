# shellcheck shell=bash
measure_heap() { die "todo"; }
