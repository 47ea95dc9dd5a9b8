package abicheck

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Family is the ABI of one vendor library.
type Family struct {
	Soname       string     // DT_SONAME on Linux
	Functions    []Function // public functions of the vendor's headers
	Undocumented []Function `json:"undocumented_exports"` // exported, in no header; without Returns where the type is unknown
	Callbacks    []Function // Name is the typedef of the function pointer
	Enums        []Enum
	Structs      []Struct
	Constants    []Constant
	Required     []string `json:"required_exports"` // what the vendor's Python wrapper resolves when it is imported
}

// Function is a function, or the type of a callback.
type Function struct {
	Name    string
	Returns string // exact C type
	Since   string // "experimental" or "newer": not in the main header of the table's version
	Args    []Argument
}

// Argument is one argument. CType is exact; enums appear as the integer that gcc picks.
type Argument struct {
	Name, CType    string
	Callback, Enum string // vendor typedef behind a void* or an integer, if any
}

// Enum is an enum of 4 bytes.
type Enum struct {
	Name, Tag, CType string
	Values           map[string]int64
}

// Struct is a struct packed to 1 byte. Sizes and offsets are bytes.
type Struct struct {
	Name, Tag string
	Size      int
	Fields    []Field
}

// Field is one field; CType may be an array such as int8_t[10].
type Field struct {
	Name, CType  string
	Offset, Size int
}

// Constant is a numeric macro; Value is a C expression.
type Constant struct{ Name, Value string }

// Table returns the table of one family, read from emulator/abi.json of the module in which the test runs.
func Table(family string) (*Family, error) {
	root, err := moduleRoot()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(filepath.Join(root, "emulator", "abi.json"))
	if err != nil {
		return nil, err
	}
	families := map[string]*Family{}
	if err := json.Unmarshal(text, &families); err != nil {
		return nil, fmt.Errorf("emulator/abi.json: %w", err)
	}
	f := families[family]
	if f == nil {
		return nil, fmt.Errorf("emulator/abi.json has no family %q", family)
	}
	return f, nil
}

// Function returns the function of that full name, or nil.
func (f *Family) Function(name string) *Function {
	for i := range f.Functions {
		if f.Functions[i].Name == name {
			return &f.Functions[i]
		}
	}
	return nil
}

// Struct returns the struct of that typedef name, or nil.
func (f *Family) Struct(name string) *Struct {
	for i := range f.Structs {
		if f.Structs[i].Name == name {
			return &f.Structs[i]
		}
	}
	return nil
}

// Value returns the number of an enumerator.
func (f *Family) Value(enumerator string) (int64, bool) {
	for _, e := range f.Enums {
		if v, ok := e.Values[enumerator]; ok {
			return v, true
		}
	}
	return 0, false
}

// signature is the type of a pointer to the function in C; voidCallbacks spells callbacks as void*.
func (f Function) signature(voidCallbacks bool) string {
	args := make([]string, 0, len(f.Args))
	for _, a := range f.Args {
		if a.Callback != "" && !voidCallbacks {
			args = append(args, a.Callback)
		} else {
			args = append(args, a.CType)
		}
	}
	return f.Returns + " (*)(" + strings.Join(args, ", ") + ")"
}

func (f Function) hasCallback() bool {
	for _, a := range f.Args {
		if a.Callback != "" {
			return true
		}
	}
	return false
}

// moduleRoot is the folder of the go.mod above the test's working directory.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		} else if !errors.Is(err, os.ErrNotExist) {
			return "", err
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("no go.mod above the working directory")
		}
		dir = up
	}
}
