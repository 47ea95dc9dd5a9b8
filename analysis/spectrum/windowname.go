package spectrum

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// names holds the names of the shapes, in the order of the constants. The first is the one that String gives.
var names = [...][]string{
	Hann:           {"hann", "hanning"},
	Boxcar:         {"boxcar", "box", "rect", "rectangular", "none"},
	Hamming:        {"hamming"},
	Blackman:       {"blackman"},
	BlackmanHarris: {"blackmanharris", "blackman-harris"},
	Nuttall:        {"nuttall"},
	FlatTop:        {"flattop", "flat-top"},
	Bartlett:       {"bartlett"},
	Kaiser:         {"kaiser"},
	Tukey:          {"tukey"},
	Gaussian:       {"gaussian", "gauss"},
}

// params says what the parameter of a shape is, with an example; shapes without one are not in it.
var params = map[Shape]struct{ what, example string }{
	Kaiser:   {"beta", "kaiser(14)"},
	Tukey:    {"alpha, the tapered part from 0 to 1", "tukey(0.25)"},
	Gaussian: {"the standard deviation in samples", "gaussian(100)"},
}

// WindowNames returns how windows are written, for help texts: "hann", "kaiser(14)".
func WindowNames() []string {
	all := make([]string, 0, len(names))
	for s, n := range names {
		if p, ok := params[Shape(s)]; ok {
			all = append(all, p.example)
		} else {
			all = append(all, n[0])
		}
	}
	return all
}

// ParseWindow reads a window as people write it: "hann", "blackman-harris", "kaiser(14)" or "kaiser:14". Capitals do not matter. The error
// says what would be right.
func ParseWindow(s string) (Window, error) {
	name, param, has := strings.Cut(strings.ToLower(strings.TrimSpace(s)), "(")
	if has {
		param, has = strings.CutSuffix(param, ")")
		if !has {
			return Window{}, fmt.Errorf("window %q: the bracket is not closed", s)
		}
	} else {
		name, param, has = strings.Cut(name, ":")
	}
	name = strings.TrimSpace(name)
	shape := slices.IndexFunc(names[:], func(n []string) bool { return slices.Contains(n, name) })
	if shape < 0 {
		return Window{}, unknownWindow(s, name)
	}
	w := Window{Shape: Shape(shape)}
	p, needs := params[w.Shape]
	switch {
	case needs && !has:
		return Window{}, fmt.Errorf("window %q needs a number, %s: write for example %s", s, p.what, p.example)
	case !needs && has:
		return Window{}, fmt.Errorf("window %q: %s takes no number, write %s", s, names[shape][0], names[shape][0])
	case has:
		v, err := strconv.ParseFloat(strings.TrimSpace(param), 64)
		if err != nil {
			return Window{}, fmt.Errorf("window %q: %q is not a number; write for example %s", s, param, p.example)
		}
		w.Param = v
	}
	if err := w.Check(); err != nil {
		return Window{}, fmt.Errorf("window %q: %w", s, err)
	}
	return w, nil
}

// Check returns an error for a window that does not exist: an unknown shape, or a parameter out of its range.
func (w Window) Check() error {
	switch {
	case w.Shape < 0 || int(w.Shape) >= len(names):
		return fmt.Errorf("there is no window shape %d", int(w.Shape))
	case math.IsNaN(w.Param) || math.IsInf(w.Param, 0):
		return fmt.Errorf("the parameter of a %s window is a finite number, not %v", names[w.Shape][0], w.Param)
	case w.Shape == Kaiser && w.Param < 0:
		return fmt.Errorf("beta of a kaiser window is 0 or more, not %v", w.Param)
	case w.Shape == Tukey && (w.Param < 0 || w.Param > 1):
		return fmt.Errorf("alpha of a tukey window is 0 to 1, not %v", w.Param)
	case w.Shape == Gaussian && w.Param <= 0:
		return errors.New("the standard deviation of a gaussian window is more than 0 samples")
	}
	return nil
}

// String returns the window as ParseWindow reads it.
func (w Window) String() string {
	if w.Shape < 0 || int(w.Shape) >= len(names) {
		return fmt.Sprintf("window(%d)", int(w.Shape))
	}
	if _, ok := params[w.Shape]; ok {
		return names[w.Shape][0] + "(" + strconv.FormatFloat(w.Param, 'g', -1, 64) + ")"
	}
	return names[w.Shape][0]
}

func unknownWindow(s, name string) error {
	best, least := "", 3 // more than two slips are another word
	for _, ns := range names {
		for _, n := range ns {
			if d := slips(name, n); d < least {
				best, least = n, d
			}
		}
	}
	hint := ""
	if best != "" {
		hint = fmt.Sprintf(", did you mean %s?", best)
	}
	return fmt.Errorf("there is no window %q%s (windows: %s)", s, hint, strings.Join(WindowNames(), ", "))
}

// slips counts the letters to insert, remove or change to make b of a: their Levenshtein distance.
func slips(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := corner
			if a[i] != b[j] {
				change++
			}
			corner = row[j+1]
			row[j+1] = min(change, corner+1, row[j]+1)
		}
	}
	return row[len(b)]
}
