package main

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/recording"
)

// alignOptions are the flags of align.
type alignOptions struct {
	edge, correlate time.Duration
	channels        []string
	window          time.Duration
	json            bool
}

func alignCommand(a *app) *cobra.Command {
	o := alignOptions{edge: -1, correlate: -1}
	c := &cobra.Command{
		Use:   "align RUN DEVICE DEVICE",
		Short: "put two devices on a common axis of time",
		Long: `Show by how much the second device's time, its sample index times its interval,
is ahead of the first one's, how fast their clocks run apart, and how well that
is known. It comes from the times at which samples arrived, which leaves a
constant of up to a millisecond open. A signal that both devices have seen
removes it: one edge, or a stretch that is alike. Nothing is changed.`,
		Example: "  align soak left right\n" +
			"  align soak left right --edge 12.5s --channels A,C",
		GroupID: groupRecordings,
		Args:    takes(3, 3),
		RunE: func(_ *cobra.Command, args []string) error {
			return runAlign(a, args[0], args[1], args[2], o)
		},
	}
	f := c.Flags()
	f.DurationVar(&o.edge, "edge", -1, "both saw an edge near this `TIME` of the first device")
	f.DurationVar(&o.correlate, "correlate", -1, "both saw the same signal around this `TIME` of the first device")
	f.StringSliceVar(&o.channels, "channels", nil, "look for it in these two `CHANNELS`, one of each device (default the first ones)")
	f.DurationVar(&o.window, "window", 20*time.Millisecond, "look so `LONG` before and behind")
	f.BoolVar(&o.json, "json", false, "print one JSON document")
	return c
}

// alignResult is what align --json prints. Times are of the first device.
type alignResult struct {
	FormatVersion    string       `json:"format_version"`
	Dir              string       `json:"dir"`
	Devices          []string     `json:"devices"`
	Method           string       `json:"method"` // clock, edge, correlation
	ConstantS        float64      `json:"constant_s"`
	Coefficient      *float64     `json:"coefficient,omitempty"` // of the correlation
	DriftPPM         *float64     `json:"drift_ppm"`             // null: too short to tell
	DriftUncertainty *float64     `json:"drift_uncertainty_ppm"`
	Points           []alignPoint `json:"points"`
}

type alignPoint struct {
	AtS          float64             `json:"at_s"`
	Index        int64               `json:"index"` // raw device index of the first device
	UTC          recording.Timestamp `json:"utc"`
	OtherIndex   float64             `json:"other_index"`
	OffsetS      float64             `json:"offset_s"`
	UncertaintyS float64             `json:"uncertainty_s"`
}

func runAlign(a *app, run, first, second string, o alignOptions) error {
	if err := o.check(first, second); err != nil {
		return err
	}
	dir, err := a.findRun(run)
	if err != nil {
		return err
	}
	rec, err := recording.Open(dir)
	if err != nil {
		return err
	}
	res := alignResult{FormatVersion: formatVersion, Dir: dir, Devices: []string{first, second}, Method: "clock"}
	sides, err := alignSides(rec, res.Devices)
	if err != nil {
		return err
	}
	l := clock.NewAlignment(sides[0].line, sides[1].line)
	from, to, ok := l.Common()
	if !ok {
		return fmt.Errorf("%s and %s did not record at the same time", first, second)
	}
	if o.edge >= 0 || o.correlate >= 0 {
		if l, err = o.shared(rec, l, sides, &res); err != nil {
			return err
		}
	}
	res.ConstantS = l.ConstantNS() / 1e9
	if ppm, u := l.Drift(from, to); !math.IsInf(u, 0) {
		res.DriftPPM, res.DriftUncertainty = &ppm, &u
	}
	for k := range int64(5) {
		res.Points = append(res.Points, sides[0].point(l, from+(to-from)*k/4))
	}
	if o.json {
		return writeJSON(a.stdout, res)
	}
	return printAlign(a, &res)
}

func (o *alignOptions) check(first, second string) error {
	switch {
	case first == second:
		return usageError(errors.New("the two devices are the same"), "name two devices of the run")
	case o.edge >= 0 && o.correlate >= 0:
		return usageError(errors.New("--edge and --correlate exclude each other"), "")
	case len(o.channels) != 0 && len(o.channels) != 2:
		return usageError(fmt.Errorf("--channels needs two channels, not %d", len(o.channels)), "write --channels A,B: one of each device")
	case o.window <= 0:
		return usageError(fmt.Errorf("--window cannot be %v", o.window), "")
	}
	return nil
}

// alignSide is one of the two devices.
type alignSide struct {
	name     string
	line     *clock.Timeline
	interval float64 // ns
}

