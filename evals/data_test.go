package evals

import (
	"os"
	"testing"
)

// A data set leaves nothing behind where temporary files lie.
func TestDataIsRemoved(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	d, err := Open(t.Context(), "gym")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(os.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range left {
		t.Errorf("%s is left behind", l.Name())
	}
}
