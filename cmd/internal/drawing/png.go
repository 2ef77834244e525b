package drawing

import (
	"bytes"
	"fmt"
	"image/png"
	"time"

	"tesela/agent/wording"
	"tesela/tools"
)

// Options are what a picture says beside its chart.
type Options struct {
	// AsOf is the date of the figures, in the workspace's zone; the zero time is
	// not said.
	AsOf time.Time
	// Source says where the figures are from, in a few words; "" is not said.
	Source string
}

// Bounds of pictures: all are PixelWidth pixels wide and at most MaxHeight high.
// Most have 40 to 300 kB; one of 900 flows has 2 MB, and none over MaxBytes.
const (
	PixelWidth = 1200
	MaxHeight  = 2800
	MaxBytes   = 3 << 20
)

// PNG draws a result's chart as a picture that stands alone: the result's title
// on top, what is shown by what, the lines' names, the chart, what it leaves
// out, and what the options say. ok is false where the result has no chart that
// shows something; a result that tells of segments alone is drawn by their
// sizes, as a report has it. alt tells the chart in words with figures of the
// result, in the letters of the data.
//
// Equal results give equal bytes.
func PNG(lang *wording.Language, res *tools.Result, o Options) (picture []byte, alt string, ok bool, err error) {
	w, err := wordsFor(lang)
	if err != nil {
		return nil, "", false, err
	}
	f, err := loadFonts()
	if err != nil {
		return nil, "", false, err
	}
	sheet := &sheet{letters: newLetters(f), words: w, lang: lang, title: res.Title, options: o}
	if !sheet.take(res) {
		t := lang.SegmentTable(res)
		if t == nil || !sheet.take(t) {
			return nil, "", false, nil
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, sheet.draw()); err != nil {
		return nil, "", false, fmt.Errorf("write the picture of a chart: %w", err)
	}
	return b.Bytes(), sheet.alt, true, nil
}
