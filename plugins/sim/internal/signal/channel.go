package signal

// blockSamples is how many samples are made at a time in volts.
const blockSamples = 512

// Channel is an analog input: sources, an optional bandwidth limit, and a converter. It belongs to one goroutine.
type Channel struct {
	sources []Source
	low     *lowPass
	quant   Quantiser
	volts   [blockSamples]float64

	table     []byte  // whole periods of codes; nil: not periodic
	period    int64   // samples
	overUntil []int32 // over-range samples before each sample of the period; nil: none
}

// NewChannel makes an input that measures the sum of sources. bandwidth is in hertz, 0 for none, interval in seconds.
func NewChannel(sources []Source, q Quantiser, bandwidth, interval float64) *Channel {
	c := &Channel{sources: sources, quant: q}
	if bandwidth > 0 {
		c.low = newLowPass(bandwidth, interval, c.render)
	}
	if p := commonPeriod(sources); p > 0 && c.low == nil {
		c.tabulate(p)
	}
	return c
}

// tableSamples is the least length of a table: below it, copying it costs more than a large one would.
const tableSamples = 1 << 15

func (c *Channel) tabulate(period int64) {
	repeats := (tableSamples + period - 1) / period
	table := make([]byte, 2*period*repeats)
	until := make([]int32, period+1)
	for first := int64(0); first < period; first += blockSamples {
		end := min(first+blockSamples, period)
		over := c.compute(table[2*first:2*end], first)
		for i := first; i < end; i++ {
			until[i+1] = until[i]
			if over && c.compute(table[2*i:2*i+2], i) { // only then it matters which
				until[i+1]++
			}
		}
	}
	for i := 2 * period; i < int64(len(table)); i += 2 * period {
		copy(table[i:], table[:2*period])
	}
	c.table, c.period = table, period
	if until[period] > 0 {
		c.overUntil = until
	}
}

// Fill writes the samples first, first+1, ... to dst, two bytes each, and tells whether any was over range.
func (c *Channel) Fill(dst []byte, first int64) (over bool) {
	if c.table == nil {
		return c.compute(dst, first)
	}
	at := first % c.period
	over = c.overUntil != nil && c.overBetween(at, int64(len(dst)/2))
	n := copy(dst, c.table[2*at:])
	for n < len(dst) {
		n += copy(dst[n:], c.table) // n is then a whole number of periods after at
	}
	return over
}

func (c *Channel) overBetween(at, n int64) bool {
	end := at + n
	if n >= c.period {
		return true
	}
	if end <= c.period {
		return c.overUntil[end] > c.overUntil[at]
	}
	return c.overUntil[c.period] > c.overUntil[at] || c.overUntil[end-c.period] > 0
}

func (c *Channel) compute(dst []byte, first int64) (over bool) {
	for len(dst) >= 2 {
		volts := c.volts[:min(len(dst)/2, blockSamples)]
		c.render(volts, first)
		if c.low != nil {
			c.low.apply(volts, first)
		}
		if c.quant.Put(dst, volts) {
			over = true
		}
		dst, first = dst[2*len(volts):], first+int64(len(volts))
	}
	return over
}

func (c *Channel) render(volts []float64, first int64) {
	clear(volts)
	for _, s := range c.sources {
		s.Add(volts, first)
	}
}
