package rigtest

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/scopelog/scopelog/recording"
)

// triggeredOn is a plan's device with a trigger on a piece that is played round and round, in both kinds of device.
func triggeredOn(t *testing.T, p piece, body string) (emulated, simulated *recording.Recording, counts map[string][]float64) {
	t.Helper()
	dir := t.TempDir()
	counts = p.files(t, dir)
	conf := fmt.Sprintf("[unit PLAYED]\nmodel = %s\nhurry = on\n", p.model)
	for i, s := range p.signals {
		conf += fmt.Sprintf("channel %c = replay file=%s range=5V full_scale=%d rate=%s interpolate=hold\n", 'A'+i, filepath.Join(dir, s.name+".i16"), s.most, p.rate)
	}
	l := newLab(t, conf)
	head := fmt.Sprintf("  resolution = \"%dbit\"\n", p.bits)
	sum := l.record(planOf("", device("d", p.driver, "PLAYED", head+p.channels(func(played) string { return "" })+body)))
	l.goodUse("PLAYED")
	emulated = l.open(sum.Dir)

	l = newLab(t, "")
	channels := p.channels(func(s played) string {
		return fmt.Sprintf("    sim {\n      signal = \"replay\"\n      file = %q\n      format = \"i16\"\n      playback = \"sample\"\n      amplitude = \"%.9fV\"\n    }\n",
			filepath.Join(dir, s.name+".i16"), 2*5/float64(s.most)*32768)
	})
	sum = l.record(planOf("", device("d", "sim", "PLAYED", head+channels+body+"  sim { pace = \"fast\" }\n")))
	return emulated, l.open(sum.Dir), counts
}

// TestReplayedMuons triggers on the recorded muons as their experiment did: each of 150 waveforms in a row holds another of the 150 pulses,
// with its edge where the trigger point is. The unit may be armed between a muon and its second pulse: what comes before the first muon is
// another place of the file.
func TestReplayedMuons(t *testing.T) {
	t.Parallel()
	p := pieces[0]
	const pre, length, before, early = 50, 3650, 200 - 50, 5
	level := (-0.035 + 0.14) / p.signals[0].step / float64(p.signals[0].most) * 5 // volts at the input
	e, s, counts := triggeredOn(t, p, fmt.Sprintf(`
  trigger {
    level "A" {
      direction = "falling"
      threshold = "%.6fV"
    }
  }
  rapid_block {
    sample_rate = %q
    pre         = %d
    post        = %d
    captures    = %d
  }
`, level, p.rate, pre, length-pre, 150+early))
	for name, rec := range map[string]*recording.Recording{"emulated": e, "simulated": s} {
		rows, triggers := waveforms(t, rec, "d.A")
		beside, _ := waveforms(t, rec, "d.B")
		if len(rows) != 150+early || len(rows[0]) != length {
			t.Fatalf("%s: %d waveforms of %d samples", name, len(rows), len(rows[0]))
		}
		seen, begun := map[int]bool{}, -1
		for i, w := range rows {
			first := slices.IndexFunc(w, func(x float64) bool { return x < -0.035 })
			if first != pre && first != pre+1 || math.Abs(triggers[i]-pre) > 1 {
				t.Errorf("%s: waveform %d is below -35 mV from sample %d, the trigger is at %g", name, i, first, triggers[i])
			}
			block := blockOf(w, counts["A"], p.signals[0], before)
			switch {
			case block < 0 && begun < 0 && i < early && placeOf(counts["A"], w[:length/4], p.signals[0]) >= 0:
				continue
			case block < 0 || blockOf(beside[i], counts["B"], p.signals[1], before) != block:
				t.Errorf("%s: waveform %d is none of the recorded ones", name, i)
			case begun < 0:
				begun = i
			}
			if i < begun+150 {
				seen[block] = true
			}
		}
		if len(seen) != 150 {
			t.Errorf("%s: only %d different pulses came in 150 waveforms from number %d", name, len(seen), begun)
		}
	}
}

// blockOf finds the recorded waveform of 4000 samples that holds w from sample number start on, or one beside it; -1: none does.
func blockOf(w, counts []float64, s played, start int) int {
	const length = 4000
	for block := range len(counts) / length {
		for at := block*length + start - 1; at <= block*length+start+1; at++ {
			j := 0
			for j < len(w) && math.Abs(w[j]-(counts[at+j]*s.step+s.offset)) < 0.1*s.step {
				j++
			}
			if j == len(w) {
				return block
			}
		}
	}
	return -1
}

// TestReplayedPauses finds the pauses of a carrier by their length: one is longer than 20 us in each round of the file, 24 are longer than 5 us.
func TestReplayedPauses(t *testing.T) {
	t.Parallel()
	p := pieces[1]
	for _, c := range []struct {
		longer string
		rounds int
		want   int
	}{{"5us", 2, 24}, {"20us", 5, 1}} {
		t.Run(c.longer, func(t *testing.T) {
			t.Parallel()
			e, s, counts := triggeredOn(t, p, fmt.Sprintf(`
  trigger {
    level "A" {
      direction = "falling"
      threshold = "%.6fV"
    }
    pulse_width "A" {
      name      = "pause"
      direction = "falling"
      type      = "greater_than"
      lower     = %q
    }
    any_of = [["pause"]]
  }
  rapid_block {
    sample_rate = %q
    pre         = 100
    post        = 60
    captures    = %d
  }
`, 2.5/p.signals[0].step/float64(p.signals[0].most)*5, c.longer, p.rate, c.want*c.rounds))
			for name, rec := range map[string]*recording.Recording{"emulated": e, "simulated": s} {
				rows, _ := waveforms(t, rec, "d.A")
				found := map[int]int{}
				for i, w := range rows {
					at := placeOf(counts["coil"], w, p.signals[0])
					if at < 0 {
						t.Fatalf("%s: waveform %d is not in the file", name, i)
					}
					found[at/1000]++
				}
				if len(rows) != c.want*c.rounds || len(found) != c.want {
					t.Errorf("%s: %d waveforms, of %d places", name, len(rows), len(found))
				}
			}
		})
	}
}

// placeOf returns where a waveform lies in a file.
func placeOf(counts, w []float64, s played) int {
	for at := range len(counts) - len(w) {
		j := 0
		for j < len(w) && math.Abs(w[j]-(counts[at+j]*s.step+s.offset)) < 0.6*s.step {
			j++
		}
		if j == len(w) {
			return at
		}
	}
	return -1
}
