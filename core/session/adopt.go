package session

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/scopelog/scopelog/core/clock"
	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/recorder"
	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/shmring"
)

// adoption takes over the plugins of a run whose recorder has died and that still fill their rings, so that the recording goes on without a gap. Its
// methods belong to the goroutine that resumes the run.
type adoption struct {
	s     *Session
	ctx   context.Context
	begun bool
	left  map[string]*host.Instance // taken over and not used yet, by device
	units []*adoptedUnit
	wg    sync.WaitGroup // plugins that are being ended
}

// adoptedUnit is a device that goes on in its plugin of before.
type adoptedUnit struct {
	*unit
	info  recording.DeviceInfo
	ring  *shmring.Ring
	taken *recorder.Adoption
	kept  keptUnit
	state keptState
}

// keptUnit is what is kept of a unit beside its plugin's record, for a session that adopts it.
type keptUnit struct {
	Device json.RawMessage `json:"device"` // of the connection to it
	Ring   shmring.Spec    `json:"ring"`
	Hold   time.Duration   `json:"hold_ns"`
	Began  time.Time       `json:"began"`
}

// keepUnit keeps what is needed to adopt the present unit. Without it, it is started again.
func (d *device) keepUnit(ring *shmring.Ring) {
	if d.s.o.Plan.Run.Adopt <= 0 {
		return
	}
	k := keptUnit{Ring: ring.Spec(), Hold: d.hold, Began: d.began}
	if k.Began.IsZero() {
		k.Began = d.s.beginning(d.name)
	}
	var err error
	if k.Device, err = d.unit.device.Keep(d.unit.plan.Config(), d.unit.applied); err == nil {
		var b []byte
		if b, err = json.Marshal(k); err == nil {
			err = d.unit.instance.KeepDevice(b)
		}
	}
	if err != nil {
		d.s.log.Warn("the device could not be taken over by another recorder", "device", d.name, "error", err)
	}
}

// accept decides whether a device is adopted; it is [recording.ResumeOptions].Adopt. A plugin that cannot be is ended.
func (a *adoption) accept(run *recording.RunFile, device string, was *recording.Adoptable, why error) bool {
	if !a.begun {
		a.begin(run)
	}
	in := a.left[device]
	if in == nil {
		return false
	}
	delete(a.left, device)
	err := why
	var u *adoptedUnit
	if err == nil {
		u, err = a.adopt(in, device, was)
	}
	if err != nil {
		a.refuse(in, device, err)
		return false
	}
	a.units = append(a.units, u)
	return true
}

// begin takes over all plugins of the run, before anything else takes time: they wait no longer than their orphan time.
func (a *adoption) begin(run *recording.RunFile) {
	a.begun = true
	id, err := runIDOf(run.Run)
	if err != nil {
		return
	}
	a.s.o.Host.WorkFor(id)
	a.take(a.s.o.Host.TakeOver(a.ctx, id))
}

// take notes which plugins were taken over, and why others were not.
func (a *adoption) take(list []*host.Instance, err error) {
	a.begun = true
	if err != nil {
		a.s.log.Warn("not all plugins of the run could be taken over", "error", err)
	}
	for _, in := range list {
		if a.left[in.Device()] != nil { // its record is older: it should have been ended
			a.refuse(in, in.Device(), errors.New("there are two plugins of the device"))
			continue
		}
		a.left[in.Device()] = in
	}
}

// runIDOf reads the text of a run's identifier.
func runIDOf(text string) (id [16]byte, err error) {
	b, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err == nil && len(b) != len(id) {
		err = fmt.Errorf("%q is no identifier of a run", text)
	}
	copy(id[:], b)
	return id, err
}

func (a *adoption) refuse(in *host.Instance, device string, err error) {
	a.s.log.Warn("the plugin of a recorder that died is not taken over, its unit is opened again", "device", device, "pid", in.Pid(), "why", err)
	a.wg.Go(func() {
		if err := in.Close(context.WithoutCancel(a.ctx)); err != nil {
			a.s.log.Debug("ending a plugin", "device", device, "error", err)
		}
	})
}

// settle waits until the plugins that are not adopted have ended, so that their units can be opened.
func (a *adoption) settle() {
	for device, in := range a.left {
		a.refuse(in, device, errors.New("the run has no such device"))
	}
	a.left = nil
	a.wg.Wait()
}

// adopt finds out whether a device goes on in its plugin.
func (a *adoption) adopt(in *host.Instance, device string, was *recording.Adoptable) (*adoptedUnit, error) {
	d := a.s.o.Plan.Device(device)
	if d == nil {
		return nil, errors.New("the plan has no such device")
	}
	b, err := in.KeptDevice()
	if err != nil {
		return nil, err
	}
	own := *d
	u := &adoptedUnit{unit: &unit{plan: &own, instance: in}}
	if err := json.Unmarshal(b, &u.kept); err != nil {
		return nil, fmt.Errorf("read what was kept of the device: %w", err)
	}
	if u.who, err = in.Client().Describe(a.ctx); err != nil {
		return nil, err
	}
	if u.device, u.applied, err = in.Client().AdoptDevice(u.kept.Device, d.Config()); err != nil {
		return nil, err
	}
	u.unit.info, own.Serial = u.device.Info(), u.device.Info().Serial
	u.info = deviceInfo(u.plan, u.who, u.unit.info, u.applied)
	if err := cut(&u.info, a.s.o.Plan.Run.Rotate); err != nil {
		return nil, err
	}
	if err := was.Fits(u.info); err != nil {
		return nil, err
	}
	if u.ring, err = in.Client().AdoptRing(u.kept.Ring); err != nil {
		return nil, err
	}
	names := make([]string, len(u.applied.Streams))
	for i, st := range u.applied.Streams {
		names[i] = streamName(u.unit, st)
	}
	if u.taken, err = recorder.NewAdoption(u.ring, was, names); err == nil {
		err = json.Unmarshal(u.taken.Kept, &u.state)
	}
	if err != nil {
		return nil, errors.Join(err, u.ring.Close())
	}
	u.config = presentConfig(d, u)
	return u, nil
}

