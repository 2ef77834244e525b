package wording

import (
	"strings"
	"testing"
)

// No text ends the code that it stands in: its own backticks are always fewer
// in a row than those around it.
func TestCode(t *testing.T) {
	longest := func(s string) int {
		most, n := 0, 0
		for _, r := range s {
			if n++; r != '`' {
				n = 0
			}
			most = max(most, n)
		}
		return most
	}
	for _, s := range []string{"a", "`a` = 1", "`z``![p](https://evil.example/z)```", "``", "```a", strings.Repeat("`", 9), "a` b`` c```"} {
		c := code(s)
		fence := len(c) - len(strings.TrimLeft(c, "`"))
		inner := strings.TrimSuffix(c[fence:], strings.Repeat("`", fence))
		if fence <= longest(s) || fence+len(inner)+fence != len(c) || strings.TrimSpace(inner) != s {
			t.Errorf("%q is %q", s, c)
		}
	}
}
