package formula

// chunk is how many numbers are computed at a time: what a formula needs in between stays in the cache.
const chunk = 512

// machine holds what a formula needs while it is computed.
type machine struct {
	x     []float64
	slots [][]float64
}

// slot returns memory for as many results as there are numbers.
func (m *machine) slot(depth int) []float64 {
	for len(m.slots) <= depth {
		m.slots = append(m.slots, make([]float64, chunk))
	}
	return m.slots[depth][:len(m.x)]
}

// node computes results into dst, which is as long as m.x. Slots from free on are its own meanwhile.
type node interface {
	eval(m *machine, free int, dst []float64)
}

type constant float64

func (n constant) eval(_ *machine, _ int, dst []float64) {
	for i := range dst {
		dst[i] = float64(n)
	}
}

type variable struct{}

func (variable) eval(m *machine, _ int, dst []float64) { copy(dst, m.x) }

type apply1 struct {
	a node
	f func(float64) float64
}

func (n apply1) eval(m *machine, free int, dst []float64) {
	n.a.eval(m, free, dst)
	for i, a := range dst {
		dst[i] = n.f(a)
	}
}

// both computes two operands: the first into dst, the second into what is returned.
func both(m *machine, free int, dst []float64, a, b node) []float64 {
	a.eval(m, free, dst)
	second := m.slot(free)
	b.eval(m, free+1, second)
	return second
}

type apply2 struct {
	a, b node
	f    func(a, b float64) float64
}

func (n apply2) eval(m *machine, free int, dst []float64) {
	for i, b := range both(m, free, dst, n.a, n.b) {
		dst[i] = n.f(dst[i], b)
	}
}

type (
	sum        struct{ a, b node }
	difference struct{ a, b node }
	product    struct{ a, b node }
	quotient   struct{ a, b node }
)

func (n sum) eval(m *machine, free int, dst []float64) {
	for i, b := range both(m, free, dst, n.a, n.b) {
		dst[i] += b
	}
}

func (n difference) eval(m *machine, free int, dst []float64) {
	for i, b := range both(m, free, dst, n.a, n.b) {
		dst[i] -= b
	}
}

func (n product) eval(m *machine, free int, dst []float64) {
	for i, b := range both(m, free, dst, n.a, n.b) {
		dst[i] *= b
	}
}

func (n quotient) eval(m *machine, free int, dst []float64) {
	for i, b := range both(m, free, dst, n.a, n.b) {
		dst[i] /= b
	}
}

type choice struct{ when, yes, no node }

func (n choice) eval(m *machine, free int, dst []float64) {
	no := m.slot(free)
	n.no.eval(m, free+1, no)
	when := m.slot(free + 1)
	n.when.eval(m, free+2, when)
	n.yes.eval(m, free+2, dst)
	for i, w := range when {
		if w == 0 {
			dst[i] = no[i]
		}
	}
}