// presentConfig is the configuration of an adopted device: what is left of a repetition, and the generator as it was changed last.
func presentConfig(d *plan.Device, u *adoptedUnit) driverConfig {
	c := d.Config()
	if b, _, ok := blockOf(c); ok {
		left, _ := remaining(b.Repeat, u.taken.Armings(), time.Since(u.kept.Began))
		if b.Repeat.Count > 0 { // more armings than have brought a waveform may have begun
			left.Count = max(left.Count, 1)
		}
		setRepeat(&c, left)
	}
	changes := newChanges(d)
	changes.restore(u.state.Changes)
	changes.present(&c)
	return c
}

// adopted are the devices of a resumed run that go on where they are.
type adopted struct {
	units  []*adoptedUnit
	taking *adoption
}

func (a *adopted) unit(device string) *adoptedUnit {
	for _, u := range a.units {
		if u.plan.Name == device {
			return u
		}
	}
	return nil
}

// with are all units of the run: the adopted ones and those that were opened.
func (a *adopted) with(opened []*unit) []*unit {
	var all []*unit
	for _, u := range a.units {
		all = append(all, u.unit)
	}
	return append(all, opened...)
}

// planOf is the run's plan with the devices that record: the adopted ones, and those that are opened.
func (s *Session) planOf(open []*plan.Device) *plan.Plan {
	own := *s.o.Plan
	own.Devices = nil
	for _, u := range s.resumed.units {
		own.Devices = append(own.Devices, u.plan)
	}
	own.Devices = append(own.Devices, open...)
	return &own
}

// giveUp lets go of what was taken over for a run that cannot be resumed.
func (a *adoption) giveUp() {
	for _, u := range a.units {
		if err := u.ring.Close(); err != nil {
			a.s.log.Warn("closing a ring", "device", u.plan.Name, "error", err)
		}
		a.left[u.plan.Name] = u.instance
	}
	a.units = nil
	for device, in := range a.left {
		a.refuse(in, device, errors.New("the run does not go on"))
	}
	a.left = nil
	a.wg.Wait()
}

// goOnAdopted lets the adopted devices record. The events of the plan are looked for before all devices are there, and carried out then.
func (s *Session) goOnAdopted() error {
	s.blocks = newEventBlocks(s)
	for _, b := range s.blocks {
		if at, ok := s.resumed.was.Detected[b.plan.Name]; ok && s.resumed.unit(b.plan.Device) != nil {
			b.known.set(at)
		}
	}
	for _, u := range s.resumed.units {
		d, err := s.addAdopted(u)
		if err != nil {
			for _, u := range s.resumed.units {
				err = errors.Join(err, u.ring.Close())
				u.instance.Kill()
			}
			return err
		}
		s.addTo(d)
	}
	if len(s.devices) == len(s.o.Plan.Devices) {
		s.beginEvents() // all are there
	}
	for i, u := range s.resumed.units {
		s.goOnWith(u, s.devices[i])
	}
	return nil
}

// fail gives a run back that cannot go on, with what goes on of it already.
func (s *Session) fail(cause error) error {
	if len(s.devices) > 0 {
		return s.undo(cause)
	}
	return s.leaveAgain(cause)
}

// addAdopted makes an adopted device, as it was.
func (s *Session) addAdopted(u *adoptedUnit) (*device, error) {
	w, err := s.run.AdoptDevice(u.info)
	if err != nil {
		return nil, &Error{Class: ClassDisk, Device: u.plan.Name, Err: err}
	}
	d, err := s.newDevice(u.unit, u.info, u.kept.Hold, w, nil, u.taken)
	if err != nil {
		return nil, err
	}
	d.gen = u.taken.Was.Facts.Generation + 1
	d.restore(&u.state)
	d.startedAt, d.state = time.Now(), stateRecording
	d.readyNS.Store(clock.Mono())
	return d, nil
}

// goOnWith lets an adopted device record.
func (s *Session) goOnWith(u *adoptedUnit, d *device) {
	s.findAgain(u.state.Events)
	s.markAgain(u, d)
	so := "nothing is missing so far"
	if u.taken.Lost() {
		so = "samples were lost meanwhile"
	}
	d.run(u.taken.Generation(u.instance.Done()), u.kept.Began)
	s.runEvent(recording.Event{
		Kind: recording.EventAdopted, Device: d.name, Text: fmt.Sprintf("%s: its plugin (process %d) was taken over, %s", u.name(), u.instance.Pid(), so),
		Data: map[string]any{"pid": u.instance.Pid(), "since_journal_s": time.Duration(clock.Mono() - u.taken.Was.MonoNS).Seconds()},
	})
}
