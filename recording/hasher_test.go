package recording

import (
	"context"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// checkHashes wants every data file's SHA-512 in its meta, and returns how many there are.
func checkHashes(t *testing.T, dir string) (n int) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"+ExtData))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		base := strings.TrimSuffix(filepath.Base(path), ExtData)
		sum := sha512.Sum512(mustRead(t, dir, base+ExtData))
		if have := readMetaFile(t, dir, base).Global.SHA512; have != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: core:sha512 is %q", base, have)
		}
		n++
	}
	return n
}

func TestHashesOfSealedFiles(t *testing.T) {
	blocks := rawInfo(0, "A", "B")
	blocks.Mode = ModeRapidBlock
	for i := range blocks.Streams {
		blocks.Streams[i].Global.WaveformSamples = 1000
	}
	for _, c := range []struct {
		name  string
		info  DeviceInfo
		write func(d *DeviceWriter)
		files int
	}{
		{"one long file", rawInfo(0, "A"), func(d *DeviceWriter) {
			for at := range int64(40) { // beyond the step of the hasher, and the window of the cache
				appendRamp(t, d, 0, at*300_000, 300_000)
				syncNow(t, d)
			}
		}, 1},
		{"segments of two streams", rawInfo(5000, "A", "B"), func(d *DeviceWriter) {
			for at := int64(0); at < 32_000; at += 1000 {
				appendRamp(t, d, 0, at, 1000)
				appendRamp(t, d, 1, at, 1000)
				syncNow(t, d)
			}
		}, 14},
		{"a file without samples", rawInfo(0, "A", "B"), func(d *DeviceWriter) { appendRamp(t, d, 0, 0, 100) }, 2},
		{"waveforms, the last of them cut off", blocks, func(d *DeviceWriter) {
			for n := range int64(5) {
				if err := d.BeginWaveform(Waveform{Number: n}); err != nil {
					t.Fatal(err)
				}
				appendRamp(t, d, 0, n*1000, 1000)
				if n == 4 {
					break
				}
				appendRamp(t, d, 1, n*1000, 1000)
				if err := d.EndWaveform(); err != nil {
					t.Fatal(err)
				}
				syncNow(t, d)
			}
		}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := testRun(t, Options{SHA512: true})
			d := testDevice(t, r, c.info)
			c.write(d)
			finish(t, r, d)
			checkSealed(t, r.Dir())
			if n := checkHashes(t, r.Dir()); n != c.files {
				t.Errorf("%d files, want %d", n, c.files)
			}
			if report := mustVerify(t, OSFS(), r.Dir(), VerifyOptions{}); !report.OK() {
				logReport(t, report)
			}
		})
	}
}

// TestVerifyChecksHashes changes a meta's SHA-512, and with it all that vouches for the meta.
func TestVerifyChecksHashes(t *testing.T) {
	r := testRun(t, Options{SHA512: true})
	d := testDevice(t, r, rawInfo(0, "A"))
	appendRamp(t, d, 0, 0, 1000)
	finish(t, r, d)
	m := readMetaFile(t, r.Dir(), "cell.A")
	m.Global.SHA512 = strings.Repeat("0", 128)
	b, err := m.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.Dir(), "cell.A"+ExtMeta), b, 0o600); err != nil {
		t.Fatal(err)
	}
	report := mustVerify(t, OSFS(), r.Dir(), VerifyOptions{})
	found := false
	for _, p := range report.Problems {
		found = found || strings.Contains(p.Text, "core:sha512 is not that of cell.A.sigmf-data")
	}
	if !found {
		t.Errorf("problems %v", report.Problems)
	}
}

// TestRepairHashesTheWholeFile: a file that a crash left is hashed from its first sample on, and one that was sealed keeps what it had.
func TestRepairHashesTheWholeFile(t *testing.T) {
	r := testRun(t, Options{SHA512: true})
	d := testDevice(t, r, rawInfo(3000, "A", "B"))
	for at := int64(0); at < 5000; at += 1000 {
		appendRamp(t, d, 0, at, 1000)
		appendRamp(t, d, 1, at, 1000)
		syncNow(t, d)
	}
	appendRamp(t, d, 0, 5000, 500) // is not synced, and is cut off
	if err := r.Abandon(); err != nil {
		t.Fatal(err)
	}
	if _, err := Repair(context.Background(), r.Dir(), RepairOptions{}); err != nil {
		t.Fatal(err)
	}
	if n := checkHashes(t, r.Dir()); n != 4 {
		t.Errorf("%d files", n)
	}
	if report := mustVerify(t, OSFS(), r.Dir(), VerifyOptions{}); !report.OK() {
		logReport(t, report)
	}
	// Damage does not change what was said of the file.
	path := filepath.Join(r.Dir(), "cell.A-000000"+ExtData)
	b := mustRead(t, r.Dir(), "cell.A-000000"+ExtData)
	b[100] ^= 1
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	before := readMetaFile(t, r.Dir(), "cell.A-000000").Global.SHA512
	if err := os.Remove(filepath.Join(r.Dir(), "cell.A-000000.ov0.npy")); err != nil {
		t.Fatal(err)
	}
	if _, err := Repair(context.Background(), r.Dir(), RepairOptions{}); err != nil {
		t.Fatal(err)
	}
	if after := readMetaFile(t, r.Dir(), "cell.A-000000").Global.SHA512; after != before {
		t.Errorf("core:sha512 is %q behind a repair, and was %q", after, before)
	}
}

