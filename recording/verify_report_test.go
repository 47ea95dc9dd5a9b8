package recording

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestJoinDamage(t *testing.T) {
	at := func(kind DamageKind, stream string, segment int, from, to int64) Damage {
		d := Damage{
			Kind: kind, Stream: stream, Segment: segment, File: stream + ExtData, From: from, To: to, DeviceFrom: from + 7, DeviceTo: to + 7,
			Start: Timestamp(1000 * from), End: Timestamp(1000 * to),
		}
		if kind == DamageProof {
			d.Proof = &ProofFault{StreamIndex: from, DeviceIndex: from + 7}
		}
		return d
	}
	known := func(d Damage) Damage { d.Known = true; return d }
	first := func(d Damage, from int64) Damage {
		d.Proof = &ProofFault{StreamIndex: from, DeviceIndex: from + 7}
		return d
	}
	for _, tc := range []struct {
		name       string
		list, want []Damage
	}{
		{"nothing", nil, nil},
		{
			"neighbours",
			[]Damage{at(DamageChecksum, "a", 0, 0, 10), at(DamageChecksum, "a", 0, 10, 20), at(DamageChecksum, "a", 0, 20, 30)},
			[]Damage{at(DamageChecksum, "a", 0, 0, 30)},
		},
		{
			"something right in between",
			[]Damage{at(DamageChecksum, "a", 0, 0, 10), at(DamageChecksum, "a", 0, 11, 20)},
			[]Damage{at(DamageChecksum, "a", 0, 0, 10), at(DamageChecksum, "a", 0, 11, 20)},
		},
		{
			"other kinds, streams, segments, and known ones",
			[]Damage{
				at(DamageChecksum, "a", 0, 0, 10), at(DamageMissing, "a", 0, 10, 20), at(DamageMissing, "b", 0, 20, 30),
				at(DamageMissing, "b", 1, 30, 40), known(at(DamageMissing, "b", 1, 40, 50)),
			},
			[]Damage{
				at(DamageChecksum, "a", 0, 0, 10), at(DamageMissing, "a", 0, 10, 20), at(DamageMissing, "b", 0, 20, 30),
				at(DamageMissing, "b", 1, 30, 40), known(at(DamageMissing, "b", 1, 40, 50)),
			},
		},
		{
			"another kind in between",
			[]Damage{at(DamageChecksum, "a", 0, 0, 10), at(DamageProof, "a", 0, 3, 4), at(DamageChecksum, "a", 0, 10, 20)},
			[]Damage{at(DamageChecksum, "a", 0, 0, 20), at(DamageProof, "a", 0, 3, 4)},
		},
		{
			"wrong samples, right ones by chance in between",
			[]Damage{at(DamageProof, "a", 0, 500, 1524), at(DamageProof, "a", 0, 1530, 2000), at(DamageProof, "a", 0, 9000, 9001)},
			[]Damage{first(at(DamageProof, "a", 0, 500, 2000), 500), at(DamageProof, "a", 0, 9000, 9001)},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			list := append([]Damage(nil), tc.list...)
			if diff := cmp.Diff(tc.want, JoinDamage(list)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
			if diff := cmp.Diff(tc.list, list); diff != "" {
				t.Errorf("the list itself was changed\n%s", diff)
			}
		})
	}
}
