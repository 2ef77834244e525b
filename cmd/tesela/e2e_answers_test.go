package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tesela/agent"
	"tesela/store"
)

// shopShell is a shell with the small shop's workspace, made by the program
// itself as on a machine of its own.
func shopShell(t *testing.T) *shell {
	t.Helper()
	s := newShell(t)
	folder, err := filepath.Abs(filepath.Join(answersFolder, "shop"))
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "TESELA_DB="+filepath.Join(s.dir, "shop.db"), "TZ=UTC")
	var lines [][]string
	readYAML(t, "shop/make.yaml", &lines)
	for _, args := range lines {
		args = slices.Clone(args)
		for i, arg := range args {
			if strings.HasSuffix(arg, ".csv") {
				args[i] = filepath.Join(folder, arg)
			}
		}
		s.run(args...).exits(exitOK)
	}
	return s
}

// replayed replays and reads what came of it.
func (s *shell) replayed(code int, answer string) agent.Replayed {
	s.t.Helper()
	var r agent.Replayed
	s.runWith(strings.NewReader(answer), "replay", "--json", "-").exits(code).into(&r)
	return r
}

// replays compares what a replay says changed.
func (s *shell) replays(answer, changed, because string) agent.Replayed {
	s.t.Helper()
	code := exitError1
	if changed == "" || changed == "version" {
		code = exitOK
	}
	r := s.replayed(code, answer)
	if strings.Join(r.Changed, " ") != changed || strings.Join(r.Because, " ") != because || r.Figures != (because == "") || r.Same != (code == exitOK) {
		s.t.Errorf("%s: changed %q because of %q, same %v, figures the same %v; want %q because of %q", r.Question, r.Changed, r.Because, r.Same, r.Figures, changed, because)
	}
	return r
}

