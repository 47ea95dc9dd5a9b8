package recording
import ("testing";"context";"path/filepath";"slices";"strconv")
func TestDbg(t *testing.T){
	c := fuzzSeed(t)
	names := []string{PartName("cell", 0), PartName("cell", 1), "cell.A-000000.sigmf-meta", "cell.A-000001.sigmf-meta", FileRun, FileEvents}
	file,nth,value := dbgFile,dbgNth,dbgValue
	m, name := c.crashed(), names[int(file)%len(names)]
	m.edit(filepath.Join(c.dir(), name), func(b []byte) []byte {
		isMeta := filepath.Ext(name) == ExtMeta
		if !isMeta { b = withoutSums(b) }
		places := integers.FindAllIndex(b, -1)
		at := places[int(nth)%len(places)]
		t.Logf("%s: %s", name, b[max(0,at[0]-60):at[1]+20])
		b = slices.Concat(b[:at[0]], strconv.AppendInt(nil, value, 10), b[at[1]:])
		if !isMeta { b = withSums(b) }
		return b
	})
	for range 3 { r,err := Repair(context.Background(), c.dir(), RepairOptions{FS: m, KeepTail: true, Now: fixedNow}); t.Logf("%+v %v",r,err) }
}
