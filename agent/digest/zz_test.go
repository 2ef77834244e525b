package digest

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestZZ(t *testing.T) {
	b, _ := os.ReadFile("/work/lead/digest/try.txt")
	for _, l := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		r, ok := Parse(l)
		fmt.Printf("%-75s %s | %q %v\n", l, inShort(r, ok), r.Question, r.Assumed)
	}
}
