package measure_test

import (
	"fmt"
	"math"

	"github.com/scopelog/scopelog/analysis/measure"
	"github.com/scopelog/scopelog/analysis/stats"
)

// A signal is measured in two passes. Each single period goes into a histogram.
func Example() {
	x := make([]float64, 10000)
	for i := range x {
		if i%100 < 25 {
			x[i] = 5
		}
	}
	h, _ := stats.NewAdaptive(measure.LevelBins)
	h.Add(x)

	periods, _ := stats.NewHistogram(5, 0, 200e-6)
	m, err := measure.NewMeter(measure.LevelsOf(h), 1e-6, measure.Options{Observe: func(o measure.Observation) {
		if o.Quantity == measure.Period {
			periods.Add([]float64{o.Value})
		}
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	m.Add(x)
	r := m.Result()
	fmt.Printf("base %v, top %v, %.0f Hz, duty cycle %.0f %%\n", r.Levels.Base, r.Levels.Top, r.Frequency(), r.Of(measure.DutyCycle).Mean())
	fmt.Println("periods", periods.Counts(nil))
	// Output:
	// base 0, top 5, 10000 Hz, duty cycle 25 %
	// periods [0 0 98 0 0]
}

func ExampleDelay() {
	a, b := make([]float64, 1000), make([]float64, 1000)
	for i := range a {
		a[i], b[i] = math.Sin(float64(i)/10), 2*math.Sin(float64(i)/10-math.Pi/4)
	}
	d, err := measure.NewDelay(measure.Levels{Base: -1, Top: 1}, measure.Levels{Base: -2, Top: 2}, 1e-3, measure.DelayOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	d.Add(a, b)
	r := d.Result()
	fmt.Printf("%.1f degrees, %.2f ms\n", r.Phase.Mean(), 1e3*r.Delay.Mean())
	// Output: 45.0 degrees, 7.85 ms
}
