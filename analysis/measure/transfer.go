package measure

import (
	"fmt"
	"math"
	"math/cmplx"
)

const (
	// MaxBlock is the largest number of samples that [Transfer] takes as one.
	MaxBlock = 1 << 20
	// fewestCycles is what a block needs so that the window does not take a mean, or the mirrored frequency, for the signal.
	fewestCycles = 4
)

// Transfer compares two channels at one frequency by the ratio of their Fourier components. The signal is taken in blocks of whole
// cycles with a Hann window, without overlap, each less its weighted mean; H = sum conj(A) B / sum |A|^2 over the blocks, where
// A = sum w(n) a(n) exp(-2 pi i f n interval). One goroutine uses it; adding allocates nothing.
//
// Where both channels are noisy or not sinusoidal this is more exact than edges are. What is left at the end and before a gap, and
// blocks with NaN or Inf, are not used.
type Transfer struct {
	frequency  float64
	window     []float64
	cos, sin   []float64 // times the window
	sumWindow  float64
	toneWindow complex128 // what a mean of 1 would add

	n    int // samples in the block
	a, b component

	blocks  int64
	skipped int64
	cross   complex128
	aa, bb  float64
}

// component is the sum for one channel.
type component struct{ re, im, mean float64 }

// TransferResult is the comparison of two channels. The numbers are NaN when there was no block, or nothing in the first channel.
type TransferResult struct {
	Gain      float64 // |H|
	Phase     float64 // degrees in (-180, 180], positive where the second channel comes later, as [Delay] has it: -arg H
	Delay     float64 // s, Phase / (360 frequency)
	Coherence float64 // |sum conj(A) B|^2 / (sum |A|^2 sum |B|^2), from 0 to 1; 1 for one block
	Blocks    int64   // that were used
	Skipped   int64   // blocks with NaN or Inf
}

// NewTransfer compares at a frequency in Hz, with blocks of so many cycles, of samples that are interval seconds apart. Cycles are
// 4 or more; 0 means 16.
func NewTransfer(frequency, interval float64, cycles int) (*Transfer, error) {
	if err := checkInterval(interval); err != nil {
		return nil, err
	}
	if !(frequency > 0) || frequency*interval >= 0.5 {
		return nil, fmt.Errorf("a frequency of %v Hz; it must be above 0 and below half the sample rate, %.6g Hz", frequency, 0.5/interval)
	}
	if cycles == 0 {
		cycles = 16
	}
	if cycles < fewestCycles {
		return nil, fmt.Errorf("blocks of %d cycles; there must be %d or more", cycles, fewestCycles)
	}
	length := math.Round(float64(cycles) / (frequency * interval))
	if length > MaxBlock {
		return nil, fmt.Errorf("%d cycles of %v Hz are %.0f samples, more than %d; take fewer cycles, or resample the signal to a lower rate first", cycles, frequency, length, MaxBlock)
	}
	return newTransfer(frequency, interval, int(length)), nil
}

func newTransfer(frequency, interval float64, n int) *Transfer {
	t := &Transfer{frequency: frequency, window: make([]float64, n), cos: make([]float64, n), sin: make([]float64, n)}
	for i := range t.window {
		w := 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(n))
		_, turn := math.Modf(frequency * interval * float64(i))
		s, c := math.Sincos(-2 * math.Pi * turn)
		t.window[i], t.cos[i], t.sin[i] = w, w*c, w*s
		t.sumWindow += w
		t.toneWindow += complex(w*c, w*s)
	}
	return t
}

// TransferOf compares two waveforms, as one block of as many whole cycles as they have; different lengths panic.
func TransferOf(a, b []float64, frequency, interval float64) (TransferResult, error) {
	if len(a) != len(b) {
		panic(fmt.Sprintf("measure: transfer from %d to %d samples", len(a), len(b)))
	}
	if err := checkInterval(interval); err != nil {
		return TransferResult{}, err
	}
	cycles := int(min(float64(min(len(a), MaxBlock))*frequency*interval, MaxBlock))
	for cycles > 0 && math.Round(float64(cycles)/(frequency*interval)) > float64(len(a)) {
		cycles--
	}
	if cycles < fewestCycles && frequency > 0 {
		return TransferResult{}, fmt.Errorf("%d samples have %d whole cycles of %v Hz; there must be %d or more", len(a), cycles, frequency, fewestCycles)
	}
	t, err := NewTransfer(frequency, interval, max(cycles, fewestCycles))
	if err != nil {
		return TransferResult{}, err
	}
	t.Add(a, b)
	return t.Result(), nil
}

// Reset forgets all samples.
func (t *Transfer) Reset() {
	t.Break()
	t.blocks, t.skipped, t.cross, t.aa, t.bb = 0, 0, 0, 0, 0
}

// Break says that samples are missing. The block in the making is given up.
func (t *Transfer) Break() { t.n, t.a, t.b = 0, component{}, component{} }

// Add takes the samples of both channels that follow; different lengths panic. It does not keep them.
func (t *Transfer) Add(a, b []float64) {
	if len(a) != len(b) {
		panic(fmt.Sprintf("measure: transfer from %d to %d samples", len(a), len(b)))
	}
	for len(a) > 0 {
		n := min(len(a), len(t.window)-t.n)
		t.sum(&t.a, a[:n])
		t.sum(&t.b, b[:n])
		t.n, a, b = t.n+n, a[n:], b[n:]
		if t.n == len(t.window) {
			t.block()
		}
	}
}

func (t *Transfer) sum(c *component, x []float64) {
	w, cos, sin := t.window[t.n:], t.cos[t.n:], t.sin[t.n:]
	re, im, mean := c.re, c.im, c.mean
	for i, v := range x {
		re += v * cos[i]
		im += v * sin[i]
		mean += v * w[i]
	}
	c.re, c.im, c.mean = re, im, mean
}

// block adds the block that is full.
func (t *Transfer) block() {
	a, b := t.tone(t.a), t.tone(t.b)
	t.Break()
	cross := cmplx.Conj(a) * b
	if cmplx.IsNaN(cross) || cmplx.IsInf(cross) {
		t.skipped++
		return
	}
	t.blocks++
	t.cross += cross
	t.aa += real(a)*real(a) + imag(a)*imag(a)
	t.bb += real(b)*real(b) + imag(b)*imag(b)
}

func (t *Transfer) tone(c component) complex128 {
	return complex(c.re, c.im) - complex(c.mean/t.sumWindow, 0)*t.toneWindow
}

// Result is the comparison so far.
func (t *Transfer) Result() TransferResult {
	r := TransferResult{Blocks: t.blocks, Skipped: t.skipped}
	r.Gain = cmplx.Abs(t.cross) / t.aa
	r.Coherence = min(real(t.cross)*real(t.cross)/(t.aa*t.bb)+imag(t.cross)*imag(t.cross)/(t.aa*t.bb), 1)
	r.Phase = -cmplx.Phase(t.cross) * 180 / math.Pi
	if r.Phase <= -180 {
		r.Phase += 360
	}
	if !(t.aa > 0) {
		r.Gain, r.Phase, r.Coherence = math.NaN(), math.NaN(), math.NaN()
	}
	r.Delay = r.Phase / (360 * t.frequency)
	return r
}
