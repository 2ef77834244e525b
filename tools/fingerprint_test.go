package tools

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
	"time"
)

// The canonical text is written out by hand here, so that any change of the
// format, which would break every kept fingerprint, fails.
func TestFingerprintIsOfThisVeryText(t *testing.T) {
	r := &Result{
		Title: "varies", Notes: []string{"varies"},
		Values:   map[string]any{"size": 2, "share": 0.25, "big": int64(9007199254740993), "money": "12.50", "tiny": 1e-9, "none": nil},
		Units:    map[string]string{"size": "customers"},
		Columns:  []Column{{Name: "condition", Kind: "text"}, {Name: "revenue", Kind: "money", Unit: "EUR"}},
		Rows:     [][]any{{`a < b & "c"`, nil}, {"ñ\n", 1.0}},
		Segments: []Segment{{Formula: "everyone", Text: "varies", Size: 2, Share: 1}},
	}
	at := time.Date(2024, 7, 1, 0, 0, 0, 0, time.FixedZone("", 7200))
	got, err := fingerprint("sha256:ab", at, "count_segment", &CountSegmentArgs{Formula: "everyone"}, r)
	if err != nil {
		t.Fatal(err)
	}
	text := `{"args":{"formula":"everyone"},"as_of":"2024-06-30T22:00:00Z",` +
		`"columns":[{"kind":"text","name":"condition"},{"kind":"money","name":"revenue","unit":"EUR"}],` +
		`"data":"sha256:ab","rows":[["a < b & \"c\"",null],["ñ\n",1]],` +
		`"segments":[{"formula":"everyone","name":"","share":1,"size":2}],"tool":"count_segment","units":{"size":"customers"},` +
		`"values":{"big":9007199254740993,"money":"12.50","none":null,"share":0.25,"size":2,"tiny":1e-9}}`
	sum := sha256.Sum256([]byte(text))
	if want := "sha256:" + hex.EncodeToString(sum[:]); got != want {
		t.Errorf("%s, want %s of\n%s", got, want, text)
	}
}
