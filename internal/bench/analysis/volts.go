package main

import (
	"fmt"
	"sync"

	"github.com/scopelog/scopelog/convert"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/series"
)

// toVolts reads all streams of a recording as volts, a goroutine each, and keeps nothing of them.
func toVolts(run string) error {
	r, err := recording.Open(run)
	if err != nil {
		return err
	}
	chosen, err := series.Choose(r, nil)
	if err != nil {
		return err
	}
	list, err := series.Of(chosen, convert.Volts)
	if err != nil {
		return err
	}
	errs := make([]error, len(list))
	var all sync.WaitGroup
	for i, s := range list {
		all.Go(func() { errs[i] = readAll(s) })
	}
	all.Wait()
	for i, err := range errs {
		if err != nil {
			return fmt.Errorf("read %s: %w", list[i].Stream.Name(), err)
		}
	}
	return nil
}

// readAll reads what there is of a series.
func readAll(s *series.Series) error {
	const most = 1 << 16
	from, to := s.Within(series.Bound{}, series.Bound{})
	r, buf := s.Reader(), make([]float64, most)
	for at := from; at < to; at += most {
		missing, err := r.Read(buf[:min(most, to-at)], at)
		if err != nil {
			return err
		}
		if missing > 0 {
			return fmt.Errorf("%d samples from %d on are missing", missing, at)
		}
	}
	return nil
}
