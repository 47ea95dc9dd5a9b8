package main

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/scopelog/scopelog/internal/chaos/judge"
	"github.com/scopelog/scopelog/internal/chaos/stage"
	"github.com/scopelog/scopelog/internal/chaos/truth"
)

const (
	// patientNS is how much of what a library handed over last may not have reached the ring when its process died.
	patientNS = 2e9
	// apartNS is by how much the channels of units with unequal deliveries may be apart at the end.
	apartNS = 300e6
	// delivers is the longest time between deliveries of the devices that are used here.
	delivers = 20e6
	// slowest is how long a device may take from the detection of its failure to its next sample: five times what is promised.
	slowest = 10.0
)

// verdict judges a trial whose program has ended.
func (t *trial) verdict() error {
	t.notices = append(t.notices, t.p.Notices()...)
	if code := t.p.ExitCode(); !slices.Contains(t.exit, code) {
		t.fail("the exit code is %d, right are %v", code, t.exit)
	}
	if err := t.p.Broken(); err != nil {
		t.fail("%v", err)
	}
	for _, l := range t.place.Leftovers() {
		if !t.unsealed || !strings.HasPrefix(l, t.place.View(t.place.Out)) {
			t.wrong = append(t.wrong, l)
		}
	}
	dir := t.dir()
	if dir == "" {
		return nil
	}
	t.recover = t.recovered()
	t.soon()
	v, err := t.place.Verify(t.ctx, t.p.Dir(), t.plan.Devices)
	if err != nil {
		return err
	}
	if t.unverified {
		v = v.Vouched()
	}
	t.wrong = append(t.wrong, v.Wrong()...)
	for _, s := range v.Streams {
		mixed := int64(0) // of a group that a loss falls into nothing can be proven
		if strings.Count(s.Name, ".") > 1 {
			mixed = s.Gaps
		}
		if !t.unverified && proves(t.plan.Devices, s.Name) && (s.Proven > s.Samples || s.Proven < s.Samples-mixed) {
			t.fail("verify proved %d of the %d samples of %s", s.Proven, s.Samples, s.Name)
		}
	}
	if t.judged || !t.unsealed {
		if err := t.compare(dir); err != nil {
			return err
		}
	}
	for _, check := range t.also {
		t.wrong = append(t.wrong, check()...)
	}
	return nil
}

// compare compares the recording with what the units say.
func (t *trial) compare(dir string) error {
	expect, err := t.expect()
	if err != nil {
		return err
	}
	j := judge.Recorded(dir, expect)
	t.wrong, t.losses = append(t.wrong, j.Wrong...), j.Losses
	t.summary(dir)
	return nil
}

// soon wants the harmed device to have recorded again in time.
func (t *trial) soon() {
	if !t.quick {
		return
	}
	if len(t.recover) == 0 {
		t.fail("how long it took from the detection to the next sample is not known")
	}
	for _, s := range t.recover {
		if s > slowest {
			t.fail("it took %.1f s from the detection to the next sample", s)
		}
	}
}

// dir is the run's folder as a full path.
func (t *trial) dir() string {
	dir := t.p.Dir()
	if dir == "" {
		return ""
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(t.place.Dir, dir)
	}
	return t.place.View(dir)
}

// proves tells whether a stream sees the proof signal.
func proves(devices []*stage.Device, stream string) bool {
	name, channel, _ := strings.Cut(stream, ".")
	channel, _, _ = strings.Cut(channel, ".")
	i := slices.IndexFunc(devices, func(d *stage.Device) bool { return d.Name == name })
	return i >= 0 && !slices.Contains(devices[i].NoProof(), channel)
}

// expect says what each device should have done.
func (t *trial) expect() ([]judge.Expect, error) {
	var list []judge.Expect
	for _, d := range t.plan.Devices {
		e := judge.Expect{
			Name: d.Name, Causes: t.causes[d.Name], NoProof: d.NoProof(), DeliveryNS: delivers, Limit: t.limit[d.Name], DeadNS: patientNS, ApartNS: apartNS,
			Wide: t.wide, Unjudged: t.unsure, SlackNS: t.slack, UntoldNS: max(t.dead, t.slack), Exact: t.exact,
		}
		if t.dead > 0 {
			e.DeadNS = t.dead
		}
		if t.atEnd && d.Name == victim {
			e.SlackNS = patientNS
		}
		var err error
		if d.Simulated() {
			e.Unit, err = truth.Simulated(t.place.Truth(d), d.Serial, d.PPM)
		} else {
			e.Unit, err = truth.Emulated(t.place.Rig, d.Serial, d.PPM)
		}
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// summary compares what the program said at its end with what the recording says.
func (t *trial) summary(dir string) {
	r, err := judge.Open(dir)
	if err != nil {
		t.fail("%v", err)
		return
	}
	if r.Run.State != "sealed" && r.Run.State != "recovered" {
		t.fail("the run's state is %q", r.Run.State)
	}
	s := t.p.Summary()
	if s == nil || t.unverified {
		return // what it said last could not be written
	}
	if r.Run.ExitCode == nil || *r.Run.ExitCode != t.p.ExitCode() {
		t.fail("run.json has the exit code %v, the program ended with %d", r.Run.ExitCode, t.p.ExitCode())
	}
	for _, d := range s.Devices {
		for _, st := range d.Streams {
			for _, rd := range r.Run.Devices {
				for _, have := range rd.Streams {
					if have.Name == st.Name && (have.Recorded != st.Recorded || have.Lost != st.Lost) {
						t.fail("%s: the program tells of %d recorded and %d lost, run.json of %d and %d", st.Name, st.Recorded, st.Lost, have.Recorded, have.Lost)
					}
				}
			}
		}
	}
}

// recovered lists the seconds from the detection of each failure to the next sample.
func (t *trial) recovered() []float64 {
	if t.p == nil || t.place == nil {
		return nil
	}
	dir := t.dir()
	if dir == "" {
		return nil
	}
	r, err := judge.Open(dir)
	if err != nil {
		return nil
	}
	var list []float64
	for _, d := range r.Run.Devices {
		for i, e := range d.Epochs {
			if i == 0 || e.First.UTCNS == 0 {
				continue
			}
			before, first := time.Unix(0, d.Epochs[i-1].First.UTCNS), time.Unix(0, e.First.UTCNS)
			if at, ok := t.detected(d.Name, before, first); ok {
				list = append(list, first.Sub(at).Seconds())
			}
		}
	}
	return list
}

// detected is when a failure was noticed that lies between two first samples.
func (t *trial) detected(device string, after, before time.Time) (time.Time, bool) {
	for _, n := range t.notices {
		if n.Time.After(after) && n.Time.Before(before) && (n.Device == device && (n.Kind == "restart" || n.Kind == "power") || n.Kind == "resuming") {
			return n.Time, true
		}
	}
	return time.Time{}, false
}
