package longrun

import (
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"github.com/scopelog/scopelog/core/session"
	"github.com/scopelog/scopelog/internal/bench/measure"
	"github.com/scopelog/scopelog/recording"
)

// DayReport is what an accelerated day has shown.
type DayReport struct {
	options    DayOptions
	seconds    float64
	summary    *session.Summary
	report     recording.Report
	watch      *watch
	hours      []hour // books at the end of each
	asked      int    // questions at the control socket that were answered
	marks      int
	unanswered error
}

// The bounds of a day. Of figures below a floor a percent is less than what comes and goes.
const (
	mostGrowth  = 1.0 // percent
	heapFloor   = 256 << 10
	memoryFloor = 1 << 20
	// settling is how many times as much memory may come while programs have only just begun, in the short form.
	settling = 4
)

// ThisManyHours is how much of a day the run stands for.
func (r *DayReport) ThisManyHours() float64 { return r.seconds * r.options.Speed / 3600 }

// Lost is how many samples of all streams were lost.
func (r *DayReport) Lost() int64 {
	n, _ := lost(r.summary)
	return n
}

// Problems lists what is not as it should be.
func (r *DayReport) Problems() []string {
	list := judge(r.summary, &r.report, "slow.A")
	for i := range r.watch.procs {
		list = append(list, r.watch.procs[i].problems(r.options.settling())...)
	}
	if due := int(r.ThisManyHours() * 3600 / dayStatus.Seconds()); r.asked < due/2 {
		list = append(list, fmt.Sprintf("the status was told %d times of %d: %v", r.asked, due, r.unanswered))
	}
	return append(list, r.unbounded()...)
}

func (o *DayOptions) settling() float64 {
	if o.Length < time.Minute {
		return settling
	}
	return 1
}

// problems says what of a process grows. Memory has so many times its floor.
func (p *watched) problems(floors float64) (list []string) {
	if p.err != nil {
		return []string{fmt.Sprintf("%s: %v", p.name, p.err)}
	}
	for _, f := range []struct {
		name   string
		figure func(look) float64
		floor  float64
	}{{"memory", rssOf, memoryFloor}, {"private memory", anonOf, memoryFloor}, {"Go heap", heapOf, heapFloor}} {
		g := p.growth(f.figure)
		if math.IsNaN(g.Early) {
			return []string{p.name + ": too few looks at its memory"}
		}
		if g.Change() > max(floors*f.floor, g.Early*mostGrowth/100) {
			list = append(list, fmt.Sprintf("%s: %s grows from %.0f to %.0f KiB", p.name, f.name, g.Early/1024, g.Late/1024))
		}
	}
	if g := p.kept(fdsOf); g.Change() > 0 {
		list = append(list, fmt.Sprintf("%s: %.0f descriptors become %.0f", p.name, g.Early, g.Late))
	}
	if g := p.kept(goroutinesOf); p.looks[0].heap > 0 && g.Change() > 0 {
		list = append(list, fmt.Sprintf("%s: %.0f goroutines become %.0f", p.name, g.Early, g.Late))
	}
	return list
}

// perHour is how many bytes of a class came with an hour of the day, of each but the first one, in which files are made.
func (r *DayReport) perHour(class int) (list measure.Series) {
	for i := 1; i < len(r.hours); i++ {
		list.Add(float64(r.hours[i].vol[class].grown - r.hours[i-1].vol[class].grown))
	}
	return list
}

// unbounded says which files grow with the length of the run: those that are lengthened bring the same with each hour, those that are
// replaced stay as long as they are.
func (r *DayReport) unbounded() (list []string) {
	if len(r.hours) < 8 {
		return nil // of a short form
	}
	grows := func(what string, early, late float64) {
		if late > 1.1*early+64<<10 {
			list = append(list, fmt.Sprintf("%s: %.0f KiB become %.0f KiB", what, early/1024, late/1024))
		}
	}
	for c, name := range classes {
		h := r.perHour(c)
		n := len(h)
		grows(name+" of an hour", h[n/4:n/2].Median(), h[3*n/4:].Median())
	}
	n := len(r.hours)
	grows("run.json", float64(r.hours[n/2].run), float64(r.hours[n-1].run))
	if a, b := r.hours[n/2].files, r.hours[n-1].files; b > a+a/10 {
		list = append(list, fmt.Sprintf("%d files become %d", a, b))
	}
	return list
}

