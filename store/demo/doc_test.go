package demo

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"text/tabwriter"
)

// planted prints the plant as doc.go must show it.
func planted() string {
	var b strings.Builder
	tab := tabwriter.NewWriter(&b, 0, 1, 2, ' ', 0)
	fmt.Fprint(tab, "persona\tshare\torders a year\tlast before a pause\tlines\tmarked down\tpresents\topens mails\n")
	for _, p := range personas {
		fmt.Fprintf(tab, "%s\t%.1f%%\t%.2f\t%.1f%%\t%d–%d\t%d%%\t%d%%\t%d%%\n", p.name, float64(p.share)/10, float64(p.orders)/1000,
			float64(p.drop)/10, p.items[0], p.items[1], p.discount/10, p.gift/10, p.open/10)
	}
	tab.Flush()
	b.WriteString("\n")
	tab = tabwriter.NewWriter(&b, 0, 1, 2, ' ', 0)
	fmt.Fprint(tab, "trial\tassigned\ttreated\ttrue effect\n")
	for _, c := range campaigns {
		if c.treated == 0 {
			continue
		}
		y, m, d := date(c.day)
		effects := []string{}
		for i, p := range personas {
			if c.extra[i] > 0 {
				effects = append(effects, fmt.Sprintf("%s +%.2f", p.name, float64(c.extra[i])/1000))
			}
			if c.lost[i] > 0 {
				effects = append(effects, fmt.Sprintf("%s −%.0f%%", p.name, float64(c.lost[i])/10))
			}
		}
		if len(effects) == 0 {
			effects = append(effects, "none")
		}
		for i, e := range effects {
			if i > 0 {
				fmt.Fprintf(tab, "\t\t\t%s\n", e)
				continue
			}
			fmt.Fprintf(tab, "%s\t%d-%02d-%02d\t%d%%\t%s\n", c.name, y, m, d, c.treated/10, e)
		}
	}
	tab.Flush()
	return b.String()
}

// TestDocShowsThePlant holds the package comment to the tables that generate.
func TestDocShowsThePlant(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(planted()) {
		if line = strings.TrimSpace(line); line != "" && !strings.Contains(string(doc), line) {
			t.Errorf("doc.go lacks the line %q", line)
		}
	}
}
