package confine

// Rules say what a confined process may do with files. Reading and executing is allowed everywhere; nothing may be
// made, written, renamed or removed but what is named here.
type Rules struct {
	Write   []string // folders with all below them, or files, that may be written
	Create  []string // folders in which files may be made and written, but none removed
	Devices []string // folders of device files that may be opened for writing and controlled
}
