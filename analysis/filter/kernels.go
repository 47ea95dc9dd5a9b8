package filter

// The loops below run one to four sections sample by sample, all state in registers. A section alone waits for its own last output; several
// in one loop overlap. On amd64 that is 3.0 ns a sample for one, 3.3 for two, 4.8 for four. Per section and sample:
//
//	y = B0 x + p,  p = (B1 x - A1 y) + q,  q = B2 x - A2 y
//
// in the order of scipy.signal.sosfilt, and with every product rounded: results are the same to the last bit, and on all processors. Near the
// unit circle what is rounded off adds up, and another order would give other digits from the tenth on.

func run1(c *Section, t *state, dst, src []float64, at, step, n int) {
	c0 := *c
	p0, q0 := t.p, t.q
	for ; n > 0; n-- {
		x := src[at]
		y := float64(c0.B0*x) + p0
		p0 = (float64(c0.B1*x) - float64(c0.A1*y)) + q0
		q0 = float64(c0.B2*x) - float64(c0.A2*y)
		dst[at] = y
		at += step
	}
	*t = state{p0, q0}
}

func run2(c *[2]Section, t *[2]state, dst, src []float64, at, step, n int) {
	c0, c1 := c[0], c[1]
	p0, q0 := t[0].p, t[0].q
	p1, q1 := t[1].p, t[1].q
	for ; n > 0; n-- {
		x := src[at]
		y := float64(c0.B0*x) + p0
		p0 = (float64(c0.B1*x) - float64(c0.A1*y)) + q0
		q0 = float64(c0.B2*x) - float64(c0.A2*y)
		z := float64(c1.B0*y) + p1
		p1 = (float64(c1.B1*y) - float64(c1.A1*z)) + q1
		q1 = float64(c1.B2*y) - float64(c1.A2*z)
		dst[at] = z
		at += step
	}
	t[0], t[1] = state{p0, q0}, state{p1, q1}
}

func run3(c *[3]Section, t *[3]state, dst, src []float64, at, step, n int) {
	c0, c1, c2 := c[0], c[1], c[2]
	p0, q0 := t[0].p, t[0].q
	p1, q1 := t[1].p, t[1].q
	p2, q2 := t[2].p, t[2].q
	for ; n > 0; n-- {
		x := src[at]
		y := float64(c0.B0*x) + p0
		p0 = (float64(c0.B1*x) - float64(c0.A1*y)) + q0
		q0 = float64(c0.B2*x) - float64(c0.A2*y)
		z := float64(c1.B0*y) + p1
		p1 = (float64(c1.B1*y) - float64(c1.A1*z)) + q1
		q1 = float64(c1.B2*y) - float64(c1.A2*z)
		y = float64(c2.B0*z) + p2
		p2 = (float64(c2.B1*z) - float64(c2.A1*y)) + q2
		q2 = float64(c2.B2*z) - float64(c2.A2*y)
		dst[at] = y
		at += step
	}
	t[0], t[1], t[2] = state{p0, q0}, state{p1, q1}, state{p2, q2}
}

func run4(c *[4]Section, t *[4]state, dst, src []float64, at, step, n int) {
	c0, c1, c2, c3 := c[0], c[1], c[2], c[3]
	p0, q0 := t[0].p, t[0].q
	p1, q1 := t[1].p, t[1].q
	p2, q2 := t[2].p, t[2].q
	p3, q3 := t[3].p, t[3].q
	for ; n > 0; n-- {
		x := src[at]
		y := float64(c0.B0*x) + p0
		p0 = (float64(c0.B1*x) - float64(c0.A1*y)) + q0
		q0 = float64(c0.B2*x) - float64(c0.A2*y)
		z := float64(c1.B0*y) + p1
		p1 = (float64(c1.B1*y) - float64(c1.A1*z)) + q1
		q1 = float64(c1.B2*y) - float64(c1.A2*z)
		y = float64(c2.B0*z) + p2
		p2 = (float64(c2.B1*z) - float64(c2.A1*y)) + q2
		q2 = float64(c2.B2*z) - float64(c2.A2*y)
		z = float64(c3.B0*y) + p3
		p3 = (float64(c3.B1*y) - float64(c3.A1*z)) + q3
		q3 = float64(c3.B2*y) - float64(c3.A2*z)
		dst[at] = z
		at += step
	}
	t[0], t[1], t[2], t[3] = state{p0, q0}, state{p1, q1}, state{p2, q2}, state{p3, q3}
}
