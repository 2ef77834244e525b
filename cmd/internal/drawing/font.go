package drawing

import (
	"fmt"
	"sync"

	"codeberg.org/go-fonts/liberation/liberationmonoregular"
	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// fonts are those that pictures are written in. They hold the letters of
// Latin, Greek, Cyrillic and Hebrew scripts and the signs of currencies.
type fonts struct{ plain, bold, mono *sfnt.Font }

// loadFonts reads the fonts within the program. Reading from them is safe for
// several at once.
var loadFonts = sync.OnceValues(func() (*fonts, error) {
	var f fonts
	for _, one := range []struct {
		to  **sfnt.Font
		ttf []byte
	}{{&f.plain, liberationsansregular.TTF}, {&f.bold, liberationsansbold.TTF}, {&f.mono, liberationmonoregular.TTF}} {
		parsed, err := sfnt.Parse(one.ttf)
		if err != nil {
			return nil, fmt.Errorf("read a font of charts: %w", err)
		}
		*one.to = parsed
	}
	return &f, nil
})

// letters are those of the fonts, read once for a picture.
type letters struct {
	fonts  *fonts
	buffer sfnt.Buffer
	known  map[letter]*glyph
	told   bool // some letter was told of instead of written
}

// letter is a rune of a font.
type letter struct {
	font *sfnt.Font
	r    rune
}

// glyph is a letter's outline in units of its font, y down.
type glyph struct {
	index    sfnt.GlyphIndex
	advance  float64 // in widths of the font's size
	outline  sfnt.Segments
	perUnit  float64 // of the size
	drawable bool    // the font has it
}

func newLetters(f *fonts) *letters { return &letters{fonts: f, known: map[letter]*glyph{}} }

func (l *letters) fontOf(k look) *sfnt.Font {
	switch {
	case k.mono:
		return l.fonts.mono
	case k.bold:
		return l.fonts.bold
	}
	return l.fonts.plain
}

// glyph is a rune's letter; one that the font lacks has no outline.
func (l *letters) glyph(f *sfnt.Font, r rune) *glyph {
	if g := l.known[letter{f, r}]; g != nil {
		return g
	}
	g := &glyph{perUnit: 1 / float64(f.UnitsPerEm())}
	l.known[letter{f, r}] = g
	index, err := f.GlyphIndex(&l.buffer, r)
	if err != nil || index == 0 {
		return g
	}
	em := fixed.I(int(f.UnitsPerEm()))
	advance, err := f.GlyphAdvance(&l.buffer, index, em, font.HintingNone)
	if err != nil {
		return g
	}
	outline, err := f.LoadGlyph(&l.buffer, index, em, nil)
	if err != nil {
		return g
	}
	// The buffer is used again for the next letter.
	g.outline = append(g.outline, outline...)
	g.index, g.advance, g.drawable = index, float64(advance)/64*g.perUnit, true
	return g
}

// has tells whether all three fonts can write a rune.
func (l *letters) has(r rune) bool {
	return l.glyph(l.fonts.plain, r).drawable && l.glyph(l.fonts.bold, r).drawable && l.glyph(l.fonts.mono, r).drawable
}

// width is how wide a text stands in a look.
func (l *letters) width(s string, k look) float64 {
	f, em := l.fontOf(k), 0.0
	for _, r := range s {
		em += l.glyph(f, r).advance
	}
	return em * k.size
}
