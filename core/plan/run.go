package plan

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/scopelog/scopelog/units"
)

// longest is the end of every duration that has no sensible one.
const longest = time.Duration(maxInt)

// run decodes the run block. There is exactly one.
func (d *decoder) run(body *hclsyntax.Body) {
	var found *hclsyntax.Block
	for _, b := range body.Blocks {
		if b.Type == "run" {
			found = b
			break
		}
	}
	if found == nil {
		if d.meant[placeOf(ptr(body.MissingItemRange()))]["run"] {
			return
		}
		d.p.add(errorAt(hcl.Range{Filename: d.plan.filename, Start: hcl.InitialPos, End: hcl.InitialPos}, "The run block is missing",
			"Write run \"NAME\" { output = \"recordings\" }: it names the run and says where recordings go."))
		return
	}
	if len(found.Labels) != 1 {
		return
	}
	r := &d.plan.Run
	r.Name = found.Labels[0]
	d.checkName(r.Name, "run", runName, runNameRule, found.LabelRanges[0])
	out := d.plan.tree.object("run")
	out.set("name", r.Name)
	b := d.open(d.expand(found.Body, d.ctx), found.DefRange(), runSpec, "run", d.ctx, out)
	d.plan.places.ranges["run.name"] = found.LabelRanges[0]
	r.Output, _ = b.text("output")
	if r.Output == "" && b.has("output") && !b.isBad("output") {
		b.fail("output", "output is empty", `Write the folder that recordings go to, such as "recordings", or "." for the working directory.`)
	}
	b.home(r)
	b.runEnd(r)
	r.Sync = b.duration("sync", "1s", 100*time.Millisecond, 30*time.Second)
	r.MaxMemory, _ = quantity(b, "max_memory", "25%", parseMemory)
	r.Hold = b.duration("hold", "4s", 500*time.Millisecond, time.Hour)
	r.Adopt = b.duration("adopt", "3s", 0, time.Hour)
	r.SHA512 = b.boolean("sha512", false)
	r.Keep = choice(b, "keep", KeepAll, KeepEvents)
	if r.Keep == KeepEvents {
		b.notReady(FeatureEvents, b.place("keep"), `keep = "events"`)
	}
	r.Notes = b.told("notes")
	b.printable("notes", strings.NewReplacer("\n", "", "\t", "", "\r\n", "").Replace(r.Notes))
	r.Tags, _ = b.texts("tags")
	b.printable("tags", strings.Join(r.Tags, ""))
	if expr, secret := b.secretExpression("tags"); secret {
		r.Tags = []string{expr}
	}
	b.disk(r)
	b.plugins(r)
	b.schedule(r)
	r.Rotate, _ = quantity(b, "rotate", "", parseRotate)
	switch {
	case b.has("rotate"):
	case r.Keep == KeepEvents && !b.isBad("keep") && !b.badEnd():
		r.Rotate = rotateToKeep(r)
		out.set("rotate", units.FormatDuration(r.Rotate.Every))
	case !b.isBad("disk") && (r.Endless() && !b.badEnd() || r.Disk.WhenLow == WhenLowDropOldest):
		r.Rotate = Rotate{Every: time.Hour}
		out.set("rotate", "1h")
	}
}

// home puts the user's home folder in place of "~" at the front of output. Nothing else does: a shell does not see plans.
func (b *block) home(r *Run) {
	user, rest, _ := strings.Cut(filepath.ToSlash(r.Output), "/")
	if !strings.HasPrefix(user, "~") {
		return
	}
	if home := b.d.o.Home; user == "~" && home != "" {
		r.Output = filepath.Join(home, rest)
		b.record("output", r.Output)
		return
	}
	b.fail("output", "output begins with ~, and it is not known what that stands for",
		`Write the full path. "~/" alone is the home folder of the user, where that is known; "./~" is a folder of that name.`)
}

func (b *block) badEnd() bool {
	return b.isBad("duration") || b.isBad("samples") || b.isBad("until")
}