// Print prints what was measured.
func (r *DayReport) Print(w io.Writer) error {
	o := &r.options
	fmt.Fprintf(w, "a day at %.0f times its speed: %.1f hours in %.0f s; syncs %s\n\n", o.Speed, r.ThisManyHours(), r.seconds,
		map[bool]string{true: "reach the disk", false: "are left out"}[o.Sync])
	t := measure.NewTable("what", "", "target")
	samples, proof := proven(&r.report)
	n, gaps := lost(r.summary)
	t.Add("recorded", fmt.Sprintf("%.1f GB", float64(r.summary.Bytes)/1e9), "")
	t.Add("lost", fmt.Sprintf("%d in %d gaps", n, gaps), measure.AtMost(0).Judge(float64(n), "%.0f"))
	t.Add("verified of what is left", fmt.Sprintf("%d samples, %d proven", samples, proof), "")
	t.Add("intervals of sync, segments of each device", fmt.Sprintf("%.0f, %.0f", r.ThisManyHours()*3600/daySync.Seconds(), r.ThisManyHours()*3600/dayRotate.Seconds()), "")
	t.Add("questions at the control socket, marks", fmt.Sprintf("%d, %d", r.asked, r.marks), "")
	if err := t.Write(w); err != nil {
		return err
	}
	fmt.Fprintln(w)
	if err := r.printMemory(w); err != nil {
		return err
	}
	fmt.Fprintln(w)
	return r.printFiles(w)
}

func (r *DayReport) printMemory(w io.Writer) error {
	t := measure.NewTable("in the second half", "resident MiB", "private MiB", "growth", "Go heap KiB", "growth", "descriptors", "goroutines")
	percent := func(g Growth) string { return fmt.Sprintf("%+.2f %%", g.Percent()) }
	for i := range r.watch.procs {
		p := &r.watch.procs[i]
		rss, anon, heap, fds, gor := p.growth(rssOf), p.growth(anonOf), p.growth(heapOf), p.kept(fdsOf), p.kept(goroutinesOf)
		heaps, growth, routines := "", "", ""
		if i == 0 {
			heaps, growth, routines = fmt.Sprintf("%.0f", heap.Late/1024), percent(heap), fmt.Sprintf("%.0f to %.0f", gor.Early, gor.Late)
		}
		t.Add(p.name, fmt.Sprintf("%.1f", rss.Late/(1<<20)), fmt.Sprintf("%.1f", anon.Late/(1<<20)), percent(rss), heaps, growth,
			fmt.Sprintf("%.0f to %.0f", fds.Early, fds.Late), routines)
	}
	return t.Write(w)
}

func (r *DayReport) printFiles(w io.Writer) error {
	if len(r.hours) < 2 {
		return nil
	}
	last := r.hours[len(r.hours)-1]
	t := measure.NewTable("files", "KiB an hour of the day", "written in all, MiB", "longest file, KiB")
	for c, name := range classes {
		t.Add(name, r.scaled(r.perHour(c)), fmt.Sprintf("%.1f", float64(last.vol[c].written)/(1<<20)), fmt.Sprintf("%.1f", float64(last.vol[c].largest)/1024))
	}
	var logs measure.Series
	for i := 1; i < len(r.hours); i++ {
		logs.Add(float64(r.hours[i].logs - r.hours[i-1].logs))
	}
	t.Add("logs", r.scaled(logs), "", "")
	if err := t.Write(w); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "\nrun.json %d bytes, %d files in the folder, at the end of the day's last full hour\n", last.run, last.files)
	return err
}

// scaled prints a series in KiB.
func (r *DayReport) scaled(s measure.Series) string {
	s = slices.Clone(s)
	for i := range s {
		s[i] /= 1024
	}
	return s.Format("%.1f")
}
