package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Every gold with SQL of the shipped suites, and of testdata, which asks of the
// core what no suite does: the query, what is kept of it, and the core come to
// the same.
func TestAudited(t *testing.T) {
	t.Parallel()
	byData := map[string][]*audited{}
	for _, folder := range []string{"../suites/audited", "testdata"} {
		some, err := readAudited(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range some {
			byData[a.suite.Data] = append(byData[a.suite.Data], a)
		}
	}
	for data, suites := range byData {
		t.Run(data, func(t *testing.T) {
			t.Parallel()
			x := newAuditor()
			defer x.Close()
			golds := 0
			for _, a := range suites {
				golds += auditAll(t, x, a)
			}
			t.Logf("%d golds on their data", golds)
		})
	}
}

// auditAll audits the golds of a suite and tells how many there were.
func auditAll(t *testing.T, x *auditor, a *audited) (golds int) {
	t.Helper()
	for _, gold := range a.names {
		for _, spec := range a.specs() {
			v, err := x.audit(t.Context(), a, gold, spec, false)
			switch {
			case err != nil:
				t.Errorf("%s: %s on %s: %v", a.file, gold, spec, err)
			case v.skipped != "":
				t.Skip(v.skipped)
			case v.core != "" || v.kept != "":
				var text strings.Builder
				v.print(&text)
				t.Errorf("%s: %s on %s:\n%s", a.file, gold, spec, text.String())
			}
			golds++
		}
	}
	return golds
}

const small = `data: demo:customers=60
golds:
  everyone: {count: everyone, sql: SELECT id FROM customers}
  wrong:    {who: 'count(order) >= 2', sql: SELECT customer AS id FROM "order" GROUP BY 1 HAVING count(*) >= 2}
  ranked:
    list: {formula: everyone, by: sum(order.amount), limit: 3}
    sql:  SELECT customer AS id, money(sum(amount)) FROM "order" GROUP BY 1 ORDER BY sum(amount) DESC, 1 LIMIT 3
  by_month:
    measure: {measures: [orders], window: '2025', per: month}
    sql: SELECT substr(day, 1, 7), count(DISTINCT event_id) FROM "order" WHERE day >= '2025' GROUP BY 1
cases:
  - {id: a, lang: en, family: size, q: How many customers?, gold: everyone}
`

// Faults are found: a query that counts lines where orders are meant, one
// that was changed after its result was kept, and a kept result that was
// touched.
func TestFaults(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	file := filepath.Join(t.TempDir(), "small.yaml")
	put := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	audit := func(write bool) string {
		t.Helper()
		x := newAuditor()
		defer x.Close()
		var out strings.Builder
		if err := x.run(ctx, options{suite: file, write: write}, &out); err != nil && !strings.Contains(err.Error(), "disagree") {
			t.Fatal(err)
		}
		return out.String()
	}
	expect := func(got string, parts ...string) {
		t.Helper()
		for _, part := range parts {
			if !strings.Contains(got, part) {
				t.Errorf("%q is not in:\n%s", part, got)
			}
		}
	}
	put(file, small)
	expect(audit(false), "no result is kept", "0 agree, 4 disagree")
	expect(audit(true), "wrong on demo", "only SQL has c000005", "3 agree, 1 disagree")
	right := strings.Replace(small, "count(*) >= 2}", "count(DISTINCT event_id) >= 2}", 1)
	put(file, right)
	expect(audit(false), "wrong on demo", "its SQL was changed", "3 agree, 1 disagree")
	expect(audit(true), "4 agree, 0 disagree")
	expect(audit(false), "4 agree, 0 disagree")
	kept, err := os.ReadFile(keptPath(file))
	if err != nil {
		t.Fatal(err)
	}
	put(keptPath(file), strings.Replace(string(kept), `["c000007"]`, `["c000061"]`, 1))
	expect(audit(false), "everyone on demo", "is not what the SQL gives", "3 agree, 1 disagree")
	put(keptPath(file), strings.Replace(string(kept), `"data": "sha256:`, `"data": "sha256:0`, 1))
	expect(audit(false), "the data was changed", "3 agree, 1 disagree")
}
