#!/bin/sh
# Measures: the ring against other ways between processes, recording from simulated and emulated units, the loop's time in a library's
# callback, what is computed on recordings, soaks with disturbances. See docs/benchmarks.md.
# $1: a folder with bench_matrix.py, seed_streaming.py and scipy_baseline.py, which run other recorders and SciPy beside this; empty: none.
# ROUNDS, MINUTES (of the soak), SAMPLES (of a stream that is computed on) and OUT (a folder on the disk that is meant) may be set.
set -eu
cd "$(dirname "$0")/.."
baseline=${1:-}
go=${GO:-go}
minutes=${MINUTES:-1}
out=${OUT:-$PWD/build/bench/out}
mkdir -p build/bench "$out"
for p in ring record blocks analysis soak; do
	$go build -o "build/bench/$p" "./internal/bench/$p"
done
# A short soak keeps less on the disk, so that segments are dropped in it too.
keep=$(awk "BEGIN { print ($minutes >= 5) ? 8 : 2 }")

build/bench/ring -rounds "${ROUNDS:-5}"
echo
build/bench/record -rounds "${ROUNDS:-3}" -seconds 4 -out "$out"
echo
build/bench/record -families -rounds "${ROUNDS:-3}" -seconds 8 -out "$out" ${baseline:+-rival "$baseline/seed_streaming.py"}
echo
build/bench/blocks -rounds "${ROUNDS:-3}" -out "$out"
echo
build/bench/analysis -rounds "${ROUNDS:-3}" -samples "${SAMPLES:-100000000}" -out "$out" ${baseline:+-baseline "$baseline"}
echo
$go test -run '^$' -bench '^BenchmarkDelivery$' -benchtime 20000x ./picosdk/overview
echo
build/bench/soak -minutes "$minutes" -keep "$keep" -out "$out"
echo
build/bench/soak -emulated -minutes "$minutes" -keep "$keep" -out "$out"
echo
# An accelerated day and many plugins (docs/long-runs.md), in full length with the soaks.
short=$(awk "BEGIN { print ($minutes >= 10) ? \"\" : \"-short\" }")
build/bench/soak $short -out "$out" -kind day
build/bench/soak $short -out "$out" -kind many
[ -n "$baseline" ] || exit 0
echo
python=python3
[ -x /usr/bin/python3 ] && python=/usr/bin/python3
"$python" "$baseline/bench_matrix.py" --reps "${ROUNDS:-3}" --out "$out" --build "$PWD/build/bench/yardsticks" \
	--impl "scopelog=$PWD/build/bench/record -bin $PWD/bin --channels {channels} --rate {rate} --seconds {seconds} --samples {samples} --out {out}"
