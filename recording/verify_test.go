package recording

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
)

func TestProofOfTheCorpus(t *testing.T) {
	for _, tc := range corpus {
		t.Run(tc.name, func(t *testing.T) {
			c := tc.shared(t)
			if c.value != nil {
				return // written from another signal
			}
			report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true})
			if !report.OK() {
				logReport(t, report)
				t.Error("verify is not content")
			}
			for _, s := range report.Streams {
				if s.Proven != s.Samples {
					t.Errorf("%s: %d of %d samples were compared with the signal", s.Name, s.Proven, s.Samples)
				}
			}
		})
	}
}

// TestProofNamesTheFirstWrongSample writes signals that are wrong although every checksum is right.
func TestProofNamesTheFirstWrongSample(t *testing.T) {
	signal, err := NewProof("IW123/0456", "A", 14, -32767, 32767)
	if err != nil {
		t.Fatal(err)
	}
	other, err := NewProof("IW123/0456", "B", 14, -32767, 32767)
	if err != nil {
		t.Fatal(err)
	}
	// moved returns the first index from i on at which two signals really differ.
	moved := func(i int64, f func(int64) int64) int64 {
		for f(i) == signal.At(i) {
			i++
		}
		return i
	}
	cases := []struct {
		name  string
		value func(i int64) int64
		want  int64
	}{
		{"one sample", func(i int64) int64 {
			if i == 777 {
				return signal.At(i) ^ 4
			}
			return signal.At(i)
		}, 777},
		{"a sample lost and not told", func(i int64) int64 {
			if i >= 500 {
				i++
			}
			return signal.At(i)
		}, 500},
		{"a sample twice", func(i int64) int64 {
			if i >= 600 {
				i--
			}
			return signal.At(i)
		}, 600},
		{"another channel from some place on", func(i int64) int64 {
			if i >= 900 {
				return other.At(i)
			}
			return signal.At(i)
		}, 900},
		{"the first sample", func(i int64) int64 { return signal.At(i + 1) }, 0},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			c := newCorpusRun(t, corpusInfo(400, StreamInfo{Channel: "A"}))
			c.value = func(_ int, i int64) float64 { return float64(tc.value(i)) }
			c.epoch(0, "start")
			for range 6 {
				c.addAll(200)
				c.sync()
			}
			c.end()
			if report := mustVerify(t, c.fs, c.dir(), VerifyOptions{}); !report.OK() {
				t.Error("checksums are right, but verify is not content without the proof")
			}
			report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true})
			damage := report.Damage()
			if len(damage) == 0 {
				t.Fatal("nothing was found")
			}
			want := moved(tc.want, tc.value)
			d := damage[0]
			if d.Kind != DamageProof || d.Proof.StreamIndex != want || d.Proof.DeviceIndex != want || d.Segment != int(want/400) ||
				d.Proof.Have != tc.value(want) || d.Proof.Want != signal.At(want) {
				t.Errorf("first wrong sample is %+v of segment %d, want %d", d.Proof, d.Segment, want)
			}
			if wantTime := Timestamp(testEpochUTC + 1000*want); d.Start != wantTime {
				t.Errorf("its time is %s, want %s", d.Start, wantTime)
			}
		})
	}
}

