package recording

import "fmt"

// trimEvents cuts a torn end off events.jsonl, tells what is damaged, and returns its valid lines.
func (r *repairer) trimEvents() ([]Event, error) {
	var listed *FileSum // nil while the run has no end: its last line may be torn then
	if r.run != nil && r.run.State != StateRecording {
		listed = r.run.Events
	}
	b, err := r.fs.ReadFile(r.path(FileEvents))
	if missing(err) {
		if listed != nil {
			r.eventsLost("the file is missing")
		}
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	events, bad := parseEvents(b)
	told := int64(0) // so many bytes are as run.json has them: what is damaged in there is known
	switch {
	case listed == nil:
	case listed.Bytes >= 0 && listed.Bytes <= int64(len(b)) && UpdateChecksum(0, b[:listed.Bytes]) == listed.CRC32C:
		told = listed.Bytes
		// What a repair that was interrupted appended is listed by this one.
		r.report.Changed = r.report.Changed || told < int64(len(b))
	case len(bad) == 0:
		r.eventsLost(fmt.Sprintf("its %d bytes are not the %d that were sealed", len(b), listed.Bytes))
	default:
		r.report.Changed = true
	}
	whole := listed != nil && told == 0
	for _, e := range bad {
		if e.Offset >= told && (!e.Torn || whole) {
			r.report.Lines = append(r.report.Lines, e)
		}
	}
	for _, e := range bad {
		if e.Torn && e.Offset >= told {
			return events, r.truncate(FileEvents, e.Offset)
		}
	}
	return events, nil
}

// eventsLost tells that events.jsonl is not as it was sealed. Nothing can be brought back, so it is listed as it is from now on.
func (r *repairer) eventsLost(text string) {
	r.report.Unknown = append(r.report.Unknown, FileEvents+": "+text)
	r.report.Changed = true
}
