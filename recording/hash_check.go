package recording

import (
	"crypto/sha512"
	"encoding/hex"
	"hash"
)

// hashCheck computes the SHA-512 of a data file. It is a visitor of [readItems].
type hashCheck struct{ sum hash.Hash }

func (h *hashCheck) visit(_ int64, p []byte) { h.sum.Write(p) }

func (h *hashCheck) hex() string { return hex.EncodeToString(h.sum.Sum(nil)) }

// newHashCheck returns what checks the SHA-512 of a segment; nil when its meta tells none.
func newHashCheck(g *Segment) *hashCheck {
	if g.Source != SourceMeta || g.Global.SHA512 == "" {
		return nil
	}
	return &hashCheck{sha512.New()}
}

// hash compares the SHA-512 of a data file with what its meta says. Where damage of the file is known it says nothing new.
func (v *verifier) hash(g *Segment, r *StreamReport, have *hashCheck) {
	if have == nil || have.hex() == g.Global.SHA512 {
		return
	}
	for _, d := range r.Damage {
		if d.File == g.DataFile() {
			return
		}
	}
	v.report.problem(g.Base+ExtMeta, "core:sha512 is not that of %s", g.DataFile())
}

// newHash returns what computes the SHA-512 of a stream that is sealed; nil when nobody wants it, or the meta of the sealed segment tells it already: that
// one stays, whatever has become of the samples.
func (r *repairer) newHash(s *streamRepair) *hashCheck {
	for _, m := range r.metas {
		if m.base == s.base && m.global.State == StateSealed && m.global.SHA512 != "" {
			s.global.SHA512 = m.global.SHA512
			return nil
		}
	}
	if s.global.SHA512 = ""; !r.runNew.SHA512 {
		return nil
	}
	return &hashCheck{sha512.New()}
}
