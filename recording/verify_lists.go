package recording

// comparison is what came out when the lists of a sealed meta were compared with those of its journal.
type comparison struct {
	captures, annotations         int // of the journal
	sameCaptures, sameAnnotations bool
}

// compareLists compares the captures and annotations of the journal, which it sorts, with those of a meta.
func compareLists(t *streamFold, captures []Capture, annotations []Annotation) *comparison {
	sortLists(t.captures, t.annotations)
	t.known = nil // they are in the order of the stream now
	return &comparison{
		captures: len(t.captures), annotations: len(t.annotations),
		sameCaptures: equalRows(captures, t.captures, captureKey), sameAnnotations: equalRows(annotations, t.annotations, annotationKey),
	}
}

// compare does so for a sealed segment as soon as its journal has been read, and lets go of the journal's lists: a run of millions of waveforms must
// not be in memory twice.
func (v *inventory) compare(seg *segmentFold) {
	if seg.seal == nil || segmentHoles(seg) {
		return
	}
	for _, t := range seg.streams {
		m := v.meta(t.name, seg.number)
		if m == nil || m.global.State != StateSealed {
			continue
		}
		t.compared = compareLists(t, m.captures, m.annotations)
		t.captures, t.annotations = nil, nil
	}
}

// cloneLists returns copies of what the journal says.
func cloneLists(t *streamFold) ([]Capture, []Annotation) {
	return append([]Capture(nil), t.captures...), append([]Annotation(nil), t.annotations...)
}
