package recording

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
)

// Adoptable is a device of a run that was cut off, as its journal has it: enough for another process to go on with its ring, without a gap, where the
// plugin that fills it still runs (docs/format/ring.md).
type Adoptable struct {
	Name   string
	Serial string
	Facts  RingFacts // those of the latest journal line that has any
	MonoNS int64     // when that line was written, in the present boot
	Epochs []RunEpoch
	// Clocks are the clock pairs of the segment that records and the one before it, ascending.
	Clocks []ClockPair
	// Streams says where each stream stood at that line, by name.
	Streams map[string]AdoptableStream
	// Begun is the time of the device's first sample; 0: it had none.
	Begun Timestamp

	state *adoptState
}

// AdoptableStream is where a stream stood.
type AdoptableStream struct {
	Samples  int64     // stream index of the next sample
	Next     int64     // device index of the next sample if nothing is lost
	Captures []Capture // of the segment that records, ascending; shared, not to be changed
}

// adoptState is what is needed to open the device again.
type adoptState struct {
	segment  int   // that records; the last one
	sealed   bool  // it is sealed, the next one has not begun
	line     int64 // seq of the journal line
	epoch    int   // that the line names: of the latest sample
	fold     *journalFold
	parts    []*partInfo // that were read
	nextPart int
	nextSeq  int64
	again    map[int][]ClockPair // of later segments that had begun, whose journal is written again
}

// adoptLocked goes on with a run of which devices are adopted; nil when none is.
func adoptLocked(dir string, o ResumeOptions, lock io.Closer) (*Resumed, error) {
	if o.Adopt == nil {
		return nil, nil
	}
	v, err := peekRun(o.FS, dir)
	if err != nil || v.run == nil {
		return nil, err
	}
	if err := acceptRun(dir, v.run, o.Accept); err != nil {
		return nil, err
	}
	for _, e := range v.changedPlans() {
		return nil, e
	}
	if adopted := v.tryAdopt(o); len(adopted) > 0 {
		return resumeAdopted(v, o, lock, adopted)
	}
	return nil, nil
}

// tryAdopt asks for each device whose journal allows it whether it is adopted. Nothing is changed. It returns those that are.
func (v *inventory) tryAdopt(o ResumeOptions) map[string]*Adoptable {
	if o.Adopt == nil || v.run == nil || v.run.State != StateRecording || v.run.Ended != 0 {
		return nil
	}
	adopted := map[string]*Adoptable{}
	for i := range v.run.Devices {
		rd := &v.run.Devices[i]
		a, err := v.adoptable(rd, o.BootID)
		if o.Adopt(v.run, rd.Name, a, err) {
			adopted[rd.Name] = a
		}
	}
	return adopted
}

// resumeAdopted opens a run of which devices are adopted. It looks at no more than these need: what else there is, perhaps thousands of files, is for
// [Resumed.Rest], as their rings fill up meanwhile.
func resumeAdopted(v *inventory, o ResumeOptions, lock io.Closer, adopted map[string]*Adoptable) (*Resumed, error) {
	p := &resumer{inventory: v, o: o, adopted: adopted}
	events, err := p.tidy()
	if err != nil {
		return nil, err
	}
	run, err := p.open(lock, *v.run)
	if err != nil {
		return nil, err
	}
	return &Resumed{Run: run, Before: *v.run, Detected: latestDetected(events), Marks: marksOf(events), rest: p}, nil
}

// MaxDetected is how many events of an event block [Resumed].Detected tells of.
const MaxDetected = 1000

// latestDetected finds the last events of each event block, by its name.
func latestDetected(events []Event) map[string][]int64 {
	latest := map[string][]int64{}
	for i := range events {
		e := &events[i]
		name, ok := e.Data["event"].(string)
		if !ok || e.Kind != EventDetected || e.Index == nil {
			continue
		}
		latest[name] = append(latest[name], *e.Index)
	}
	for name, list := range latest {
		latest[name] = slices.Clone(list[max(len(list)-MaxDetected, 0):])
	}
	return latest
}

// tidy removes what would be in the way: the control socket of a process that has died, and the torn end of the events. It returns the
// events that there are.
func (p *resumer) tidy() ([]Event, error) {
	r := &repairer{inventory: p.inventory, o: RepairOptions{FS: p.o.FS, Now: p.o.Now}, report: &RepairReport{}}
	entries, err := p.fs.ReadDir(p.dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if r.deadSocket(e) {
			if err := r.remove(e.Name()); err != nil {
				return nil, err
			}
		}
	}
	return r.trimEvents()
}

