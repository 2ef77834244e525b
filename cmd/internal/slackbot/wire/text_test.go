package wire

import (
	"slices"
	"testing"
)

func TestPlain(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		mentioned      bool
		named          []string
	}{
		{"nothing", "", "", false, nil},
		{"the bot first", "<@UBOT> how many customers?", "how many customers?", true, nil},
		{"with a colon", "<@UBOT>: how many?", "how many?", true, nil},
		{"with its name", "<@UBOT|tesela>, how many?", "how many?", true, nil},
		{"on a line of its own", "<@UBOT>\nhow many?", "how many?", true, nil},
		{"last", "how many? <@UBOT>", "how many?", true, nil},
		{"in between", "hey <@UBOT> how many?", "hey how many?", true, nil},
		{"twice", "<@UBOT> <@UBOT> how many?", "how many?", true, nil},
		{"alone", " <@UBOT> ", "", true, nil},
		{"another", "<@UBOT> ask <@U2> and <@U3|ana>", "ask @U2 and @ana", true, []string{"U2", "U3"}},
		{"another twice", "<@U2> <@U2>", "@U2 @U2", false, []string{"U2"}},
		{"escapes", "orders &gt;= 3 &amp; spend &lt; 10", "orders >= 3 & spend < 10", false, nil},
		{"escapes once", "&amp;lt;b&amp;gt;", "&lt;b&gt;", false, nil},
		{"a formula", "<@UBOT> count(order) &gt;= 3 and country = “Spain”", "count(order) >= 3 and country = “Spain”", true, nil},
		{"channel", "in <#C1|general> and <#C2>", "in #general and #C2", false, nil},
		{"link with a label", "see <https://example.com/a?b=1&amp;c=2|the page>", "see the page", false, nil},
		{"link that Slack made", "our <http://example.com|example.com> buyers", "our example.com buyers", false, nil},
		{"bare link", "<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2", false, nil},
		{"address", "<mailto:ana@example.com|ana@example.com> <mailto:b@example.com>", "ana@example.com b@example.com", false, nil},
		{"telephone", "<tel:+34911|+34 911>", "+34 911", false, nil},
		{"everybody", "<!here> <!channel|@channel> how many?", "@here @channel how many?", false, nil},
		{"group", "<!subteam^S1|@growth> and <!subteam^S2>", "@growth and @S2", false, []string{"S1", "S2"}},
		{"date", "since <!date^1392734382^{date}|18 Feb>", "since 18 Feb", false, nil},
		{"never closed", "a < b and <@U2", "a < b and <@U2", false, nil},
		{"empty reference", "a <> b <@> c", "a  b @ c", false, nil},
		{"Spanish", "<@UBOT> ¿cuántos compraron “pan”?", "¿cuántos compraron “pan”?", true, nil},
	} {
		got, mentioned, named := plain(c.in, "UBOT")
		if got != c.want || mentioned != c.mentioned || !slices.Equal(named, c.named) {
			t.Errorf("%s: %q gives %q, %t, %q; want %q, %t, %q", c.name, c.in, got, mentioned, named, c.want, c.mentioned, c.named)
		}
	}
}

// Without knowing who the bot is, nobody's mention is its.
func TestPlainWithoutSelf(t *testing.T) {
	if got, mentioned, _ := plain("<@U1> hi", ""); got != "@U1 hi" || mentioned {
		t.Errorf("%q, %t", got, mentioned)
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("<@UBOT> a &lt; <https://x|y> <!subteam^S1> <#C1>")
	f.Add("<<@|>>&amp;&lt<")
	f.Fuzz(func(t *testing.T, s string) {
		got, _, _ := plain(s, "UBOT")
		if len(got) > len(s)+2 {
			t.Errorf("%q grew into %q", s, got)
		}
	})
}
