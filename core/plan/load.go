package plan

import (
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/scopelog/scopelog/driver"
)

// MaxSize is the largest plan, in bytes. Larger ones are refused unread.
const MaxSize = 4 << 20

// Options say where a plan's outside values come from and what it is checked against. The zero value parses a
// plan without variables, environment and drivers.
type Options struct {
	Vars     map[string]string // --var NAME=TEXT; wins over VarFiles
	VarFiles []string          // --var-file PATH: files of NAME = VALUE lines; later ones win
	// Env looks up an environment variable for env(). nil: every variable is unset.
	Env func(name string) (string, bool)
	// Home is the user's home folder, for an output that begins with "~/". Empty: such a plan is refused.
	Home string
	// ReadFile reads plans, variable files and the files of file() and of generator waves. nil: from the disk.
	ReadFile func(path string) ([]byte, error)
	// Describe gets a driver's own description. When it is nil or fails, a warning says that the devices of the
	// driver are not checked against options and limits. It is asked once per driver.
	Describe func(name string) (driver.Description, error)
	// Drivers are the names of the drivers that are known, for suggestions.
	Drivers []string
	// Now is the present time, for until. Zero: the machine's.
	Now time.Time
	// Ready names the parts of the language that the caller can carry out beyond recording devices at once;
	// plans that use another are refused with its place.
	Ready []Feature
}

// Feature is a part of the language that is parsed and checked always, and accepted only when the program can do
// it.
type Feature string

// The features.
const (
	FeatureSchedule Feature = "schedule" // the schedule block
	FeatureEvents   Feature = "events"   // keep = "events", with before and after of events
)

// Load reads the plan in a file and parses it. Paths inside the plan that name files to read are taken relative to
// the plan's folder.
func Load(path string, o Options) (*Plan, hcl.Diagnostics) {
	d := newDecoder(path, o)
	src, err := d.read(path)
	if err != nil {
		d.plan.files[path] = &hcl.File{}
		return d.plan, hcl.Diagnostics{{
			Severity: hcl.DiagError, Summary: "The plan cannot be read", Detail: err.Error() + ".",
			Subject: &hcl.Range{Filename: path, Start: hcl.InitialPos, End: hcl.InitialPos},
		}}
	}
	return d.parse(src)
}

// Parse parses a plan's text. The filename is for diagnostics and for the folder that other files are taken
// relative to; it need not exist.
func Parse(src []byte, filename string, o Options) (*Plan, hcl.Diagnostics) {
	return newDecoder(filename, o).parse(src)
}

// Source returns the plan's text as given. The caller does not change it.
func (p *Plan) Source() []byte { return p.source }

// Filename returns the name that the plan was parsed under.
func (p *Plan) Filename() string { return p.filename }

// Files returns the parsed files by name, for [WriteDiagnostics]: the plan and its variable files.
func (p *Plan) Files() map[string]*hcl.File { return p.files }

// Device returns the named device, nil when there is none.
func (p *Plan) Device(name string) *Device {
	for _, d := range p.Devices {
		if d.Name == name {
			return d
		}
	}
	return nil
}
