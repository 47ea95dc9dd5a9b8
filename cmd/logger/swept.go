package main

import (
	"path/filepath"
	"slices"

	"github.com/scopelog/scopelog/outfile"
)

// sweptBeside removes what processes that were killed have left in the folders of files that will be written: before the disk fills, as it may be large.
// It returns notes that tell; an empty name is no file.
func sweptBeside(files ...string) (notes []string) {
	var folders []string
	for _, name := range files {
		if dir := filepath.Dir(name); name != "" && !slices.Contains(folders, dir) {
			folders = append(folders, dir)
		}
	}
	for _, dir := range folders {
		for _, path := range outfile.Sweep(dir) {
			notes = append(notes, "removed "+path+", which was left by a process that was killed while it wrote")
		}
	}
	return notes
}