// alignSides are two devices on one axis of time, which goes over reboots of the host.
func alignSides(rec *recording.Recording, names []string) (sides [2]alignSide, err error) {
	var devices [2]*recording.RunDevice
	var marks [2][]clock.Mark
	for i, name := range names {
		if devices[i], err = deviceOf(rec, name); err != nil {
			return sides, err
		}
		if marks[i], err = marksOf(rec, name); err != nil {
			return sides, err
		}
	}
	clock.OneAxis(marks[0], marks[1])
	for i, d := range devices {
		s := alignSide{name: d.Name, interval: float64(d.RawInterval.Num) / float64(d.RawInterval.Den) * 1e9}
		if s.line, err = clock.NewTimeline(s.interval, marks[i], unsureBehind(rec, d)); err != nil {
			return sides, &failure{err: fmt.Errorf("device %s: %w", d.Name, err), advice: "devices that stream have them once the first second is recorded; those in block mode have none"}
		}
		sides[i] = s
	}
	return sides, nil
}

func deviceOf(rec *recording.Recording, name string) (*recording.RunDevice, error) {
	run := rec.Run()
	if run == nil {
		return nil, &failure{err: errors.New("run.json is missing or damaged"), advice: "repair makes a new one"}
	}
	if d := run.Device(name); d != nil {
		return d, nil
	}
	var known []string
	for _, d := range run.Devices {
		known = append(known, d.Name)
	}
	advice := didYouMean(name, known)
	if advice == "" {
		advice = "the devices are " + strings.Join(known, ", ")
	}
	return nil, usageError(fmt.Errorf("the run has no device %s", name), advice)
}

// marksOf are a device's clock pairs, each with the boot of its epoch.
func marksOf(rec *recording.Recording, name string) ([]clock.Mark, error) {
	pairs, err := rec.ClockPairs(name)
	if err != nil {
		return nil, err
	}
	boots := map[int]string{}
	for _, e := range rec.Epochs(name) {
		boots[e.Epoch] = e.BootID
	}
	var marks []clock.Mark
	for _, p := range pairs {
		m := clock.Mark{Boot: boots[p.Epoch], Epoch: p.Epoch, Index: p.Index, MonoNS: p.MonoNS, UTCNS: p.UTCNS, UTCErrNS: -1}
		if p.MaxErrorNS >= 0 {
			m.UTCErrNS = p.MaxErrorNS + p.BracketNS/2
		}
		marks = append(marks, m)
	}
	return marks, nil
}

// unsureBehind lists the raw device indexes behind gaps whose length is not certain.
func unsureBehind(rec *recording.Recording, d *recording.RunDevice) (list []int64) {
	for _, s := range rec.Streams() {
		if g := s.Global(); g.Device == d.Name {
			for _, gap := range s.Gaps() {
				if !gap.Exact {
					list = append(list, (gap.DeviceIndex+gap.Lost)*ratioOf(&g))
				}
			}
			break
		}
	}
	return list
}

func ratioOf(g *recording.Global) int64 { return max(g.Ratio, 1) }

func (s *alignSide) point(l clock.Alignment, mono int64) alignPoint {
	at, _ := s.line.Index(mono)
	p := alignPoint{Index: int64(math.Round(at)), UTC: recording.Timestamp(0)}
	p.UTC = recording.Timestamp(s.line.At(p.Index).UTCNS)
	p.AtS = float64(p.Index) * s.interval / 1e9
	offset, err := l.Offset(p.Index)
	p.OffsetS, p.UncertaintyS = offset/1e9, err/1e9
	p.OtherIndex, _ = l.Other(p.Index)
	return p
}

func printAlign(a *app, r *alignResult) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s against %s\n\n", r.Devices[1], r.Devices[0])
	t := newTable(">TIME OF "+r.Devices[0], ">OFFSET", ">UNCERTAINTY", "UTC")
	for _, p := range r.Points {
		t.add(fmt.Sprintf("%.6f s", p.AtS), fmt.Sprintf("%+.6f s", p.OffsetS), fmt.Sprintf("±%.3f ms", p.UncertaintyS*1e3), formatTime(p.UTC.Time()))
	}
	if err := t.write(&b, a.color); err != nil {
		return err
	}
	b.WriteByte('\n')
	if r.DriftPPM != nil {
		fmt.Fprintf(&b, "drift     %+.3f ppm ±%.3f\n", *r.DriftPPM, *r.DriftUncertainty)
	} else {
		b.WriteString("drift     too short to tell\n")
	}
	switch r.Method {
	case "clock":
		b.WriteString("constant  up to 1 ms, not known: --edge or --correlate removes it\n")
	default:
		fmt.Fprintf(&b, "constant  %+.6f ms, by %s\n", r.ConstantS*1e3, r.Method)
	}
	return emit(a.stdout, b.String())
}

// channelOf is a device's stream of that channel, or its first one, that holds samples as they were taken.
func channelOf(rec *recording.Recording, device, channel string) (*recording.Stream, error) {
	var known []string
	for _, s := range rec.Streams() {
		g := s.Global()
		if g.Device != device || !slices.Contains([]recording.Kind{recording.KindRaw, recording.KindDecimate, recording.KindAverage}, g.Kind) {
			continue
		}
		if channel == "" || g.Channel == channel {
			return s, nil
		}
		known = append(known, g.Channel)
	}
	return nil, usageError(fmt.Errorf("device %s has no channel %s to look at", device, channel), didYouMean(channel, known))
}
