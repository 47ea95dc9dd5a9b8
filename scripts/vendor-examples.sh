#!/bin/sh
# vendor-examples.sh WRAPPERS [LIBRARIES [PATTERN]]
#
# Runs the vendor's own Python examples, unmodified and without a display, against the emulated libraries. WRAPPERS is a
# checkout of the vendor's picosdk-python-wrappers (github.com/picotech): nothing of it is here, nothing is written to
# it. LIBRARIES: bin/emulator by default. PATTERN: grep -E on the names of examples.
#
# An example passes when it ends with status 0 within its time and, where it plots, draws a line that is not constant:
# most of them would "work" with libraries that do nothing. Prints a line per example and the count; fails unless all pass.
# Three are broken as published and are not run; the reasons are below, and SKIP= runs them all the same.
#
#   PYTHON    the interpreter; default: the first of python3, /usr/bin/python3 that has numpy and matplotlib
#   FAMILIES  default: ps2000a ps5000a ps6000a
#   LIMIT     seconds per example; default 60, and 180 for the one that reads half a minute of data
#   NAP       the longest sleep that an example gets, in seconds; default 0.2 (two of them sleep for minutes)
#   LOGS      a folder that keeps the output of each example
#   SKIP      examples to leave out; default: those that are broken as published
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
if [ $# -lt 1 ] || [ ! -d "$1/picosdk" ]; then
	echo "usage: $0 WRAPPERS [LIBRARIES [PATTERN]]: WRAPPERS is a checkout of picosdk-python-wrappers" >&2
	exit 2
fi
wrappers=$(cd "$1" && pwd)
libraries=$(cd "${2:-$here/bin/emulator}" && pwd)
pattern=${3:-.}
skip=${SKIP-ps2000aBlockAdvancedEdgeExample ps2000aMSOBlockExample ps6000aBlockMSOExample}

reason() {
	case $1 in
	ps2000aBlockAdvancedEdgeExample) echo "uses names that it does not define" ;;
	ps2000aMSOBlockExample | ps6000aBlockMSOExample) echo "is no valid Python 3" ;;
	*) echo "asked for" ;;
	esac
}

python=
for p in ${PYTHON:-python3 /usr/bin/python3}; do
	if "$p" -W ignore -c 'import numpy, matplotlib' >/dev/null 2>&1; then
		python=$p
		break
	fi
done
if [ -z "$python" ]; then
	echo "vendor-examples: no Python with numpy and matplotlib (Debian: python3-numpy python3-matplotlib)" >&2
	exit 2
fi
for tool in ld objdump timeout; do # ctypes.util.find_library asks ld for the file and objdump for its SONAME
	command -v "$tool" >/dev/null || { echo "vendor-examples: $tool is needed" >&2; exit 2; }
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
logs=${LOGS:-$work/logs}
mkdir -p "$logs" "$work/before" "$work/empty"
logs=$(cd "$logs" && pwd)

# Python runs this before each example: it shortens sleeps, and at the end writes how many lines were drawn and moved.
cat >"$work/before/sitecustomize.py" <<'PY'
import atexit
import os
import time

nap = float(os.environ["EXAMPLE_NAP"])
really_sleep = time.sleep
time.sleep = lambda seconds: really_sleep(min(seconds, nap))

lines = []


def watch():
    import numpy
    from matplotlib.axes import Axes

    draw = Axes.plot

    def plot(self, *args, **kwargs):
        drawn = draw(self, *args, **kwargs)
        for line in drawn:
            y = numpy.asarray(line.get_ydata(), dtype=float)
            lines.append(y.size > 1 and numpy.nanmax(y) > numpy.nanmin(y))
        return drawn

    Axes.plot = plot


def tell():
    with open(os.environ["EXAMPLE_LINES"], "w") as f:
        print(len(lines), sum(lines), file=f)


if "EXAMPLE_LINES" in os.environ:
    watch()
    atexit.register(tell)
PY

export PYTHONPATH="$work/before:$wrappers" PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PYTHONFAULTHANDLER=1
export MPLBACKEND=Agg MPLCONFIGDIR="$work/matplotlib" EXAMPLE_NAP="${NAP:-0.2}"
export LD_LIBRARY_PATH="$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
if [ -z "${SCOPELOG_RIG:-}" ]; then # the default rig, and nobody else's
	mkdir -m 700 "$work/rig"
	export SCOPELOG_RIG="$work/rig"
fi

good=0 all=0
for family in ${FAMILIES:-ps2000a ps5000a ps6000a}; do
	for example in "$wrappers/${family}Examples"/*.py; do
		[ -f "$example" ] || continue
		name=$(basename "$example" .py)
		echo "$name" | grep -qE "$pattern" || continue
		case " $skip " in *" $name "*)
			echo "SKIP $name: $(reason "$name")"
			continue
			;;
		esac
		limit=${LIMIT:-60}
		[ -z "${LIMIT:-}" ] && [ "$name" = ps6000aStreamingModeExample ] && limit=180
		all=$((all + 1))
		rm -f "$work/lines"
		status=0
		(cd "$work/empty" && EXAMPLE_LINES="$work/lines" exec timeout -k 5 "$limit" "$python" -W ignore "$example") \
			>"$logs/$name.log" 2>&1 </dev/null || status=$?
		last=$(grep -v '^[[:space:]]*$' "$logs/$name.log" | tail -n 1 | cut -c 1-150) || true
		drawn=0 moved=0
		[ -f "$work/lines" ] && read -r drawn moved <"$work/lines"
		case $status in
		0) verdict= ;;
		124 | 137) verdict="no end within $limit s" ;;
		*) [ "$status" -gt 128 ] && verdict="killed by signal $((status - 128))" || verdict="status $status" ;;
		esac
		[ -z "$verdict" ] && [ "$drawn" -gt 0 ] && [ "$moved" -eq 0 ] && verdict="all $drawn lines are constant"
		if [ -z "$verdict" ]; then
			good=$((good + 1))
			echo "PASS $name: $moved of $drawn drawn lines move"
		else
			echo "FAIL $name: $verdict: $last"
		fi
	done
done
echo "$good of $all pass"
[ "$good" -eq "$all" ] && [ "$all" -gt 0 ]
