package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/adrg/xdg"

	"github.com/scopelog/scopelog/driver"
)

// ErrNotInstalled is within the error for a driver whose plugin is in none of the folders.
var ErrNotInstalled = errors.New("plugin is not installed")

// Plugin is a plugin binary that was found.
type Plugin struct {
	Name    string   // the driver's name, which is the file's
	Path    string   // absolute
	Problem string   // why it cannot be started; empty: nothing is known against it
	Hidden  []string // files of the same name in later folders, which are not used
	Checked bool     // the lock file has its checksum
}

// DefaultDirs is where plugins are looked for: plugins/ beside the program, the user's data folder, the system's.
// executable is the program's own path; empty: that folder is left out.
func DefaultDirs(executable string) []string {
	var dirs []string
	if executable != "" {
		if real, err := filepath.EvalSymlinks(executable); err == nil {
			executable = real
		}
		dirs = append(dirs, filepath.Join(filepath.Dir(executable), "plugins"))
	}
	dirs = append(dirs, filepath.Join(xdg.DataHome, "scopelog", "plugins"))
	if runtime.GOOS == "windows" {
		return dirs
	}
	return append(dirs, "/usr/local/lib/scopelog/plugins", "/usr/lib/scopelog/plugins")
}

var pluginName = regexp.MustCompile(`^[a-z][a-z0-9]{0,31}$`)

// nameOf is the driver's name of a file, empty when it cannot be a plugin.
func nameOf(file string) string {
	if runtime.GOOS == "windows" {
		base, ok := strings.CutSuffix(strings.ToLower(file), ".exe")
		if !ok {
			return ""
		}
		file = base
	}
	if !pluginName.MatchString(file) {
		return ""
	}
	return file
}

// List returns all plugins, by name. Of several with one name the first folder's counts. Folders that do not exist
// are no error; one that cannot be read is, beside what was found in the others.
func (h *Host) List() ([]Plugin, error) {
	found := map[string]*Plugin{}
	var errs []error
	for _, dir := range h.o.Dirs {
		dir, err := filepath.Abs(dir)
		if err != nil {
			errs = append(errs, fmt.Errorf("plugin folder: %w", err))
			continue
		}
		entries, err := os.ReadDir(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, fmt.Errorf("read plugin folder: %w", err))
		}
		for _, e := range entries {
			if p := h.look(dir, e.Name()); p != nil {
				if first := found[p.Name]; first != nil {
					first.Hidden = append(first.Hidden, p.Path)
				} else {
					found[p.Name] = p
				}
			}
		}
	}
	list := make([]Plugin, 0, len(found))
	for _, p := range found {
		list = append(list, *p)
	}
	slices.SortFunc(list, func(a, b Plugin) int { return strings.Compare(a.Name, b.Name) })
	return list, errors.Join(errs...)
}

// look judges one file; nil when it is no candidate.
func (h *Host) look(dir, file string) *Plugin {
	name := nameOf(file)
	if name == "" {
		return nil
	}
	p := &Plugin{Name: name, Path: filepath.Join(dir, file)}
	info, err := os.Stat(p.Path)
	switch {
	case err != nil:
		p.Problem = err.Error()
	case info.IsDir():
		return nil
	case !info.Mode().IsRegular():
		p.Problem = "it is no regular file"
	case runtime.GOOS != "windows" && info.Mode().Perm()&0o111 == 0:
		p.Problem = "it is not executable: chmod +x " + p.Path
	}
	if h.o.Lock != nil {
		_, p.Checked = h.o.Lock.Sums[name]
		if !p.Checked && p.Problem == "" {
			p.Problem = "the lock file " + h.o.Lock.Path + " does not name it"
		}
	}
	return p
}

// Find returns the plugin of a driver. The error is an *[driver.Error] of kind [driver.KindNotPlugin]; it wraps
// [ErrNotInstalled] when there is no such file, and then names the drivers that are there; where a folder could not be read, it wraps that error instead.
func (h *Host) Find(name string) (Plugin, error) {
	list, err := h.List()
	i := slices.IndexFunc(list, func(p Plugin) bool { return p.Name == name })
	if i >= 0 && list[i].Problem == "" {
		return list[i], nil
	}
	e := &driver.Error{Kind: driver.KindNotPlugin, Op: "find plugin"}
	if i >= 0 {
		e.Message = fmt.Sprintf("the plugin %s cannot be used: %s", list[i].Path, list[i].Problem)
		return list[i], e
	}
	if err != nil { // it may be where nobody could look
		e.Err, e.Message = err, fmt.Sprintf("the plugin of the driver %q was not found: %v", name, err)
		return Plugin{}, e
	}
	e.Err = ErrNotInstalled
	e.Message = fmt.Sprintf("there is no plugin for the driver %q", name)
	e.Advice = "looked in " + strings.Join(h.o.Dirs, ", ")
	if names := h.names(list); names != "" {
		e.Advice += "; installed: " + names
	}
	return Plugin{}, e
}

func (h *Host) names(list []Plugin) string {
	names := make([]string, len(list))
	for i, p := range list {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}
