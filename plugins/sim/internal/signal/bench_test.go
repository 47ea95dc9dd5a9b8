package signal

import "testing"

func BenchmarkFill(b *testing.B) {
	const n = 1 << 16
	q := NewQuantiser(16, 1, 0)
	shape := PulseShape{Height: 1, Width: 30, Rise: 7}
	proof, err := NewProof("SIM0001", "A", 16, -32767)
	if err != nil {
		b.Fatal(err)
	}
	dst := make([]byte, 2*n)
	for _, c := range []struct {
		name string
		fill func(dst []byte, first int64) bool
	}{
		{"proof", proof.Fill},
		{"ramp from a table", NewChannel([]Source{NewRamp(hz(1000, 1), us(1), 1, none())}, q, 0, 1e-6).Fill},
		{"sine", NewChannel([]Source{NewSine(hz(12345, 7), us(1), 1, none())}, q, 0, 1e-6).Fill},
		{"square", NewChannel([]Source{NewSquare(hz(12345, 7), us(1), 1, none(), none())}, q, 0, 1e-6).Fill},
		{"normal noise", NewChannel([]Source{NewGauss(0.01, 1)}, q, 0, 1e-6).Fill},
		{"sine and noise", NewChannel([]Source{NewSine(hz(12345, 7), us(1), 1, none()), NewGauss(0.01, 1)}, q, 0, 1e-6).Fill},
		{"random pulses", NewChannel([]Source{NewRandomPulses(shape, 1000, 1)}, q, 0, 1e-6).Fill},
	} {
		b.Run("signal="+c.name, func(b *testing.B) {
			b.SetBytes(2 * n)
			b.ReportAllocs()
			first := int64(0)
			for b.Loop() {
				c.fill(dst, first)
				first += n
			}
		})
	}
}

func BenchmarkReduce(b *testing.B) {
	const n = 1 << 16
	raw, low, high := make([]byte, 2*n), make([]byte, 2*n), make([]byte, 2*n)
	for name, how := range map[string]Reduction{"aggregate": Aggregate, "average": Average, "decimate": Decimate} {
		b.Run(name+"/ratio=100", func(b *testing.B) {
			r := NewReducer(how, 100, false)
			b.SetBytes(2 * n)
			b.ReportAllocs()
			for b.Loop() {
				r.Reduce(raw, low, high)
			}
		})
	}
}
