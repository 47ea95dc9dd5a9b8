#!/bin/sh
# Records a few seconds of the example rig, verifies it, and says where it is and what to try next.
set -eu
cd "$(dirname "$0")/.."
plan=configs/rig.hcl
echo "== recording $plan"
bin/logger run "$plan"
run=$(ls -td recordings/rig-* | head -1)
echo
echo "== verifying $run"
bin/logger verify --proof "$run"
cat <<EOF

The recording is in $run
Try next:
  bin/logger inspect $run
  bin/logger plan $plan
  bin/logger run --device sim --channel A:5V --rate 1MS/s --for 10s
  bin/logger doctor
  bin/logger --help
EOF