// runEnd reads what ends the run: at most one of three.
func (b *block) runEnd(r *Run) {
	b.exclusive("Write only one: a run ends by its duration, its number of samples, or a time.", "duration", "samples", "until")
	if b.has("duration") {
		r.Duration = b.duration("duration", "", time.Millisecond, longest)
	}
	r.Samples, _ = b.samples("samples", 1)
	until, ok := quantity(b, "until", "", parseTime)
	if !ok {
		return
	}
	if !until.After(b.d.o.Now) {
		b.fail("until", "until is in the past", fmt.Sprintf("It is %s now. Write a later time.", b.d.o.Now.UTC().Format(time.RFC3339)))
	}
	r.Until = until
}

// exclusive reports each of the attributes beyond the first that is written.
func (b *block) exclusive(detail string, names ...string) {
	first := ""
	for _, name := range names {
		switch {
		case !b.has(name):
		case first == "":
			first = name
		default:
			b.fail(name, fmt.Sprintf("%s and %s exclude each other", first, name), detail)
		}
	}
}

func parseTime(text string) (time.Time, error) {
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return t, &units.SyntaxError{Text: text, Want: "a time", Accepted: `"2030-01-31T06:00:00Z", or with an offset instead of Z: "2030-01-31T06:00:00+01:00"`}
	}
	return t.UTC(), nil
}

func parseMemory(text string) (Memory, error) {
	bad := func(reason string) (Memory, error) {
		return Memory{}, &units.SyntaxError{Text: text, Want: "an amount of memory", Accepted: `"25%" of the machine's, or "2GiB"`, Reason: reason}
	}
	if digits, ok := strings.CutSuffix(strings.TrimSpace(text), "%"); ok {
		n, err := strconv.Atoi(strings.TrimSpace(digits))
		if err != nil || n < 1 || n > 90 {
			return bad("it must be from 1% to 90%")
		}
		return Memory{Percent: n}, nil
	}
	n, err := units.ParseBytes(text)
	switch {
	case err != nil:
		return bad("")
	case n < 1<<20:
		return bad("it must be 1MiB or more")
	}
	return Memory{Bytes: n}, nil
}

func parseRotate(text string) (Rotate, error) {
	if text == "hourly" {
		return Rotate{Hourly: true}, nil
	}
	bad := func(reason string) (Rotate, error) {
		return Rotate{}, &units.SyntaxError{Text: text, Want: "a segment's length", Accepted: `"10m", "1GiB" or "hourly"`, Reason: reason}
	}
	if every, err := units.ParseDuration(text); err == nil {
		if every < time.Second {
			return bad("it must be 1s or more")
		}
		return Rotate{Every: every}, nil
	}
	size, err := units.ParseBytes(text)
	switch {
	case err != nil:
		return bad("")
	case size < 64<<10:
		return bad("it must be 64KiB or more")
	}
	return Rotate{Size: size}, nil
}

func (b *block) disk(r *Run) {
	r.Disk = Disk{KeepFree: 1 << 30, WhenLow: WhenLowStop, RetryFor: 10 * time.Minute}
	k := b.oneOrEmpty("disk")
	if free, ok := quantity(k, "keep_free", "1GiB", units.ParseBytes); ok {
		r.Disk.KeepFree = free
	}
	r.Disk.WhenLow = choice(k, "when_low", WhenLowStop, WhenLowDropOldest)
	r.Disk.RetryFor = k.duration("retry_for", "10m", 0, longest)
}

func (b *block) plugins(r *Run) {
	r.Plugins.Sandbox = SandboxAuto
	k := b.oneOrEmpty("plugins")
	if lock, ok := k.text("lock"); ok && lock != "" {
		r.Plugins.Lock = b.d.beside(lock)
	}
	r.Plugins.Sandbox = choice(k, "sandbox", SandboxAuto, SandboxOn, SandboxOff)
}

// notReady refuses a part of the language that the program cannot carry out. The empty feature is no program's.
func (b *block) notReady(f Feature, r hcl.Range, what string) {
	for _, ready := range b.d.o.Ready {
		if ready == f && f != "" {
			return
		}
	}
	b.d.p.add(errorAt(r, fmt.Sprintf("%s is not built into this version yet", what), "Remove it: it would have no effect."))
}
