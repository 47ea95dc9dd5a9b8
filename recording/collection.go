package recording

import (
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Collection is the content of a .sigmf-collection file, which names all recordings of a run.
type Collection struct {
	Collection CollectionObject `json:"collection"`
}

// CollectionObject is the one object of a collection.
type CollectionObject struct {
	Version    string            `json:"core:version"`
	Extensions []Extension       `json:"core:extensions"`
	Streams    []CollectionEntry `json:"core:streams"`
}

// CollectionEntry names one recording: base name without ending, and SHA-512 of its meta in hex.
type CollectionEntry struct {
	Name string `json:"name"`
	Hash string `json:"hash"`
}

// NewCollection returns the collection of the metas of a run; metas holds the content by file name. Entries are sorted by name.
func NewCollection(metas map[string][]byte) Collection {
	c := Collection{CollectionObject{Version: SigMFVersion, Extensions: []Extension{DaqExtension()}, Streams: []CollectionEntry{}}}
	for _, name := range slices.Sorted(maps.Keys(metas)) {
		c.add(name, metas[name])
	}
	return c
}

func (c *Collection) add(name string, meta []byte) {
	sum := sha512.Sum512(meta)
	c.Collection.Streams = append(c.Collection.Streams, CollectionEntry{strings.TrimSuffix(name, ExtMeta), hex.EncodeToString(sum[:])})
}

// Encode returns the bytes of the file.
func (c Collection) Encode() ([]byte, error) {
	b, err := marshal(c)
	if err != nil {
		return nil, fmt.Errorf("encode collection: %w", err)
	}
	return append(b, '\n'), nil
}

// writeCollection writes the collection of the segments that are left.
func (r *Run) writeCollection() error {
	info := r.Info()
	var names []string
	for _, d := range info.Devices {
		for _, s := range d.Segments {
			for name := range s.Files {
				if strings.HasSuffix(name, ExtMeta) {
					names = append(names, name)
				}
			}
		}
	}
	slices.Sort(names)
	c := NewCollection(nil)
	for _, name := range names {
		b, err := r.fsys.ReadFile(r.path(name))
		if err != nil {
			return fmt.Errorf("write collection: %w", err)
		}
		c.add(name, b)
	}
	b, err := c.Encode()
	if err != nil {
		return err
	}
	return writeFile(r.fsys, r.dir, FileCollection, b, true)
}
