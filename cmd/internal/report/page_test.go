package report

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"tesela/agent/wording"
)

// element is one of a page with all the text in it.
type element struct {
	name  string
	attrs map[string]string
	text  string
}

// nodes reads a page strictly: it is well-formed, not only for browsers that
// forgive.
func nodes(t *testing.T, page string) []*element {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict = true
	var all, open []*element
	var text strings.Builder // of the whole page; an element's is a part of it
	from := map[*element]int{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			if len(open) > 0 {
				t.Fatalf("%s stays open", open[len(open)-1].name)
			}
			return all
		}
		if err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			n := &element{name: token.Name.Local, attrs: map[string]string{}}
			for _, a := range token.Attr {
				n.attrs[a.Name.Local] = a.Value
			}
			from[n] = text.Len()
			all, open = append(all, n), append(open, n)
		case xml.EndElement:
			n := open[len(open)-1]
			n.text = text.String()[from[n]:]
			open = open[:len(open)-1]
		case xml.CharData:
			text.Write(token)
		}
	}
}

func elements(all []*element, name string) []*element {
	return slices.DeleteFunc(slices.Clone(all), func(n *element) bool { return n.name != name })
}

func TestPagesAreWellFormedAndNeedNothingElse(t *testing.T) {
	known := []string{}
	for _, lang := range wording.Codes() {
		page := written(t, whole(lang))
		if !strings.HasPrefix(page, Mark) {
			t.Errorf("%s: it begins %q", lang, page[:60])
		}
		for _, outside := range []string{"http:", "https:", "url(", "@import", "javascript:"} {
			if strings.Contains(page, outside) {
				t.Errorf("%s: %q leads outside", lang, outside)
			}
		}
		for _, n := range nodes(t, page) {
			if !slices.Contains(known, n.name) {
				known = append(known, n.name)
			}
		}
	}
	for _, never := range []string{"script", "link", "img", "iframe", "object", "embed", "form", "a", "foreignObject", "use", "image"} {
		if slices.Contains(known, never) {
			t.Errorf("there is a %s", never)
		}
	}
	// A page of hostile texts has no element that the others have not, but those
	// of its Markdown, and no attribute that could do something.
	known = append(known, "pre", "strong", "em", "ol", "g")
	for _, n := range nodes(t, written(t, evil())) {
		if !slices.Contains(known, n.name) {
			t.Errorf("a text became a %s", n.name)
		}
		for name, value := range n.attrs {
			if strings.HasPrefix(strings.ToLower(name), "on") || name == "href" || name == "src" || name == "style" {
				t.Errorf("a text became %s=%q", name, value)
			}
		}
	}
}

func TestHostileTextsAreText(t *testing.T) {
	page := written(t, evil())
	for _, r := range page {
		if unicode.IsControl(r) && r != '\n' || unicode.Is(unicode.Bidi_Control, r) {
			t.Fatalf("%U got through", r)
		}
	}
	all := nodes(t, page)
	want := wording.Clean(hostile)
	for _, name := range []string{"h1", "h2", "h3", "td", "th", "li", "code", "dd", "figcaption", "title", "desc"} {
		list := elements(all, name)
		if !slices.ContainsFunc(list, func(n *element) bool { return strings.Contains(n.text, want) }) && name != "figcaption" {
			t.Errorf("none of %d %s shows the text as it is", len(list), name)
		}
	}
	if got := elements(all, "html")[0].attrs["lang"]; got != "en" {
		t.Errorf("the page's language is %q", got)
	}
}

func TestSameDocSameBytes(t *testing.T) {
	for _, doc := range []func() *Doc{func() *Doc { return whole("pt") }, evil} {
		if first, second := written(t, doc()), written(t, doc()); first != second {
			t.Error("two pages of one doc differ")
		}
	}
}

// The style is let in by its hash, so that no other can be.
func TestStyleIsTheOneAllowed(t *testing.T) {
	all := nodes(t, written(t, whole("en")))
	styles := elements(all, "style")
	if len(styles) != 1 {
		t.Fatalf("%d styles", len(styles))
	}
	sum := sha256.Sum256([]byte(styles[0].text))
	var csp string
	for _, m := range elements(all, "meta") {
		if m.attrs["http-equiv"] == "Content-Security-Policy" {
			csp = m.attrs["content"]
		}
	}
	for _, part := range []string{"default-src 'none'", "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'", "base-uri 'none'", "form-action 'none'"} {
		if !strings.Contains(csp, part) {
			t.Errorf("the policy %q lacks %q", csp, part)
		}
	}
	if strings.Contains(csp, "unsafe") {
		t.Errorf("the policy is %q", csp)
	}
}

