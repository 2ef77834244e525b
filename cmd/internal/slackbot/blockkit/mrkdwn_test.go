package blockkit

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tesela/agent/wording"
)

// Markdown becomes Slack's own marks; what Slack has none for is written so
// that it is read the same.
func TestMarkdown(t *testing.T) {
	for _, c := range []struct{ markdown, want string }{
		{"plain", "plain"},
		{"**419** customers (10.5%)", "*419* customers (10.5%)"},
		{"a *b* c", "a _b_ c"},
		{"***both***", "*_both_*"},
		{"~~gone~~ now", "~gone~ now"},
		{"the rule `count(order) >= 3` & more", "the rule `count(order) &gt;= 3` &amp; more"},
		{"`` a`b ``", "`aˋb`"},
		{"# Head\n\ntext", "*Head*\n\ntext"},
		{"one  \ntwo\nthree", "one\ntwo three"},
		{"- a\n- b\n  - c\n    1. d\n    2. e", "• a\n• b\n    ◦ c\n        1. d\n        2. e"},
		{"3. c\n4. d", "3. c\n4. d"},
		{"- a\n\n  more of a\n- b", "• a\n  more of a\n• b"},
		{"> quoted\n> on", "> quoted on"},
		{"[Tesela](https://tesela.example/docs?a=1&b=2)", "<https://tesela.example/docs?a=1&amp;b=2|Tesela> (tesela.example)"},
		{"<https://tesela.example/x>", "<https://tesela.example/x|https://tesela.example/x>"},
		{"[tesela.example/x](https://tesela.example/x)", "<https://tesela.example/x|tesela.example/x>"},
		{"```\na  b\n<c>\n```", "```\na  b\n&lt;c&gt;\n```"},
		{"a\n\n---\n\nb", "a\n\nb"},
		{"| A | B |\n| --- | ---: |\n| x | 1 |\n| yy | 22 |", "```\nA    B\n──  ──\nx    1\nyy  22\n```"},
		{"**a**b and in**word**", "ab and inword"}, // Slack would show the asterisks
		{"(**a**), «**b**».", "(*a*), «*b*»."},
		{"** a ** b", "∗∗ a ∗∗ b"},
	} {
		if got := said(Markdown(c.markdown)); got != c.want {
			t.Errorf("%q is\n%s\nwant\n%s", c.markdown, got, c.want)
		}
	}
}

// Data in an answer is escaped for Markdown by the core; in Slack it then is
// just what it says, and nothing happens.
func TestDataIsRead(t *testing.T) {
	for _, c := range []struct{ data, want string }{
		{"<!channel>", "&lt;!channel&gt;"},
		{"<@U012AB3CD>", "&lt;@U012AB3CD&gt;"},
		{"<!subteam^S1|x>", "&lt;!subteam^S1|x&gt;"},
		{"<https://evil.example|bank>", "&lt;https://evil.example|bank&gt;"},
		{"@here", "＠here"},
		{"@Channel!", "＠Channel!"},
		{"a@here.example", "a＠here.example"},
		{"AT&T &lt;b&gt;", "AT&amp;T &amp;lt;b&amp;gt;"},
		{"*bold* _it_ ~no~ `code`", "∗bold∗ ˍitˍ ∼no∼ ˋcodeˋ"},
		{"paid_search_2", "paid_search_2"},
		{"3 * 4", "3 * 4"},
		{"```", "ˋˋˋ"},
		{"[x](https://evil.example)", "[x](https://evil.example)"},
		{":tada: at 12:30:45 and a:100:b", ":tada∶ at 12:30:45 and a:100∶b"},
		{"> no quote", "＞ no quote"},
		{"a\u200bb\u2060c\u00add\u202ee\ufefff\x00gh", "abcdefgh"},
		{"👩‍👧 ok", "👩‍👧 ok"},
		{"zal\u0300\u0301\u0302\u0303\u0304\u0305go", "zal\u0300\u0301\u0302go"},
		{"\U000e0049\U000e0047hidden", "hidden"},
		{"bad\xffbytes", "badbytes"},
	} {
		if got := said(Markdown(wording.Escape(c.data))); got != c.want {
			t.Errorf("%q is\n%s\nwant\n%s", c.data, got, c.want)
		}
		inCode := said(Markdown("`" + strings.NewReplacer("`", "").Replace(wording.Clean(c.data)) + "`"))
		harmless(t, inCode)
		if got := said([]Message{Notice(c.data)}); got != c.want {
			t.Errorf("the notice %q is\n%s\nwant\n%s", c.data, got, c.want)
		}
	}
}

