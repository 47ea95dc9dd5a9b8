package export

import (
	"crypto/sha512"
	"encoding/hex"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/scopelog/scopelog/recording"
	"github.com/scopelog/scopelog/recording/recordingtest"
)

// sigmfRuns are recordings of many kinds: what programs for SigMF read needs no export.
func sigmfRuns(t *testing.T) map[string]*recording.Recording {
	t.Helper()
	rescaled := recordingtest.New(t, recordingtest.Device(recordingtest.Analog("A"), port("D0-7")))
	rescaled.Add(300)
	rescaled.Annotate(0, recording.LabelDamaged, 250, 10)
	must(t, rescaled.Writer().Rescale(0, recording.Scaling{Scale: 0.01, Range: &[2]float64{-327, 327}}))
	rescaled.Add(100)
	info := recordingtest.Device(recordingtest.Analog("A"))
	info.RawInterval = recording.Fraction{Num: 10, Den: 1}
	slow := recordingtest.New(t, info)
	slow.Add(5)
	return map[string]*recording.Recording{
		"gaps and segments": gappy(t), "waveforms": blocks(t), "a changed range": rescaled.Open(), "a tenth of a hertz": slow.Open(),
	}
}

func TestRecordingsAreSigMF(t *testing.T) {
	needs(t, "numpy")
	t.Parallel()
	for name, r := range sigmfRuns(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			metas, err := filepath.Glob(filepath.Join(r.Dir(), "*"+recording.ExtMeta))
			if err != nil || len(metas) == 0 {
				t.Fatalf("%v, %v", metas, err)
			}
			hashes := map[string]string{}
			for _, path := range metas {
				content := []byte(text(t, path))
				meta, err := decodeObject(content)
				if err != nil {
					t.Fatal(err)
				}
				for _, b := range breaches(meta) {
					t.Errorf("%s: %s", filepath.Base(path), b)
				}
				base := strings.TrimSuffix(path, recording.ExtMeta)
				sum := sha512.Sum512(content)
				hashes[filepath.Base(base)] = hex.EncodeToString(sum[:])
				g, _ := meta["global"].(object)
				readSigMF(t, base, g["core:datatype"] == string(recording.Uint8))
			}
			file, err := decodeObject([]byte(text(t, filepath.Join(r.Dir(), recording.FileCollection))))
			if err != nil {
				t.Fatal(err)
			}
			for _, b := range breachesOfCollection(file) {
				t.Error(b)
			}
			c, _ := file["collection"].(object)
			streams, _ := c["core:streams"].([]any)
			for _, s := range streams {
				o, _ := s.(object)
				if name, _ := o["name"].(string); hashes[name] == "" || hashes[name] != o["hash"] {
					t.Errorf("the collection has the hash %v of %q, want %s", o["hash"], name, hashes[name])
				}
				delete(hashes, o["name"].(string))
			}
			if len(hashes) > 0 {
				t.Errorf("the collection lacks %v", hashes)
			}
		})
	}
}

// readSigMF lets a reader that knows the core namespace only read a file: every sample is its global index, of bytes what they hold of it.
func readSigMF(t *testing.T, base string, bytes bool) {
	t.Helper()
	dir := t.TempDir()
	cmd := exec.Command(python, "testdata/sigmf_core.py", base, dir)
	cmd.Stderr = os.Stderr
	if out, err := cmd.Output(); err != nil || !json.Valid(out) {
		t.Fatalf("%s: %v", out, err)
	}
	samples, index := doubles(t, filepath.Join(dir, "samples.f8")), doubles(t, filepath.Join(dir, "index.f8"))
	size := int64(2)
	if bytes {
		size = 1
		for i, n := range index {
			index[i] = float64(uint8(int(n)))
		}
	}
	if info, err := os.Stat(base + recording.ExtData); err != nil || info.Size() != size*int64(len(samples)) {
		t.Fatalf("%d samples, %v", len(samples), err)
	}
	sameSamples(t, filepath.Base(base), samples, index)
}

// TestRulesOfSigMF breaks each of them.
func TestRulesOfSigMF(t *testing.T) {
	t.Parallel()
	const whole = `{"global": {"core:datatype": "ri16_le", "core:version": "1.2.6", "core:sample_rate": 0.5, "core:offset": 10,
		"core:extensions": [{"name": "daq", "version": "1.0.0", "optional": true}], "daq:x": 1},
		"captures": [{"core:sample_start": 10, "core:datetime": "2026-11-20T08:00:00.5Z"}, {"core:sample_start": 20}],
		"annotations": [{"core:sample_start": 12, "core:sample_count": 3, "core:label": "x"}]}`
	meta, err := decodeObject([]byte(whole))
	if err != nil || len(breaches(meta)) > 0 {
		t.Fatalf("%v, %v", breaches(meta), err)
	}
	for _, c := range []struct{ name, old, new string }{
		{"no datatype", `"core:datatype": "ri16_le", `, ``},
		{"datatype without an order", `ri16_le`, `ri16`},
		{"byte with an order", `ri16_le`, `ri8_le`},
		{"no version", `"core:version": "1.2.6", `, ``},
		{"another version", `1.2.6`, `2.0.0`},
		{"rate of zero", `0.5,`, `0,`},
		{"rate as text", `0.5,`, `"0.5",`},
		{"negative offset", `"core:offset": 10`, `"core:offset": -1`},
		{"fraction of an index", `"core:offset": 10`, `"core:offset": 1.5`},
		{"unknown core key", `"core:offset"`, `"core:ofset"`},
		{"namespace that is not declared", `"daq:x"`, `"daw:x"`},
		{"key without a namespace", `"daq:x"`, `"x"`},
		{"extension without optional", `, "optional": true`, ``},
		{"extension with more", `"optional": true`, `"optional": true, "more": 1`},
		{"captures out of order", `"core:sample_start": 20`, `"core:sample_start": 9`},
		{"capture before the offset", `[{"core:sample_start": 10`, `[{"core:sample_start": 9`},
		{"capture without a start", `"core:sample_start": 10, `, ``},
		{"local time", `08:00:00.5Z`, `08:00:00.5+01:00`},
		{"annotation without a start", `"core:sample_start": 12, `, ``},
		{"negative count", `"core:sample_count": 3`, `"core:sample_count": -3`},
		{"one edge", `"core:label": "x"`, `"core:freq_lower_edge": 1`},
		{"no annotations", `"annotations"`, `"annotation"`},
		{"no captures", `"captures"`, `"capture"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			meta, err := decodeObject([]byte(strings.Replace(whole, c.old, c.new, 1)))
			if err != nil {
				t.Fatal(err)
			}
			if len(breaches(meta)) == 0 {
				t.Error("it is not seen")
			}
		})
	}
}