// An answer comes out the same on another machine that holds the same data,
// and each input that changes there is told from the others.
func TestReplayTellsWhatChanged(t *testing.T) {
	t.Parallel()
	here, there := shopShell(t), shopShell(t)
	ask := func(q ...string) string {
		return here.run(append([]string{"ask", "--json"}, q...)...).exits(exitOK).out
	}
	loyal := ask("--lang", "en", "how many customers are in Loyal")
	both := ask("--lang", "en", "difference between Loyal and Loyal Spaniards")
	word := ask("--lang", "en", "valor neto by country")
	regulars := ask("--lang", "en", "how many regulars are there")
	revenue := ask("--lang", "es", "ingresos por categoría en 2024")
	orders := ask("--lang", "pt", "quantos clientes têm pelo menos 3 pedidos")
	all := []string{loyal, both, word, regulars, revenue, orders}
	for _, answer := range all {
		there.replays(answer, "", "")
	}
	here.run("replay", there.file("answer.json", loyal)).exits(exitOK)

	// A word that no answer uses: the figures stay, their fingerprints do not.
	there.run("catalog", "--word", "nobodys=nobody").exits(exitOK)
	if r := there.replays(orders, "definition", ""); len(r.Definitions) != 1 || r.Definitions[0].Kind != "words" {
		t.Errorf("%+v", r.Definitions)
	}
	there.runWith(strings.NewReader(orders), "replay", "-", "--figures").exits(exitOK)
	there.run("catalog", "--forget-word", "nobodys").exits(exitOK)

	// A segment: also where it is reached over another.
	there.run("segment", "save", "--replace", "Loyal", "count(order) >= 2 and days_since(order) <= 180").exits(exitOK)
	r := there.replays(loyal, "definition", "definition")
	want := agent.DefinitionChange{Kind: "segment", Name: "Loyal", Then: "count(order) >= 3 and days_since(order) <= 180", Now: "count(order) >= 2 and days_since(order) <= 180"}
	if len(r.Definitions) != 1 || r.Definitions[0] != want {
		t.Errorf("%+v", r.Definitions)
	}
	there.replays(both, "definition", "definition")
	there.replays(orders, "", "")
	if out := there.runWith(strings.NewReader(loyal), "replay", "-").exits(exitError1).out; !strings.Contains(out, "values.size: 22 → ") ||
		!strings.Contains(out, "a definition is not what it was") || !strings.Contains(out, `segment "Loyal"`) || !strings.Contains(out, "then "+want.Then) || !strings.Contains(out, "now  "+want.Now) {
		t.Errorf("in words:\n%s", out)
	}
	there.run("segment", "delete", "Loyal").exits(exitOK)
	if r := there.replays(loyal, "definition", "definition"); r.Definitions[0].Now != "" {
		t.Errorf("%+v", r.Definitions)
	}
	there.run("segment", "save", "Loyal", want.Then).exits(exitOK)
	there.replays(loyal, "", "")

	// A word: one that a call names, and one that stood in the question.
	there.run("catalog", "--word", "valor neto=sum(order.amount)").exits(exitOK)
	if r := there.replays(word, "definition", "definition"); r.Definitions[0].Name != "valor neto" || r.Definitions[0].Now != "sum(order.amount)" {
		t.Errorf("%+v", r.Definitions)
	}
	there.run("catalog", "--word", "valor neto=sum(order.amount) - sum(refund.amount)", "--word", "regulars=count(order) >= 5").exits(exitOK)
	if r := there.replays(regulars, "definition", ""); r.Definitions[0].Kind != "word" || r.Definitions[0].Now != "count(order) >= 5" {
		t.Errorf("%+v", r.Definitions)
	}
	there.run("catalog", "--word", "regulars=count(order, last 180d) >= 2").exits(exitOK)

	// A role.
	there.run("catalog", "--role", "category=order.title").exits(exitOK)
	there.replays(orders, "definition", "")
	there.run("catalog", "--role", "category=order.category").exits(exitOK)
	for _, answer := range all {
		there.replays(answer, "", "")
	}

	// The data, by one row; then a definition besides.
	head := "order_id,customer_id,time,product,category,title,quantity,price,gift\n"
	row := there.file("row.csv", head+"A9999,c071,2024-12-01 10:00,P3,Bags,Tote,1,45.00,false\n")
	var lines [][]string
	readYAML(t, "shop/make.yaml", &lines)
	more := slices.Clone(lines[0])
	more[1] = row
	there.run(more...).exits(exitOK)
	if r := there.replays(revenue, "data", "data"); !slices.ContainsFunc(r.Calls[0].Differences, func(d agent.Difference) bool { return strings.HasPrefix(d.Of, "Bags, ") }) {
		t.Errorf("%+v", r.Calls[0].Differences)
	}
	there.replays(orders, "data", "")
	if out := there.runWith(strings.NewReader(orders), "replay", "-").exits(exitError1).out; !strings.Contains(out, "The figures are the same; the data is not what it was") {
		t.Errorf("in words:\n%s", out)
	}
	there.run("segment", "save", "--replace", "Loyal", "count(order) >= 2 and days_since(order) <= 180").exits(exitOK)
	there.replays(loyal, "data definition", "definition")
	here.replays(loyal, "", "")
}