func TestPagesAreAccessible(t *testing.T) {
	for _, doc := range []*Doc{whole("es"), evil()} {
		all := nodes(t, written(t, doc))
		ids := map[string]*element{}
		level := 0
		for _, n := range all {
			if id := n.attrs["id"]; id != "" {
				if ids[id] != nil {
					t.Errorf("two elements are called %q", id)
				}
				ids[id] = n
			}
			if len(n.name) == 2 && n.name[0] == 'h' && n.name[1] >= '1' && n.name[1] <= '6' {
				now := int(n.name[1] - '0')
				if now > level+1 {
					t.Errorf("a heading of level %d follows one of %d: %q", now, level, n.text)
				}
				if strings.TrimSpace(n.text) == "" {
					t.Errorf("an empty h%d", now)
				}
				level = now
			}
		}
		if n := len(elements(all, "h1")); n != 1 {
			t.Errorf("%d h1", n)
		}
		if len(elements(all, "main")) != 1 || elements(all, "html")[0].attrs["lang"] != doc.Language {
			t.Error("there is no main, or no language")
		}
		for _, n := range all {
			for _, id := range strings.Fields(n.attrs["aria-labelledby"]) {
				if ids[id] == nil || strings.TrimSpace(ids[id].text) == "" {
					t.Errorf("%s is labelled by %q, which says nothing", n.name, id)
				}
			}
			switch n.name {
			case "svg":
				if n.attrs["aria-hidden"] != "true" && (n.attrs["role"] != "img" || n.attrs["aria-labelledby"] == "") {
					t.Errorf("a picture without a name: %v", n.attrs)
				}
			case "th":
				if s := n.attrs["scope"]; s != "col" && s != "row" {
					t.Errorf("a header of %q: %q", s, n.text)
				}
			}
		}
		tables, heads := len(elements(all, "table")), len(elements(all, "thead"))
		if tables == 0 || tables != heads {
			t.Errorf("%d tables, %d with headers", tables, heads)
		}
	}
}

// Contrast is that of WCAG 2.2, 1.4.3, of the colours that texts have on what
// lies behind them, in both themes and in print.
func TestContrast(t *testing.T) {
	themes := regexp.MustCompile(`:root \{[^}]*\}`).FindAllString(styleText, -1)
	if len(themes) != 3 {
		t.Fatalf("%d themes", len(themes))
	}
	for i, theme := range themes {
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--(\w+): (#[0-9a-f]{6})`).FindAllStringSubmatch(theme, -1) {
			colours[m[1]] = m[2]
		}
		var pairs [][2]string
		for _, behind := range []string{"paper", "ground", "tint"} {
			pairs = append(pairs, [2]string{"ink", behind}, [2]string{"soft", behind}, [2]string{"edge", behind})
		}
		pairs = append(pairs, [2]string{"code", "paper"}, [2]string{"warn", "warnground"}, [2]string{"soft", "h0"})
		for n := range 7 {
			pairs = append(pairs, [2]string{"c" + strconv.Itoa(n), "paper"})
			if n <= 3 {
				pairs = append(pairs, [2]string{"ink", "h" + strconv.Itoa(n)})
			} else {
				pairs = append(pairs, [2]string{"on", "h" + strconv.Itoa(n)})
			}
		}
		for _, p := range pairs {
			if c := contrast(t, colours[p[0]], colours[p[1]]); c < 4.5 {
				t.Errorf("theme %d: %s on %s has a contrast of %.2f", i, p[0], p[1], c)
			}
		}
		for _, shape := range []string{"bar", "peak", "minus", "axis"} {
			if c := contrast(t, colours[shape], colours["paper"]); c < 2.8 {
				t.Errorf("theme %d: %s on paper has a contrast of %.2f", i, shape, c)
			}
		}
	}
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	bright := func(colour string) float64 {
		if len(colour) != 7 {
			t.Fatalf("no colour: %q", colour)
		}
		sum := 0.0
		for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
			n, err := strconv.ParseUint(colour[1+2*i:3+2*i], 16, 8)
			if err != nil {
				t.Fatal(err)
			}
			c := float64(n) / 255
			if c <= 0.04045 {
				c /= 12.92
			} else {
				c = math.Pow((c+0.055)/1.055, 2.4)
			}
			sum += weight * c
		}
		return sum
	}
	x, y := bright(a), bright(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
