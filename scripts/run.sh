#!/bin/sh
# Records a few seconds of the example rig, verifies it, and says where it is and what to try next. The rig's scopes are
# emulated; without a C compiler there is no emulation, and a rig of simulated devices is recorded instead. Arguments are
# flags for "logger run".
set -eu
cd "$(dirname "$0")/.."
if [ -e bin/emulator/libps5000a.so.2 ]; then
	plan=configs/rig.hcl
	proof=bench.A,bench.B,cell,fast,slow.A
	look='--stream bench.[CD] --stream slow.B'
	SCOPELOG_RIG=$PWD/build/rig
	export SCOPELOG_RIG
	mkdir -p "$SCOPELOG_RIG"
	chmod 700 "$SCOPELOG_RIG"
	cp configs/rig.conf "$SCOPELOG_RIG/rig.conf"
	with="SCOPELOG_RIG=build/rig "
else
	echo "no C compiler: the PicoScope plugins have no binding here; recording simulated devices only"
	plan=configs/sim-rig.hcl
	proof=fast,mixed.A,mixed.D0-7,slow.A,slow.B
	look='--stream mixed.B --stream slow.C'
	with=
fi
echo "== recording $plan"
bin/logger run "$@" "$plan"
run=$(ls -td recordings/*rig-*/ | head -1)
run=${run%/}
echo
echo "== verifying $run"
bin/logger verify --proof=$proof "$run"
echo
echo "== drawing $run"
picture=$run.png
set -f # patterns of streams are for the program
# shellcheck disable=SC2086 # several words
bin/logger plot "$run" --to "$picture" --force $look
cat <<EOF

The recording is in $run, its picture in $picture
Try next:
  bin/logger inspect $run
  bin/logger analyze $run stats
  ${with}bin/logger plan $plan
  bin/logger run --device sim --channel A:5V --rate 1MS/s --for 10s
  bin/logger doctor
  bin/logger --help
EOF
