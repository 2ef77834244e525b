package wire

import "testing"

func TestTitle(t *testing.T) {
	s := world(t, open())
	_, w := speaker(t, s)
	pane := s.OpenPane("U1")
	if err := w.out.Title(within(t), Target{Channel: pane.Channel, Thread: pane.Thread}, "Orders by month"); err != nil {
		t.Fatal(err)
	}
	if got := s.PaneOf(pane.Channel, pane.Thread).Title; got != "Orders by month" {
		t.Errorf("%q", got)
	}
}
