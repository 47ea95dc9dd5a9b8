#!/bin/bash
# pypicosdk-examples.sh LIBDIR PYPICOSDK_DIR [pattern]
#
# Runs the examples of a checkout of pyPicoSDK (the vendor's second Python wrapper) unmodified and headless against the emulated
# libraries in LIBDIR, the generator looped back into channel A, on a rig of its own. Nothing of the checkout is kept.
# Prints PASS, FAIL or SKIP with the reason for each example, then N/M; exits 1 on a FAIL.
# PASS is: exit status 0; a plotted line, or a line drawn in the live window, or a file of samples that is not constant, if the
# example makes any of these; and no text of an error. Examples that run until Ctrl-C get one after STREAM seconds.
#   PYTHON  the interpreter (numpy, matplotlib)   /usr/bin/python3
#   LIMIT   seconds for one example                                  90
#   STREAM  seconds before Ctrl-C                                    3
#   KNOWN_BROKEN  examples to skip, vendor's own faults: one drops the buffer that the driver still fills, one asks for a
#           pulse that its own comment says never comes, one mixes two ways of registering buffers
#   OUT     keep each example's output here (name.log)               a temporary folder
set -u
[ $# -ge 2 ] || { sed -n '2p' "$0" >&2; exit 2; }
lib=$(cd "$1" && pwd) && wrap=$(cd "$2" && pwd) || exit 2
broken=${KNOWN_BROKEN-"digital_trigger_block pulse_width_trigger streaming/basic_streaming_raw_pyqtgraph"}
pattern=${3:-.} py=${PYTHON:-/usr/bin/python3} limit=${LIMIT:-90} stream=${STREAM:-3}
[ -d "$wrap/examples" ] && [ -d "$wrap/pypicosdk" ] || { echo "$wrap is no checkout of pyPicoSDK" >&2; exit 2; }
"$py" -W ignore -c 'import numpy, matplotlib.pyplot' || { echo "$py lacks numpy or matplotlib" >&2; exit 2; }
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
out=${OUT:-$tmp/out}
mkdir -p "$out" "$tmp/site/pyqtgraph" "$tmp/rig"
out=$(cd "$out" && pwd)

for family in 5444DMSO 6824E; do
  echo "[unit PY/${family:0:4}]"
  echo "model = $family"
  echo "channel A = loopback"
  for channel in B C D; do echo "channel $channel = sine frequency=1.7kHz amplitude=600mV"; done
  echo "port 0 = counter frequency=1kHz"
  [ "$family" = 6824E ] && echo "aux = loopback"
done > "$tmp/rig/rig.conf"

# A window that nobody sees: timers fire while exec() waits, and what is drawn is counted.
cat > "$tmp/site/pyqtgraph/__init__.py" <<'PY'
import os, time
import numpy

class Anything:
    def __init__(self, *args, **kw):
        pass

    def __call__(self, *args, **kw):
        return Anything()

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return Anything()

    def setData(self, *args, **kw):
        y = numpy.asarray(args[-1], float)
        drawn[0] += 1
        drawn[1] += len(y) > 1 and bool(numpy.nanmax(y) > numpy.nanmin(y))

drawn = [0, 0]
timers = []

def exec(*args):
    end = time.monotonic() + float(os.environ["STREAM"])
    while time.monotonic() < end:
        time.sleep(0.03)
        for t in timers:
            t()

def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return Anything()
PY
cat > "$tmp/site/pyqtgraph/Qt.py" <<'PY'
from pyqtgraph import Anything, timers

class QTimer(Anything):
    class timeout:
        connect = staticmethod(timers.append)

    timeout = timeout()

class QtCore:
    QTimer = QTimer
    def __getattr__(self, name):
        return Anything()

QtWidgets = QtGui = Anything()
PY
cat > "$tmp/site/sitecustomize.py" <<'PY'
import atexit, builtins, os, sys, typing
if not hasattr(typing, "override"):  # Python before 3.12
    typing.override = lambda f: f
if "SEEN" in os.environ:
    builtins.input = lambda *args: ""
    import numpy
    from matplotlib.axes import Axes
    import pypicosdk
    pypicosdk.override_directory(os.environ["LIBDIR"])
    seen = [0, 0]

    def counting(name):
        draw = getattr(Axes, name)
        def counted(self, *args, **kw):
            for a in args[:2] if name == "plot" else args[:1]:
                y = numpy.asarray(a) if not isinstance(a, str) else numpy.zeros(0)
                if y.ndim and y.dtype.kind in "fiu" and (name != "plot" or a is args[min(1, len(args) - 1)]):
                    seen[0] += 1
                    seen[1] += y.size > 1 and bool(numpy.nanmax(y) > numpy.nanmin(y))
            return draw(self, *args, **kw)
        setattr(Axes, name, counted)

    counting("plot")
    counting("hist")

    def report():
        if "pyqtgraph" in sys.modules:
            drawn = sys.modules["pyqtgraph"].drawn
            seen[0] += drawn[0]
            seen[1] += drawn[1]
        with open(os.environ["SEEN"], "w") as f:
            f.write("%d %d\n" % tuple(seen))

    atexit.register(report)
PY
export MPLBACKEND=Agg MPLCONFIGDIR=$tmp/mpl PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONFAULTHANDLER=1
export PYTHONPATH=$tmp/site:$wrap LIBDIR=$lib SCOPELOG_RIG=$tmp/rig STREAM=$stream

# Samples that an example wrote: the size of the largest file, and whether its bytes differ.
files_moving() {
  local f
  for f in $(find "$1" -type f -size +1k 2> /dev/null); do
    [ "$(head -c 4194304 "$f" | od -An -v -tu1 -w1 | sort -u | head -n 3 | wc -l)" -gt 1 ] || return 1
  done
}

pass=0 all=0
while read -r f; do
  name=${f#"$wrap/examples/"}
  name=${name%.py}
  grep -qE "$pattern" <<< "$name" || continue
  case " $broken " in *" $name "*) echo "SKIP $name: known to be broken"; continue ;; esac
  if ! grep -qE 'psdk\.|pypicosdk' "$f"; then echo "SKIP $name: opens no unit"; continue; fi
  if grep -qE '^[^#]*psospa\(' "$f"; then echo "SKIP $name: for a psospa unit, which is not emulated"; continue; fi
  if grep -q get_all_enumerated_units "$f"; then echo "SKIP $name: loads libpsospa, which is not emulated"; continue; fi
  if ! grep -qE '(ps6000a|ps5000a)\(' "$f"; then echo "SKIP $name: opens no unit"; continue; fi
  all=$((all + 1))
  log=$out/${name//\//_}.log
  rm -rf "$tmp/cwd" "$tmp/seen"
  mkdir "$tmp/cwd"
  ends=(timeout -k 5 "$limit")
  endless=0
  grep -qE '^ *while True:' "$f" && ! grep -qE 'KeyboardInterrupt|pg.exec' "$f" && endless=1
  { [ $endless -eq 1 ] || { grep -q 'KeyboardInterrupt' "$f" && ! grep -q 'pg.exec' "$f"; }; } && ends=(timeout --foreground --preserve-status -s INT -k "$limit" "$stream")
  (cd "$tmp/cwd" && export SEEN="$tmp/seen" PYTHONPATH="$PYTHONPATH:$(dirname "$f")" && exec "${ends[@]}" "$py" -W ignore "$f") > "$log" 2>&1 < /dev/null
  rc=$?
  last=$(grep -v '^[[:space:]]*$' "$log" | tail -n 1 | cut -c 1-160)
  drawn=0 moving=0
  [ -f "$tmp/seen" ] && read -r drawn moving < "$tmp/seen"
  if [ $endless -eq 1 ] && [ $rc -eq 130 ] && [ "$last" = KeyboardInterrupt ]; then
    rc=0 # it has no other end; what it printed before counts
    sed -i '/^Traceback/,$d' "$log"
    last=$(tail -n 1 "$log" | cut -c 1-160)
    [ -n "$last" ] || rc=130
  fi
  if [ $rc -ne 0 ]; then
    echo "FAIL $name: (exit status $rc) $last"
  elif [ "$drawn" -gt 0 ] && [ "$moving" -eq 0 ]; then
    echo "FAIL $name: (all $drawn lines are constant) $last"
  elif ! files_moving "$tmp/cwd"; then
    echo "FAIL $name: (a file of samples is constant) $last"
  elif grep -qiE '^Traceback|error from|acquisition error|PicoSDKException' "$log"; then
    echo "FAIL $name: $(grep -iE '^Traceback|error from|acquisition error|PicoSDKException' "$log" | head -n 1 | cut -c 1-160)"
  else
    pass=$((pass + 1))
    echo "PASS $name: $last"
  fi
done < <(find "$wrap/examples" -name '*.py' | sort)
echo "$pass/$all pass"
[ $pass -eq $all ] && [ $all -gt 0 ]