// TestResumeHashesAsBefore: a run that is resumed goes on to hash.
func TestResumeHashesAsBefore(t *testing.T) {
	r := testRun(t, Options{SHA512: true})
	d := testDevice(t, r, rawInfo(0, "A"))
	appendRamp(t, d, 0, 0, 1000)
	syncNow(t, d)
	if err := r.Abandon(); err != nil {
		t.Fatal(err)
	}
	again, err := Resume(context.Background(), r.Dir(), ResumeOptions{BootID: testBoot})
	if err != nil {
		t.Fatal(err)
	}
	d, err = again.Run.ResumeDevice(rawInfo(0, "A"))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.StartEpoch(Epoch{Base: 2000, BaseMin: 2000, BaseMax: 2000}); err != nil {
		t.Fatal(err)
	}
	if err := d.Gap(0, Gap{Cause: CauseCore, Lost: 1000, Exact: true}); err != nil {
		t.Fatal(err)
	}
	appendRamp(t, d, 0, 2000, 500)
	finish(t, again.Run, d)
	if n := checkHashes(t, r.Dir()); n != 2 {
		t.Errorf("%d files", n)
	}
}

// TestHashThatCannotBeRead: a disk that does not give the samples back holds up the sealing, but neither the syncs nor the drainer; what waits is bounded.
func TestHashThatCannotBeRead(t *testing.T) {
	for _, c := range []struct {
		name string
		back bool // the disk gives the samples back in the end
	}{{"for a while", true}, {"for good", false}} {
		t.Run(c.name, func(t *testing.T) {
			fsys := newFaultFS(func(_ int, op, name string) (error, bool) {
				if op == "read" && strings.HasSuffix(name, ExtData) {
					return syscall.EIO, false
				}
				return nil, false
			})
			r := testRun(t, Options{SHA512: true, FS: fsys})
			d := testDevice(t, r, rawInfo(1000, "A"))
			told := false
			for at := int64(0); at < 30_000; at += 1000 {
				appendRamp(t, d, 0, at, 1000)
				res, err := d.Sync(context.Background(), d.Checkpoint(nil, nil))
				if !res.Synced {
					t.Fatalf("at %d: %+v, %v", at, res, err)
				}
				told = told || errors.Is(err, syscall.EIO)
				if d.unhashed() > maxUnhashed+1 {
					t.Fatalf("%d segments wait", d.unhashed())
				}
			}
			for end := time.Now().Add(10 * time.Second); !told && time.Now().Before(end); time.Sleep(time.Millisecond) { // the hasher may have had no processor
				_, err := d.Sync(context.Background(), d.Checkpoint(nil, nil))
				told = errors.Is(err, syscall.EIO)
			}
			if !told {
				t.Error("no sync told of the disk")
			}
			if c.back { // but for one time
				var reads atomic.Int64
				fsys.set(func(_ int, op, name string) (error, bool) {
					if op == "read" && strings.HasSuffix(name, ExtData) && reads.Add(1) == 1 {
						return syscall.EIO, false
					}
					return nil, false
				})
			}
			err := d.Finish(context.Background(), SealStop, nil, nil)
			if (err == nil) != c.back {
				t.Fatalf("finish: %v", err)
			}
			if !c.back {
				return // the last ones wait for repair
			}
			if err := r.Close(End{Reason: "stop"}); err != nil {
				t.Fatal(err)
			}
			checkSealed(t, r.Dir())
			if report := mustVerify(t, OSFS(), r.Dir(), VerifyOptions{}); !report.OK() {
				logReport(t, report)
			}
			if readMetaFile(t, r.Dir(), "cell.A-000029").Global.SHA512 == "" {
				t.Error("the last file has no SHA-512 although it could be read in the end")
			}
		})
	}
}
