package correlate_test

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/analysis/correlate"
)

// The second channel sees a pulse 12 samples before the first.
func ExampleCross() {
	u, v := make([]float64, 1000), make([]float64, 1000)
	for i := range u {
		u[i] = math.Exp(-math.Pow(float64(i-512)/20, 2))
		v[i] = math.Exp(-math.Pow(float64(i-500)/20, 2))
	}
	r, err := correlate.Cross(u, v, correlate.Options{MaxLag: 100, Norm: correlate.Energy})
	if err != nil {
		fmt.Println(err)
		return
	}
	p := r.Peak()
	fmt.Printf("lag %d, coefficient %.3f\n", p.Lag, p.Value)
	// Output: lag 12, coefficient 1.000
}
