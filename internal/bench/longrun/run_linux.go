package longrun

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/hashicorp/go-hclog"

	"github.com/scopelog/scopelog/core/host"
	"github.com/scopelog/scopelog/core/plan"
	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/driver"
	"github.com/scopelog/scopelog/emulator"
	"github.com/scopelog/scopelog/recording"
)

// Options are what all runs need.
type Options struct {
	Bin string    // folder with plugins/, and with emulator/ for emulated units
	Out string    // folder on the disk to record to; each run has a folder of its own in it while it goes on
	Log io.Writer // what happens meanwhile, a line each; nil: nobody reads it
}

func (o *Options) say(format string, args ...any) {
	if o.Log != nil {
		fmt.Fprintf(o.Log, format+"\n", args...)
	}
}

// emulated tells whether there are emulated libraries.
func (o *Options) emulated() bool {
	_, err := os.Stat(filepath.Join(o.Bin, "emulator"))
	return err == nil
}

// place is where a run records, with a host for its plugins and a rig for what is emulated.
type place struct {
	o    *Options
	dir  string
	host *host.Host
	rig  *emulator.Rig
	id   [16]byte
	log  hclog.InterceptLogger
}

// newPlace makes a folder in o.Out. conf is the text of the rig; empty: nothing is emulated. Close takes all away.
func newPlace(o *Options, conf string) (p *place, err error) {
	if err := os.MkdirAll(o.Out, 0o755); err != nil {
		return nil, err
	}
	p = &place{o: o}
	if p.dir, err = os.MkdirTemp(o.Out, "scopelog-longrun-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(p.dir))
		}
	}()
	rig := filepath.Join(p.dir, "rig")
	if err := os.Mkdir(rig, 0o700); err != nil {
		return nil, err
	}
	if conf != "" {
		if p.rig, err = emulator.NewRig(rig, conf); err != nil {
			return nil, err
		}
	}
	if p.id, err = session.NewRunID(); err != nil {
		return nil, err
	}
	p.log = hclog.NewInterceptLogger(&hclog.LoggerOptions{Output: io.Discard, Level: hclog.Info})
	p.host = host.New(host.Options{
		Logger: p.log, Dirs: []string{filepath.Join(o.Bin, "plugins")}, RunID: p.id,
		Environ: append(os.Environ(), emulator.Variable+"="+rig, "SCOPELOG_EMULATOR="+filepath.Join(o.Bin, "emulator")),
	})
	return p, nil
}

// Close ends the host and removes the folder.
func (p *place) Close() error { return errors.Join(p.host.Close(), os.RemoveAll(p.dir)) }

// parse reads a plan, in which var.out is the folder to record to.
func (p *place) parse(ctx context.Context, text string) (*plan.Plan, error) {
	pl, diags := plan.Parse([]byte("variable \"out\" {}\n"+text), "longrun.hcl", plan.Options{
		Vars:     map[string]string{"out": filepath.Join(p.dir, "out")},
		Describe: func(name string) (driver.Description, error) { return p.host.Describe(ctx, name) },
	})
	if diags.HasErrors() {
		return nil, diags
	}
	return pl, nil
}

// start begins a run of a plan on a file system; nil: the real one.
func (p *place) start(ctx context.Context, pl *plan.Plan, fsys recording.FS) (*session.Session, error) {
	return session.Start(ctx, session.Options{
		Plan: pl, Host: p.host, RunID: p.id, Program: "scopelog longrun", FS: fsys, Logger: p.log, Force: true,
	})
}

// follow tells the caller of the time that passes, every tick, until the run ends, and returns its summary. A ctx that ends stops it in order.
func (p *place) follow(ctx context.Context, s *session.Session, tick time.Duration, each func(now time.Time)) (*session.Summary, error) {
	t := time.NewTicker(tick)
	defer t.Stop()
	done, notices := ctx.Done(), s.Notices()
	for {
		select {
		case <-done:
			s.Stop("interrupted")
			done = nil
		case n, ok := <-notices:
			if !ok {
				return s.Wait()
			}
			if n.Kind != "event" && n.Kind != "mark" {
				p.o.say("%s %s %s", n.Kind, n.Device, n.Text)
			}
		case now := <-t.C:
			each(now)
		}
	}
}

// abandon ends a run that cannot be followed.
func abandon(s *session.Session, err error) error {
	s.Stop("error")
	_, endErr := s.Wait()
	return errors.Join(err, endErr)
}

// lost sums up what a run lost, in samples of all streams.
func lost(sum *session.Summary) (samples int64, gaps int) {
	for _, d := range sum.Devices {
		for _, st := range d.Streams {
			samples += st.Lost
			gaps += st.Gaps
		}
	}
	return samples, gaps
}

// judge lists what is wrong with the end of a run of which nothing may be missing, and with its recording. Streams named in other do not have the
// proof signal.
func judge(sum *session.Summary, rep *recording.Report, other ...string) (problems []string) {
	if n, gaps := lost(sum); n != 0 || gaps != 0 || sum.Lost {
		problems = append(problems, fmt.Sprintf("%d samples were lost in %d gaps", n, gaps))
	}
	if sum.DeviceFailed || sum.DiskFailed {
		problems = append(problems, "the run failed: "+sum.EndReason)
	}
	for _, d := range sum.Devices {
		if d.Error != "" {
			problems = append(problems, d.Name+": "+d.Error)
		}
	}
	damage := slices.DeleteFunc(rep.Damage(), func(d recording.Damage) bool {
		return d.Kind == recording.DamageProof && slices.Contains(other, d.Stream)
	})
	if n := len(rep.Problems); n+len(damage) > 0 {
		problems = append(problems, fmt.Sprintf("verify found %d damaged ranges and %d problems: %v %v", len(damage), n, first(damage), first(rep.Problems)))
	}
	for _, s := range rep.Streams {
		if s.Proven < s.Samples && !slices.Contains(other, s.Name) {
			problems = append(problems, fmt.Sprintf("%s: %d of %d samples are proven", s.Name, s.Proven, s.Samples))
		}
	}
	return problems
}

func first[T any](list []T) []T { return list[:min(len(list), 1)] }

// proven counts the samples of a report, and those that the proof signal vouches for.
func proven(rep *recording.Report) (samples, proof int64) {
	for _, s := range rep.Streams {
		samples += s.Samples
		proof += s.Proven
	}
	return samples, proof
}