// What a model was talked into writing is no more: it can call nobody, and its
// links say where they lead.
func TestModelsTextIsHarmless(t *testing.T) {
	for markdown, want := range map[string]string{
		"<!channel> look":                                  "&lt;!channel&gt; look",
		"[<!channel>](https://a.example)":                  "<https://a.example|&lt;!channel&gt;> (a.example)",
		"[https://bank.example](https://a.example)":        "<https://a.example|https://bank.example> (a.example)",
		"[bank.example](https://bank.example.a.example/x)": "<https://bank.example.a.example/x|bank.example> (bank.example.a.example)",
		"[x](https://user@a.example/)":                     "x",
		"[x](javascript:alert(1))":                         "x",
		"[x](file:///etc/passwd)":                          "x",
		"![a picture](https://a.example/p.png?q=1)":        "a picture",
		"<b>html</b>":                                      "&lt;b&gt;html&lt;/b&gt;",
		"[a|b](https://a.example/%7C)":                     "<https://a.example/%7C|a¦b> (a.example)",
	} {
		if got := said(Markdown(markdown)); got != want {
			t.Errorf("%q is %q, want %q", markdown, got, want)
		}
	}
}

var token = regexp.MustCompile(`w\d+w`)

// However long a text is, its parts joined hold every word once and in order,
// and no mark is left open at the end of one.
func TestSplitKeepsEveryWord(t *testing.T) {
	random := rand.New(rand.NewPCG(20, 7))
	for range 60 {
		n := 0
		word := func() string {
			n++
			w := fmt.Sprintf("w%dw", n)
			switch random.IntN(24) {
			case 0:
				return "**" + w + "**"
			case 1:
				return "*" + w + "*"
			case 2:
				return "`" + w + "`"
			case 3:
				return w + " & <" + wording.Escape("x*_") + ">"
			case 4:
				return "[" + w + "](https://a.example/" + strings.Repeat("p", random.IntN(300)) + ")"
			case 5:
				return w + "," + strings.Repeat("長", random.IntN(60))
			}
			return w
		}
		words := func() string {
			var list []string
			for range 1 + random.IntN(1+random.IntN(600)) {
				list = append(list, word())
			}
			return strings.Join(list, " ")
		}
		var source strings.Builder
		for range 1 + random.IntN(25) {
			switch random.IntN(7) {
			case 0:
				for range 1 + random.IntN(12) {
					source.WriteString("- " + words() + "\n")
				}
			case 1:
				source.WriteString("1. " + words() + "\n   - " + words() + "\n")
			case 2:
				source.WriteString("## " + word() + "\n")
			case 3:
				source.WriteString("> " + words() + "\n")
			case 4:
				source.WriteString("```\n" + strings.ReplaceAll(regexp.MustCompile("[^w0-9 ]").ReplaceAllString(words(), ""), " w", "\nw") + "\n```\n")
			case 5:
				source.WriteString("**" + strings.NewReplacer("*", "", "`", "", "[", "", "]", "").Replace(words()) + "**\n")
			default:
				source.WriteString(words() + "\n")
			}
			source.WriteString("\n")
		}
		want := token.FindAllString(source.String(), -1)
		messages := Markdown(source.String())
		var got []string
		for i, m := range messages {
			checkMessage(t, fmt.Sprintf("message %d", i), m)
			for _, text := range texts(m) {
				got = append(got, token.FindAllString(text, -1)...)
			}
		}
		if !slices.Equal(got, want) {
			at := 0
			for at < min(len(got), len(want)) && got[at] == want[at] {
				at++
			}
			t.Fatalf("%d words of %d; the first that differs is %d: %v, want %v", len(got), len(want), at, got[at:min(at+4, len(got))], want[at:min(at+4, len(want))])
		}
	}
}

// One word longer than a message is parted, as there is no other way, and
// nothing of it is lost.
func TestOneLongWord(t *testing.T) {
	for _, long := range []string{strings.Repeat("a", 9000), strings.Repeat("&", 4000), strings.Repeat("長", 7000), strings.Repeat("😀", 5000)} {
		for _, form := range []string{"%s", "**%s**", "`%s`", "- %s", "```\n%s\n```", "> %s"} {
			messages := Markdown(fmt.Sprintf(form, long))
			got := ""
			for _, m := range messages {
				checkMessage(t, form, m)
				for _, text := range texts(m) {
					got += strings.ReplaceAll(text, "&amp;", "&")
				}
			}
			first := string([]rune(long)[:1])
			if n := strings.Count(got, first); n != len([]rune(long)) {
				t.Errorf("%s of %d %q has %d", form, len([]rune(long)), first, n)
			}
		}
	}
}

// The fallback is read aloud: plain, escaped, and no longer than Slack shows.
func TestFallback(t *testing.T) {
	m := Markdown("**419** customers & `code` <!channel>\n\n1. one\n2. two\n\n" + strings.Repeat("word ", 2000))[0]
	if !strings.HasPrefix(m.Text, "419 customers &amp; code &lt;!channel&gt;\n1. one\n2. two\nword word") || !strings.HasSuffix(m.Text, "word\n…") || size(m.Text) > 3000 {
		t.Errorf("%d: %.120q … %q", size(m.Text), m.Text, m.Text[len(m.Text)-20:])
	}
}
