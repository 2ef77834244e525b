package wire

import (
	"testing"

	"tesela/cmd/internal/slackbot/blockkit"
)

// A file is found in its thread by its name, if it came after what it belongs
// to.
func TestUploaded(t *testing.T) {
	s := world(t, open())
	p, w := speaker(t, s)
	root := s.Say("C1", "", "U1", "hi")
	to := Target{Channel: "C1", Thread: root.TS}
	before, err := p.Post(within(t), to, text("here it is"), "d1", 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Upload(within(t), to, blockkit.File{Name: "table.csv", Title: "Table", Body: []byte("a,b\n")}); err != nil {
		t.Fatal(err)
	}
	after, err := p.Post(within(t), to, text("another"), "d2", 0)
	if err != nil {
		t.Fatal(err)
	}
	other := s.Say("C1", "", "U1", "hi again")
	for _, c := range []struct {
		to          Target
		name, after string
		there       bool
	}{
		{to, "table.csv", "", true},
		{to, "table.csv", before, true},
		{to, "table.csv", after, false},
		{to, "chart.png", before, false},
		{Target{Channel: "C1", Thread: other.TS}, "table.csv", "", false},
	} {
		if there, err := w.out.Uploaded(within(t), c.to, c.name, c.after); err != nil || there != c.there {
			t.Errorf("%+v: %v, %v", c, there, err)
		}
	}
}