// An answer changed by hand is not what the core computes, whether or not its
// figures are hit.
func TestReplayOfForgedAnswers(t *testing.T) {
	t.Parallel()
	s := shopShell(t)
	answer := s.run("ask", "--json", "--lang", "en", "how many customers ordered at least three times").exits(exitOK).out
	for _, c := range []struct{ old, forged, because string }{
		{`"size": 24`, `"size": 25`, "file"},
		{`**24**`, `**42**`, "file"},
		{`**24**`, `**72**`, "file"}, // a figure of the result, but not this one
		{`at least three times"`, `at least four times"`, ""},
		{`"formula": "count(order) >= 3"`, `"formula": "count(order) >= 2"`, "file"},
		{`"understood": "`, `"understood": "not `, ""},
		{`"language": "en"`, `"language": "pt"`, "file"}, // by which its numbers read otherwise
		{`"model": "offline"`, `"model": "wise"`, ""},
	} {
		forged := strings.Replace(answer, c.old, c.forged, 1)
		if forged == answer {
			t.Fatalf("%s is not in\n%s", c.old, answer)
		}
		r := s.replayed(exitError1, forged)
		if !slices.Contains(r.Changed, "file") || strings.Join(r.Because, " ") != c.because || r.Same {
			t.Errorf("%s: %v because of %v", c.forged, r.Changed, r.Because)
		}
		if out := s.runWith(strings.NewReader(forged), "replay", "-").exits(exitError1).out; !strings.Contains(out, "was changed after it was written") {
			t.Errorf("%s: in words:\n%s", c.forged, out)
		}
	}
	// What is cut out of an answer is missed, the digest with it or not.
	for _, out := range [][]string{{"calls"}, {"calls", "digest"}, {"calls", "digest", "basis"}, {"digest"}, {"basis"}} {
		var v map[string]any
		if err := json.Unmarshal([]byte(answer), &v); err != nil {
			t.Fatal(err)
		}
		for _, name := range out {
			delete(v, name)
		}
		forged, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if r := s.replayed(exitError1, string(forged)); r.Same || !slices.Contains(r.Changed, "file") {
			t.Errorf("without %v: %v", out, r.Changed)
		}
	}
	// How a file is laid out does not matter, nor how long the answer took.
	var v map[string]any
	if err := json.Unmarshal([]byte(answer), &v); err != nil {
		t.Fatal(err)
	}
	v["elapsed_ms"] = 99.5
	plain, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	s.replays("\uFEFF"+string(plain)+"\r\n", "", "")
}

// What is no answer is refused, with what was expected.
func TestReplayRefusesGarbledFiles(t *testing.T) {
	t.Parallel()
	s := shopShell(t)
	answer := s.run("ask", "--json", "--lang", "en", "how many customers ordered at least three times").exits(exitOK).out
	for _, c := range []struct{ name, text, says string }{
		{"empty", "", "empty"},
		{"cut short", answer[:len(answer)/2], "breaks off"},
		{"cut within a list", answer[:strings.Index(answer, `"rows"`)], "breaks off"},
		{"two, the second cut", answer + answer[:len(answer)-20], "breaks off"},
		{"a word", "hello", "no JSON"},
		{"a list", "[" + answer + "]", "no JSON object"},
		{"null", "null", "no JSON object"},
		{"another object", `{"a": 1}`, "status is missing"},
		{"another status", `{"status": "fine\u001b[31m", "as_of": "2024-01-01T00:00:00Z"}`, "no status"},
		{"no time", `{"status": "answered"}`, "as_of is missing"},
		{"a time that is none", `{"status": "answered", "as_of": "yesterday"}`, "as_of cannot be read"},
		{"calls that are none", `{"status": "answered", "as_of": "2024-01-01T00:00:00Z", "calls": {"tool": "measure"}}`, "calls is no list"},
		{"a call without a tool", `{"status": "answered", "as_of": "2024-01-01T00:00:00Z", "calls": [{}]}`, "names no tool"},
		{"arguments that are none", `{"status": "answered", "as_of": "2024-01-01T00:00:00Z", "calls": [{"tool": "measure", "args": [1]}]}`, "args are no JSON object"},
		{"UTF-16", "\xff\xfe{\x00}\x00", "UTF-16"},
		{"bytes", "{\"question\": \"\xff\xfe\", \"status\": \"answered\", \"as_of\": \"2024-01-01T00:00:00Z\"}", "UTF-8"},
		{"deep", strings.Repeat("[", 20_000), "no JSON"},
		{"a database", "SQLite format 3\x00\x10\x00", "no JSON"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := s.under(t)
			s.run("replay", s.file("bad.json", c.text)).refuses(exitError1, c.says, "expected an answer as `tesela ask --json`")
		})
	}
	s.run("replay", s.dir).refuses(exitError1, "read the answer")
	// A tool that is not there, hostile text: an answer all the same, that differs.
	hostile := `{"id": "\u001b]0;x\u0007", "question": "\u001b[31mred\u0000", "status": "answered", "as_of": "2024-01-01T00:00:00Z", "language": "xx",
		"calls": [{"tool": "drop_\u001b[0mtable", "args": {"a": 1}, "result": {"values": {"size": 1e999999}, "fingerprint": 7}}], "basis": {"definitions": {"zone": "../../etc/passwd"}}}`
	r := s.runWith(strings.NewReader(hostile), "replay", "-").exits(exitError1)
	if !strings.Contains(r.out, "no such tool") {
		r.fail("nothing about the tool")
	}
}

