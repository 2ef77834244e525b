package segmenttest

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"tesela/segment/column"
)

// String prints the world as a test file loads it.
func (w *World) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "load\nzone %s\ncurrency %s %d\n", w.Zone, w.Currency, w.Digits)
	for _, role := range slices.Sorted(maps.Keys(w.Roles)) {
		fmt.Fprintf(&b, "role %s %s\n", role, w.Roles[role])
	}
	for _, name := range slices.Sorted(maps.Keys(w.Saved)) {
		fmt.Fprintf(&b, "save %s = %s\n", name, w.Saved[name])
	}
	b.WriteString("customers" + head(w.Traits) + "\n")
	for _, c := range w.Customers {
		b.WriteString("  " + quoted(c.ID) + values(w, w.Traits, c.Traits) + "\n")
	}
	for _, e := range w.Events {
		id := ""
		if e.Tied {
			id = " id"
		}
		fmt.Fprintf(&b, "event %s%s%s\n", e.Name, id, head(e.Props))
		for _, r := range w.Rows {
			if r.Event != e.Name {
				continue
			}
			fmt.Fprintf(&b, "  %s %s", quoted(w.Customers[r.Customer].ID), r.Time.UTC().Format(time.RFC3339Nano))
			if e.Tied && r.ID == "" {
				b.WriteString(" -")
			} else if e.Tied {
				b.WriteString(" " + quoted(r.ID))
			}
			b.WriteString(values(w, e.Props, r.Props) + "\n")
		}
	}
	return b.String()
}

func head(fields []Field) string {
	var b strings.Builder
	for _, f := range fields {
		fmt.Fprintf(&b, " %s:%s", f.Name, f.Kind)
	}
	return b.String()
}

func values(w *World, fields []Field, set map[string]any) string {
	var b strings.Builder
	for _, f := range fields {
		b.WriteByte(' ')
		switch v := set[f.Name].(type) {
		case nil:
			b.WriteByte('-')
		case string:
			b.WriteString(quoted(v))
		case []string:
			b.WriteString(quoted(strings.Join(v, "|")))
		case *big.Rat:
			b.WriteString(v.FloatString(w.Digits))
		case time.Time:
			if f.Kind == column.Date {
				b.WriteString(v.Format(time.DateOnly))
			} else {
				b.WriteString(v.UTC().Format(time.RFC3339Nano))
			}
		default:
			fmt.Fprint(&b, v)
		}
	}
	return b.String()
}

func quoted(s string) string {
	if s != "" && s != "-" && !strings.ContainsAny(s, " \t\"#") {
		return s
	}
	return strconv.Quote(s)
}