// TestProofBehindLossThatNobodyCounted lets the signal go on further than the device index says: the producer did not know of a loss.
func TestProofBehindLossThatNobodyCounted(t *testing.T) {
	signal, err := NewProof("IW123/0456", "A", 14, -32767, 32767)
	if err != nil {
		t.Fatal(err)
	}
	const lostAt, lost = 830, 57 // inside the window [700, 900), near the estimate of 50
	for _, tc := range []struct {
		name string
		lost int64
		ok   bool
	}{{"within the bounds", lost, true}, {"outside of the bounds", 75, false}} {
		t.Run(tc.name, func(t *testing.T) {
			c := newCorpusRun(t, corpusInfo(0, StreamInfo{Channel: "A"}))
			told := false
			c.value = func(_ int, i int64) float64 {
				if told {
					i -= 50 // the device index has the estimate in it by now
				}
				if i >= lostAt {
					i += tc.lost
				}
				return float64(signal.At(i))
			}
			c.epoch(0, "start")
			c.addAll(600)
			c.sync()
			c.addAll(600)
			c.sync()
			c.inferred(0, 700, 900)
			told = true
			c.addAll(300)
			c.end()
			report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true})
			if report.OK() != tc.ok {
				logReport(t, report)
				t.Errorf("verify is content: %v, want %v", report.OK(), tc.ok)
			}
			if d := report.Damage(); !tc.ok && (len(d) == 0 || d[0].Proof.StreamIndex != lostAt) {
				t.Errorf("first wrong sample: %v, want %d", d, lostAt)
			}
		})
	}
}

func TestVerifyRefuses(t *testing.T) {
	m := newMemFS()
	m.dirs["/empty"] = true
	if _, err := Verify(context.Background(), "/empty", VerifyOptions{FS: m}); !errors.Is(err, ErrNotRecording) {
		t.Errorf("an empty folder: %v", err)
	}
	if _, err := Repair(context.Background(), "/empty", RepairOptions{FS: m}); !errors.Is(err, ErrNotRecording) || len(m.names) > 0 {
		t.Errorf("repair of an empty folder: %v, files %v", err, m.names)
	}
	c := damageRun(t, 0, true)
	later := c.crashed()
	later.edit(filepath.Join(c.dir(), FileRun), func(b []byte) []byte {
		run, err := ParseRun(b)
		c.must(err)
		run.FormatVersion = "2.0"
		b, err = run.Encode()
		c.must(err)
		return b
	})
	var version *VersionError
	if _, err := Verify(context.Background(), c.dir(), VerifyOptions{FS: later}); !errors.As(err, &version) {
		t.Errorf("a later major version: %v", err)
	}
	if _, err := Repair(context.Background(), c.dir(), RepairOptions{FS: later}); !errors.As(err, &version) {
		t.Errorf("repair of a later major version: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Verify(ctx, c.dir(), VerifyOptions{FS: c.fs}); !errors.Is(err, context.Canceled) {
		t.Errorf("a context that has ended: %v", err)
	}
}

func TestVerifyProgressEndsAtTheTotal(t *testing.T) {
	c := damageRun(t, 250, true)
	var last, total int64
	mustVerify(t, c.fs, c.dir(), VerifyOptions{Progress: func(done, all int64) {
		if done < last || done > all {
			t.Errorf("%d of %d behind %d", done, all, last)
		}
		last, total = done, all
	}})
	if last != total || total != 2*2*630 {
		t.Errorf("progress ended at %d of %d bytes", last, total)
	}
}

func TestVerifyBesideRetention(t *testing.T) {
	c := newCorpusRun(t, corpusInfo(100, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"}))
	c.epoch(0, "start")
	for range 8 {
		c.addAll(100)
		c.sync()
	}
	dropped := 0
	report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Progress: func(int64, int64) {
		if dropped < 4 {
			if _, err := c.run.DropOldest(); err != nil {
				t.Error(err)
			}
			dropped++
		}
	}})
	if !report.OK() {
		logReport(t, report)
		t.Error("segments that were dropped while they were read are told of as damage")
	}
	c.end()
	r, err := OpenWith(c.dir(), OpenOptions{FS: c.fs})
	if err != nil {
		t.Fatal(err)
	}
	checkTruth(t, c, r, c.synced[len(c.synced)-1].n)
	if s := r.Stream("cell.A"); s.Start() != 400 || s.Samples() != 400 {
		t.Errorf("%d samples from stream index %d on are left", s.Samples(), s.Start())
	}
	if report := mustVerify(t, c.fs, c.dir(), VerifyOptions{Proof: true}); !report.OK() {
		logReport(t, report)
		t.Error("verify is not content with what is left")
	}
}
