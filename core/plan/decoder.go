package plan

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// decoder turns one text into one plan. All its methods run in the caller's goroutine.
type decoder struct {
	o       Options
	plan    *Plan
	p       problems
	ctx     *hcl.EvalContext // functions, var and local
	drivers map[string]*described
	blocks  int // that dynamic blocks have made, see maxDynamic
	// meant are the names that wrong names were most likely meant to be, by the body that they stand in: they are
	// not missed as well.
	meant map[place]map[string]bool
}

func newDecoder(filename string, o Options) *decoder {
	if filename == "" {
		filename = "plan" // every diagnostic names a file
	}
	if o.Env == nil {
		o.Env = func(string) (string, bool) { return "", false }
	}
	if o.ReadFile == nil {
		o.ReadFile = readLimited
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	return &decoder{
		o: o,
		plan: &Plan{
			filename: filename, files: map[string]*hcl.File{}, places: newPlaces(),
			tree: &node{},
		},
		drivers: map[string]*described{}, meant: map[place]map[string]bool{},
	}
}

// errTooLarge says that a file is larger than MaxSize.
var errTooLarge = fmt.Errorf("it is larger than %d MiB", MaxSize>>20)

// readLimited reads a file, and no more of it than MaxSize.
func readLimited(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Size() > MaxSize {
		return nil, fmt.Errorf("read %s: %w", path, errTooLarge)
	}
	b, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	if err == nil && len(b) > MaxSize {
		err = fmt.Errorf("read %s: %w", path, errTooLarge)
	}
	return b, err
}

// read reads a file of the user's, relative to the working directory.
func (d *decoder) read(path string) ([]byte, error) {
	b, err := d.o.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if len(b) > MaxSize {
		return nil, fmt.Errorf("read %s: %w", path, errTooLarge)
	}
	return b, nil
}

// beside returns path relative to the plan's folder.
func (d *decoder) beside(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(filepath.Dir(d.plan.filename), path)
}

// parse decodes the whole plan. It stops early only where all that follows would be noise.
func (d *decoder) parse(src []byte) (*Plan, hcl.Diagnostics) {
	d.plan.source = src
	if body, ok := d.syntax(src, d.plan.filename); ok {
		d.decode(body)
	}
	d.plan.secrets.seal()
	return d.plan, d.p.all(d.plan.Redact)
}

// decode reads the blocks in the order in which they need each other.
func (d *decoder) decode(body *hclsyntax.Body) {
	d.shape(body, rootSpec, "")
	d.variables(body)
	d.locals(body)
	d.run(body)
	d.devices(body)
	d.events(body)
	d.keeping()
	d.repeated()
	d.actions(body)
}

// syntax parses one HCL file after looking at its limits.
func (d *decoder) syntax(src []byte, filename string) (*hclsyntax.Body, bool) {
	d.plan.files[filename] = &hcl.File{Bytes: src}
	if diag := checkLimits(src, filename); diag != nil {
		d.p.add(diag)
		return nil, false
	}
	file, diags := hclsyntax.ParseConfig(src, filename, hcl.InitialPos)
	if file != nil {
		d.plan.files[filename] = file
	}
	if diags.HasErrors() {
		d.p.syntax(diags, src)
		return nil, false
	}
	return file.Body.(*hclsyntax.Body), true
}

// source returns the text of a range of the plan or of one of its variable files.
func (d *decoder) source(r hcl.Range) string {
	f := d.plan.files[r.Filename]
	if f == nil || !r.CanSliceBytes(f.Bytes) {
		return ""
	}
	return string(r.SliceBytes(f.Bytes))
}

// reasonOf returns why a file cannot be read, without its path.
func reasonOf(err error) string {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err.Error()
	}
	return err.Error()
}