// Another version says so; where it computes the same, all is well.
func TestReplayByAnotherVersion(t *testing.T) {
	t.Parallel()
	s := shopShell(t)
	answer := s.run("ask", "--json", "--lang", "es", "ingresos por mes en 2024").exits(exitOK).out
	program(t) // so that the folder of builds is there
	newer := filepath.Join(builds, "tesela-9.9")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-ldflags", "-X main.version=9.9", "-o", newer, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	c := exec.CommandContext(t.Context(), newer, "replay", "--json", "-")
	c.Dir, c.Env, c.Stdin = s.dir, s.env, strings.NewReader(answer)
	out, err := c.Output()
	var r agent.Replayed
	if err != nil || json.Unmarshal(out, &r) != nil || !r.Same || strings.Join(r.Changed, " ") != "version" || r.ProgramNow != "9.9" || r.ProgramThen == "" {
		t.Errorf("%v\n%s", err, out)
	}
}

// Answers are listed, found, shown and exported.
func TestKeptAnswers(t *testing.T) {
	t.Parallel()
	s := shopShell(t)
	if r := s.runWith(strings.NewReader(""), "answers", "--json").exits(exitOK); strings.TrimSpace(r.out) != "[]" {
		r.fail("answers before any question")
	}
	ids := map[string]string{}
	ask := func(key string, code int, args ...string) {
		ids[key] = s.run(append([]string{"ask", "--json"}, args...)...).exits(code).answer().ID
	}
	ask("es", exitOK, "--lang", "es", "--session", "spring", "ingresos por categoría en 2024")
	ask("pt", exitOK, "--lang", "pt", "ticket médio por país")
	ask("list", exitOK, "--lang", "en", "--session", "spring", "list the five customers who spent most")
	ask("back", exitClarify, "--lang", "en", "customers with a flurb")
	ask("person", exitClarify, "--lang", "en", "why is c003 a flurb")
	list := func(args ...string) (got []string) {
		var heads []store.TurnHead
		s.run(append(append([]string{"answers"}, args...), "--json")...).exits(exitOK).into(&heads)
		for _, h := range heads {
			for key, id := range ids {
				if id == h.ID {
					got = append(got, key)
				}
			}
		}
		return got
	}
	for _, c := range []struct{ args, want string }{
		{"", "person back list pt es"},
		{"list", "person back list pt es"},
		{"list --limit 2", "person back"},
		{"--session spring", "list es"},
		{"list --status clarify", "person back"},
		{"list --since 2999-01-01", ""},
		{"list --since 2020-01-01T00:00:00Z --limit 0", "person back list pt es"},
		{"search CATEGORIA ingresos", "es"},
		{"search ingresos país", ""},
		{"search médio", "pt"},
		{"search Customers spent", "list"},
		{"search zapatos", ""},
	} {
		if got := strings.Join(list(strings.Fields(c.args)...), " "); got != c.want {
			t.Errorf("answers %s: %s, want %s", c.args, got, c.want)
		}
	}
	if out := s.run("answers").exits(exitOK).out; !strings.Contains(out, ids["es"]) || !strings.Contains(out, "spring") || strings.Count(out, "\n") != 5 {
		t.Errorf("listed:\n%s", out)
	}
	if out := s.run("answers", "show", ids["es"]).exits(exitOK).out; !strings.Contains(out, "ingresos por categoría en 2024") || !strings.Contains(out, "Shoes") {
		t.Errorf("shown:\n%s", out)
	}
	if a := s.run("answers", "show", ids["es"], "--json").exits(exitOK).answer(); a.ID != ids["es"] || len(a.Calls) != 1 {
		t.Errorf("shown: %+v", a)
	}

	// Exported: to standard output, a file, a folder, as lines.
	one := s.run("answers", "export", ids["pt"]).exits(exitOK)
	s.replays(one.out, "", "")
	s.run("answers", "export", ids["pt"], "--out", "one.json").exits(exitOK)
	if text, err := os.ReadFile(filepath.Join(s.dir, "one.json")); err != nil || string(text) != one.out {
		t.Errorf("one.json: %v", err)
	}
	s.run("answers", "export", ids["pt"], ids["es"], "--out", "folder").exits(exitOK)
	s.run("replay", filepath.Join("folder", ids["es"]+".json")).exits(exitOK)
	s.run("replay", filepath.Join("folder", ids["pt"]+".json")).exits(exitOK)
	lines := s.run("answers", "export", ids["pt"], ids["es"]).exits(exitOK)
	if strings.Count(lines.out, "\n") != 2 {
		lines.fail("not two lines")
	}
	if r := s.runWith(strings.NewReader(lines.out), "replay", "-").exits(exitOK); !strings.Contains(r.out, "2 of 2 answers are the same") {
		r.fail("not both replayed")
	}

	// What tells of single customers is said to, and can be left out.
	listed := s.run("answers", "export", ids["list"]).exits(exitOK)
	if !strings.Contains(listed.errs, ids["list"]) || !strings.Contains(listed.errs, "--without-personal") || !strings.Contains(listed.out, "c015") {
		listed.fail("nothing about the customers in it")
	}
	bare := s.run("answers", "export", ids["list"], "--without-personal").exits(exitOK)
	if strings.Contains(bare.out, "c015") {
		bare.fail("customers in it")
	}
	other := shopShell(t)
	other.replays(bare.out, "", "")
	forged := strings.Replace(bare.out, `"fingerprint": "sha256:`, `"fingerprint": "sha256:0`, 1)
	if r := other.replayed(exitError1, forged); r.Figures {
		t.Error("another fingerprint passes for withheld rows")
	}
	for _, args := range [][]string{{"answers", "export", ids["person"], "--without-personal"}} {
		s.run(args...).refuses(exitError1, "the question", "cannot be left out")
	}
	every := s.run("answers", "export", "--all", "--without-personal", "--out", "all.jsonl").exits(exitOK)
	if !strings.Contains(every.errs, ids["person"]) || !strings.Contains(every.out, "4 answers") {
		every.fail("not four of five")
	}
	s.run("replay", "all.jsonl").exits(exitOK)

	s.run("answers", "exprt").refuses(exitUsage, "export")
	s.run("answers", "show").refuses(exitUsage, "id")
	s.run("answers", "show", "nosuch").refuses(exitError1, "nosuch")
	s.run("answers", "export").refuses(exitUsage, "--all")
	s.run("answers", "export", ids["pt"], "--all").refuses(exitUsage, "not both")
	s.run("answers", "search").refuses(exitUsage, "search for")
	s.run("answers", "list", "--status", "good").refuses(exitUsage, "clarify")
	s.run("answers", "list", "--since", "lately").refuses(exitUsage, "lately", "2011-12-01")
	s.run("answers", "list", "--limit", "-1").refuses(exitUsage, "--limit")
}
