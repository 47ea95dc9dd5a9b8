package recording

import (
	"io"
	"io/fs"
)

// FS is every file operation of the writer, so that tests can let the n-th one fail or record them all. Paths are those of the operating
// system. All methods are safe for concurrent use. [OSFS] is the real one.
type FS interface {
	// Mkdir makes one folder; an existing one is fs.ErrExist.
	Mkdir(path string) error
	// OpenFile opens a regular file for reading and writing with the flags of package os, not through a link where the flags let it be written.
	OpenFile(path string, flag int, perm fs.FileMode) (File, error)
	// ReadFile returns a whole file.
	ReadFile(path string) ([]byte, error)
	// ReadDir lists a folder, sorted by name.
	ReadDir(path string) ([]fs.DirEntry, error)
	// Stat describes a file.
	Stat(path string) (fs.FileInfo, error)
	// Rename replaces newPath.
	Rename(oldPath, newPath string) error
	// Remove removes a file; a missing one is fs.ErrNotExist.
	Remove(path string) error
	// SyncDir makes a folder's entries durable.
	SyncDir(path string) error
	// FreeSpace returns the bytes that this user may still write to the file system of path.
	FreeSpace(path string) (int64, error)
	// Lock takes an exclusive lock, held until the result is closed. A lock that another process holds is [ErrLockHeld].
	Lock(path string) (io.Closer, error)
	// Locked tells whether another process holds that lock, without keeping others from taking it for longer than a moment. A file that is
	// missing is not locked.
	Locked(path string) (bool, error)
}

// File is an open file. One goroutine may write while another syncs.
type File interface {
	io.ReaderAt
	io.WriterAt
	io.Closer
	// Truncate sets the length and frees what was preallocated behind it.
	Truncate(size int64) error
	// At tells whether the name is that of this very file. It is an error where that cannot be told, as when the folder is not there.
	At(path string) (bool, error)
	// Size returns the length.
	Size() (int64, error)
	// DataSync is fdatasync: content and length are durable when it returns nil. After an error it must not be believed again.
	DataSync() error
	// Preallocate reserves space for [off, off+n) without changing the length. [ErrNotSupported] where that cannot be had.
	Preallocate(off, n int64) error
	// WriteBack starts writing [off, off+n) to the device; with wait it also waits for it and drops the range from the cache. An error with
	// wait is a failed sync, which a later DataSync may not report again.
	WriteBack(off, n int64, wait bool) error
}
