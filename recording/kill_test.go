package recording

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// killEnv names the folder into which a copy of the test program records until it is killed.
const killEnv = "SCOPELOG_TEST_KILL_DIR"

// killBlocksEnv tells it to record waveforms: "1", or else a stream.
const killBlocksEnv = "SCOPELOG_TEST_KILL_BLOCKS"

// killWave is the length of those waveforms.
const killWave = 317

// TestKilledWriter kills a process that records as fast as it can, at random moments, and repairs what it left: everything that it had
// reported as synced is there, and every sample is the proof signal.
func TestKilledWriter(t *testing.T) {
	if dir := os.Getenv(killEnv); dir != "" {
		recordUntilKilled(t, dir)
		return
	}
	kills := 4
	if os.Getenv("SCOPELOG_LONG") == "1" {
		kills = 300
	} else if testing.Short() {
		kills = 2
	}
	for k := range kills {
		parent := t.TempDir()
		t.Setenv(killBlocksEnv, strconv.Itoa(k%2))
		synced := killWriter(t, parent, rand.IntN(12)+k%3, time.Duration(rand.IntN(3000))*time.Microsecond)
		runs, err := List(nil, parent)
		if err != nil || len(runs) != 1 || runs[0].Live {
			t.Fatalf("runs that are left: %+v, %v", runs, err)
		}
		dir := runs[0].Dir
		report, err := Repair(context.Background(), dir, RepairOptions{})
		if err != nil || report.Damage() {
			t.Fatalf("kill %d: repair: %+v, %v", k, report, err)
		}
		verified := mustVerify(t, nil, dir, VerifyOptions{Proof: true})
		if !verified.OK() {
			logReport(t, verified)
			t.Fatalf("kill %d: verify is not content", k)
		}
		for _, s := range verified.Streams {
			if k%2 == 1 && (s.Samples%killWave != 0 || s.Waveforms != s.Samples/killWave) {
				t.Errorf("kill %d: stream %s: %d samples, %d waveforms", k, s.Name, s.Samples, s.Waveforms)
			}
			if s.Proven != s.Samples || s.Samples < synced {
				t.Fatalf("kill %d: stream %s: %d of %d samples proven, %d were synced", k, s.Name, s.Proven, s.Samples, synced)
			}
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}

// killWriter starts the recording process, lets it report so many syncs, waits a little and kills it. It returns what was synced for sure.
func killWriter(t *testing.T, parent string, syncs int, wait time.Duration) (synced int64) {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, exe, "-test.run=^TestKilledWriter$")
	cmd.Env = append(os.Environ(), killEnv+"="+parent)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	seen := 0
	for lines.Scan() {
		if _, err := fmt.Sscanf(lines.Text(), "synced %d", &synced); err != nil {
			t.Errorf("the recording process says %q", lines.Text())
		}
		if seen++; seen == syncs+1 {
			time.AfterFunc(wait, func() { _ = cmd.Process.Kill() })
		}
	}
	if err := cmd.Wait(); err == nil || seen <= syncs {
		t.Fatalf("the recording process ended by itself behind %d syncs: %v", seen, err)
	}
	return synced
}

// recordUntilKilled records two streams with the proof signal, cut every 5000 samples.
func recordUntilKilled(t *testing.T, parent string) {
	run, err := Create(filepath.Clean(parent), "kill", Options{})
	if err != nil {
		t.Fatal(err)
	}
	info := corpusInfo(5000, StreamInfo{Channel: "A"}, StreamInfo{Channel: "B"})
	blocks := os.Getenv(killBlocksEnv) == "1"
	if blocks {
		info.Mode = ModeBlock
		for i := range info.Streams {
			info.Streams[i].Global.WaveformSamples = killWave
		}
	}
	d, err := run.AddDevice(info)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.StartEpoch(Epoch{}); err != nil {
		t.Fatal(err)
	}
	var signals [2]Proof
	for i, ch := range []string{"A", "B"} {
		if signals[i], err = NewProof("IW123/0456", ch, 14, -32767, 32767); err != nil {
			t.Fatal(err)
		}
	}
	for at, batch := int64(0), int64(0); ; batch++ {
		n := 200 + at%311
		if blocks { // a batch ends where the waveform does at the latest
			n = min(n, killWave-at%killWave)
			if at%killWave == 0 {
				if err := d.BeginWaveform(Waveform{Number: at / killWave}); err != nil {
					t.Fatal(err)
				}
			}
		}
		for i, signal := range signals {
			var p []byte
			for k := at; k < at+n; k++ {
				p = appendValue(p, Int16, float64(signal.At(k)))
			}
			if err := d.Append(i, at, p, Stamp{MonoNS: 1 + 1000*at, UTCNS: testEpochUTC + 1000*at}); err != nil {
				t.Fatal(err)
			}
		}
		at += n
		whole := at
		if blocks {
			whole -= at % killWave
			if at == whole {
				if err := d.EndWaveform(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if batch%3 == 2 {
			if _, err := d.Sync(context.Background(), d.Checkpoint(nil, nil)); err != nil {
				t.Fatal(err)
			}
			fmt.Printf("synced %d\n", whole)
		}
	}
}
