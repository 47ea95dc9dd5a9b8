//go:build !race

package convert

import "testing"

func TestConvertAllocatesNothing(t *testing.T) {
	g := analog()
	g.Equation = "pow(v, 2) / 50"
	c, err := New(&g)
	if err != nil {
		t.Fatal(err)
	}
	src, dst := make([]byte, 1<<14), make([]float64, 1<<13)
	if n := testing.AllocsPerRun(50, func() { c.Convert(dst, src, Unit, nil) }); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
