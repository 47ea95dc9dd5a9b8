package confine

import "errors"

// ErrNoFilter says that there is no filter of system calls.
var ErrNoFilter = errors.New("there is no filter of system calls")
