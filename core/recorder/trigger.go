package recorder

import (
	"math"
	"math/big"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// keptBreaks is how many interruptions of a stream are remembered, to find the place of a trigger before them.
const keptBreaks = 8

// place is a sample that does not follow the one before it: a loss or an epoch begins there.
type place struct{ stream, device int64 }

// breaks are the latest interruptions of a stream, oldest first.
type breaks struct {
	list [keptBreaks]place
	n    int
}

func (b *breaks) add(p place) {
	if b.n == keptBreaks {
		copy(b.list[:], b.list[1:])
		b.n--
	}
	b.list[b.n] = p
	b.n++
}

// cut forgets what is at or behind a stream index: those samples are gone.
func (b *breaks) cut(stream int64) {
	for b.n > 0 && b.list[b.n-1].stream >= stream {
		b.n--
	}
}

// find returns the stream index of the sample with a device index. Where that sample was lost, it is that of the one
// behind the loss, and found is false.
func (b *breaks) find(device int64) (stream int64, found bool) {
	for i := b.n - 1; i >= 0; i-- {
		p := b.list[i]
		if device < p.device {
			continue
		}
		at := p.stream + device - p.device
		if i+1 < b.n && at >= b.list[i+1].stream {
			return b.list[i+1].stream, false
		}
		return at, true
	}
	if b.n == 0 {
		return 0, false
	}
	return b.list[0].stream, false
}

// femto is the raw sample interval of a device in femtoseconds, as a fraction.
type femto struct{ num, den *big.Int }

func newFemto(raw recording.Fraction) femto {
	r := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(raw.Num), big.NewInt(1e15)), big.NewInt(raw.Den))
	return femto{r.Num(), r.Denom()}
}

// roundedFS is by how much times may be short, as each of them was rounded to whole femtoseconds.
const roundedFS = 2

// sample says which sample of a stream lies at or before the moment fs femtoseconds behind its sample number at.
func (f femto) sample(at, ratio, fs int64) int64 {
	step := new(big.Int).Mul(f.num, big.NewInt(ratio)) // femtoseconds a sample, times den
	away := new(big.Int).Mul(big.NewInt(fs+roundedFS), f.den)
	return at + away.Div(away, step).Int64() // Euclidean: down, as step is positive
}

// span is how long n samples of a ratio take, in femtoseconds, rounded down.
func (f femto) span(n, ratio int64) *big.Int {
	v := new(big.Int).Mul(f.num, big.NewInt(ratio))
	v.Mul(v, big.NewInt(n))
	return v.Div(v, f.den)
}

// heldBack tells of a distance that was too long for a descriptor.
func heldBack(fs int64) bool { return fs == math.MaxInt64 || fs == math.MinInt64 }

// takeTrigger marks the sample at or before a trigger in every stream: one sample, or the range that contains it.
func (d *Device) takeTrigger(desc *shmring.Desc) {
	from := &d.lanes[desc.Lane]
	fs := int64(desc.Aux)
	switch {
	case !d.gen.open:
		return // before the first sample
	case heldBack(fs):
		d.o.Logger.Warn("a trigger lies too far back to be marked", "device", d.o.Name)
		return
	}
	within := max(int64(desc.Code), 1)
	at := d.femto.sample(from.base+int64(desc.FirstSample), from.ratio, fs)
	first, last := at*from.ratio, (at+within)*from.ratio-1 // raw device indexes of its bounds
	for i := range d.lanes {
		d.markTrigger(i, first/d.lanes[i].ratio, last/d.lanes[i].ratio, desc.Code == 0)
	}
	d.showStreamTrigger(from, at, desc)
	d.mu.Lock()
	d.stats.Triggers++
	d.mu.Unlock()
}

// markTrigger annotates the samples of a stream between two device indexes, which may be lost in part.
func (d *Device) markTrigger(i int, first, last int64, exact bool) {
	l := &d.lanes[i]
	lo, found := l.breaks.find(first)
	hi, _ := l.breaks.find(last)
	switch {
	case l.full && lo >= l.recorded+l.pending.count:
		return // behind the end of the run
	case !found && lo > 0:
		lo-- // between the sample before the loss and the one behind it
	}
	exact = exact && found && lo == hi
	d.annotate(i, recording.LabelTrigger, lo, hi-lo+1, exact)
}

// placeTrigger tells the open waveform's trigger in every stream, without its place between two samples where the driver knows only where about it lies.
func (d *Device) placeTrigger() error {
	b := d.blocks
	fs := int64(b.trigger.Aux)
	if !b.fired || heldBack(fs) {
		return nil
	}
	lane := int(b.trigger.Lane)
	at := int64(b.trigger.Pos - b.start[lane]) // samples of the lane from the waveform's start
	for i := range d.lanes {
		position, offset := d.inWave(i, at, d.lanes[lane].ratio, fs)
		if b.trigger.Code > 0 {
			offset = nil
		}
		if err := d.o.Writer.SetTrigger(i, position, offset); err != nil {
			return err
		}
	}
	return nil
}

// inWave returns the place of a trigger in a stream of the open waveform: fs femtoseconds behind sample number at of a
// stream of that ratio. It is the sample that the device takes for the trigger point when that is within one of it,
// else the one at or before it; of a trigger that lies outside, the waveform's first or last.
func (d *Device) inWave(i int, at, ratio, fs int64) (position int64, offset *int64) {
	l := &d.lanes[i]
	moment := d.femto.span(at, ratio)
	moment.Add(moment, big.NewInt(fs)) // from the waveform's start
	at = at * ratio / l.ratio          // the same sample, or the group that holds it
	rest := new(big.Int).Sub(moment, d.femto.span(at, l.ratio))
	position = at
	if rest.IsInt64() {
		position = d.femto.sample(at, l.ratio, min(rest.Int64(), math.MaxInt64-roundedFS))
	}
	if pre := d.o.TriggerPoint; l.ratio == 1 && pre >= position-1 && pre <= position+1 {
		away := new(big.Int).Sub(moment, d.femto.span(pre, 1))
		if away.CmpAbs(d.femto.span(1, 1)) <= 0 {
			position = pre
		}
	}
	position = min(max(position, 0), d.blocks.length[i]-1)
	if rest.Sub(moment, d.femto.span(position, l.ratio)); rest.IsInt64() {
		offset = new(rest.Int64())
	}
	return position, offset
}