// Rest does what was left for later when devices were adopted: it repairs the others, so that [Run.ResumeDevice] takes them, removes what is left over,
// and fills Report and Devices in. It runs beside the devices that record, and is called once; without adopted devices it does nothing.
func (r *Resumed) Rest(ctx context.Context) error {
	if r.rest == nil {
		return nil
	}
	p := r.rest
	r.rest = nil
	if err := p.repairOthers(ctx, r); err != nil {
		return fmt.Errorf("resume %s: %w", p.dir, err)
	}
	for _, d := range p.found {
		r.Devices = append(r.Devices, d.ResumedDevice)
	}
	return nil
}

// repairOthers repairs the devices that were not adopted, while others record.
func (p *resumer) repairOthers(ctx context.Context, res *Resumed) error {
	inv, err := takeInventory(p.o.FS, p.dir)
	if err != nil {
		return err
	}
	run := res.Run
	others := slices.ContainsFunc(inv.devicesLeft(), func(name string) bool { return p.adopted[name] == nil })
	r := &repairer{
		inventory: inv, ctx: ctx, o: RepairOptions{FS: p.o.FS, Now: p.o.Now}, report: &res.Report, done: map[segmentRef]bool{}, keepOpen: true, apart: p.adopted,
	}
	res.Report.Dir = p.dir
	if err := r.repair(); err != nil {
		return err
	}
	if len(res.Report.Unreadable) > 0 {
		return fmt.Errorf("it cannot be repaired now: %s", res.Report.Unreadable[0])
	}
	if inv, err = takeInventory(p.o.FS, p.dir); err != nil {
		return err
	}
	run.update(func(f *RunFile) {
		for i := range r.runNew.Devices {
			rd := r.runNew.Devices[i]
			if p.adopted[rd.Name] != nil {
				continue
			}
			if have := f.Device(rd.Name); have != nil {
				*have = rd
			} else {
				f.Devices = append(slices.Clip(f.Devices), rd)
			}
		}
	})
	full := run.Info()
	p.inventory = inv
	p.run = &full
	if err := p.devices(); err != nil {
		return err
	}
	run.mu.Lock()
	run.sealed = append(p.sealedBefore(run.sealed), run.sealed...)
	for _, d := range p.found {
		run.goesOn[d.Name] = d
	}
	run.file.Devices = p.known(run.file.Devices)
	run.dirty = true
	run.mu.Unlock()
	if !others {
		return run.save()
	}
	return errors.Join(run.save(), run.Event(Event{Kind: EventRepaired, Text: res.Report.text()}), run.Event(Event{Kind: EventResumed, Text: "behind: " + endText(res.Before)}))
}

// devicesLeft names the devices that run.json or any file tells of.
func (v *inventory) devicesLeft() []string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if v.run != nil {
		for i := range v.run.Devices {
			add(v.run.Devices[i].Name)
		}
	}
	for _, m := range v.metas {
		add(m.global.Device)
	}
	return names
}

// known leaves out the devices that have recorded nothing: those are added anew.
func (p *resumer) known(list []RunDevice) []RunDevice {
	return slices.DeleteFunc(slices.Clone(list), func(rd RunDevice) bool {
		return p.adopted[rd.Name] == nil && !slices.ContainsFunc(p.found, func(d *resumedDevice) bool { return d.Name == rd.Name })
	})
}

// sealedBefore lists the segments that were sealed when the run was resumed, in their order, without those that were since.
func (p *resumer) sealedBefore(since []segmentRef) []segmentRef {
	return slices.DeleteFunc(p.sealedSegments(), func(ref segmentRef) bool { return slices.Contains(since, ref) })
}

// peekRun reads of a run's folder what [inventory.tryAdopt] begins with: run.json and the names of the files.
func peekRun(fsys FS, dir string) (*inventory, error) {
	v := &inventory{fs: fsys, dir: dir, metaErrs: map[string]error{}}
	if err := v.readRun(); err != nil {
		return nil, err
	}
	entries, err := fsys.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read recording: %w", err)
	}
	for _, e := range entries {
		if !e.IsDir() && e.Name()[0] != '.' {
			v.names = append(v.names, e.Name())
		}
	}
	v.journals = groupParts(v.names)
	return v, nil
}

// fileSize returns the length of a file of the folder, -1 when it is missing.
func (v *inventory) fileSize(name string) (int64, error) {
	info, err := v.fs.Stat(filepath.Join(v.dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return -1, nil
	}
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
