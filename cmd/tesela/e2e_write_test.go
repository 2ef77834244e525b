package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tesela/agent"
	"tesela/tools"
)

// orders are the same conversation in each language: whom, save, teach,
// forget, export, delete.
var orders = map[string]struct{ count, save, teach, forget, export, delete string }{
	"en": {
		"how many customers from Spain ordered at least 3 times?", "save them as Regulars of Spain", "by VIP I mean customers who spent more than 300 euros in 2025",
		"forget the word VIP", "export them as csv", "delete the segment Regulars of Spain",
	},
	"es": {
		"¿cuántos clientes de España pidieron al menos 3 veces?", "guárdalos como «Regulars of Spain»", "con VIP me refiero a clientes que gastaron más de 300 euros en 2025",
		"olvida la palabra VIP", "expórtalos a csv", "borra el segmento Regulars of Spain",
	},
	"pt": {
		"quantos clientes da Espanha compraram pelo menos 3 vezes?", "salva esse grupo como Regulars of Spain", "quando digo VIP quero dizer clientes que gastaram mais de 300 euros em 2025",
		"esquece a palavra VIP", "exporta-os em csv", "exclui o segmento Regulars of Spain",
	},
}

// keeps is all that could have changed beside the turns.
func (s *shell) keeps() string {
	s.t.Helper()
	var files []string
	if list, err := os.ReadDir(filepath.Join(s.dir, "exports")); err == nil {
		for _, f := range list {
			files = append(files, f.Name())
		}
	}
	ws, err := openFile(s.t.Context(), filepath.Join(s.dir, "shop.db"), false)
	if err != nil {
		s.t.Fatal(err)
	}
	defer ws.Close()
	segments, err := ws.Segments(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	data, err := ws.Fingerprint(s.t.Context()) // of words and roles too
	if err != nil {
		s.t.Fatal(err)
	}
	return fmt.Sprintf("%+v %s %v", segments, data, files)
}

func (s *shell) asks(lang, question string) agent.Answer {
	s.t.Helper()
	a := s.run("ask", "--json", "--db", "shop.db", "--session", lang, question).answer()
	if a.Language != lang {
		s.t.Errorf("%q is answered in %q", question, a.Language)
	}
	return a
}

func TestOrdersAreApprovedInEveryLanguage(t *testing.T) {
	for lang, say := range orders {
		s := newShell(t)
		s.run("demo", "--db", "shop.db", "--customers", "600")
		size := s.asks(lang, say.count).Calls[0].Result.Values["size"]
		if n, ok := size.(float64); !ok || n < 5 {
			t.Fatalf("%s: %v customers", lang, size)
		}
		waits := func(question string) agent.Answer {
			before := s.keeps()
			a := s.asks(lang, question)
			if a.Status != "approve" || len(a.Calls) != 1 || a.Calls[0].Approval == "" || a.Understood == "" {
				t.Fatalf("%s: %q: %+v", lang, question, a)
			}
			if after := s.keeps(); after != before {
				t.Fatalf("%s: %q changed something before a yes:\n%s\n%s", lang, question, before, after)
			}
			return a
		}
		yes := func(a agent.Answer) agent.Answer {
			t.Helper()
			before := s.keeps()
			done := s.run("approve", a.ID, "--json", "--db", "shop.db", "--by", "ana").answer()
			after := s.keeps()
			if done.Language != lang || !done.Decided.Approved || done.Decided.By != "ana" || len(done.Calls) != 1 || string(done.Calls[0].Args) != string(a.Calls[0].Args) || after == before {
				t.Errorf("%s: approved %+v of %+v", lang, done, a)
			}
			// A second yes does nothing more and says so.
			var again agent.Answer
			s.run("approve", a.Calls[0].Approval, "--json", "--db", "shop.db").exits(exitOK).into(&again)
			if !again.Decided.Again || again.ID != done.ID || s.keeps() != after {
				t.Errorf("%s: again %+v", lang, again)
			}
			return done
		}

		yes(waits(say.save))
		var saved []struct{ Name, Formula, Text string }
		s.run("segment", "list", "--json", "--db", "shop.db").into(&saved)
		if len(saved) != 1 || saved[0].Name != "Regulars of Spain" || saved[0].Formula != `country = "Spain" and count(order) >= 3` || saved[0].Text == "" {
			t.Errorf("%s: saved %+v", lang, saved)
		}
		yes(waits(say.teach))
		var words struct {
			Words map[string]string
		}
		s.run("catalog", "--json", "--db", "shop.db").into(&words)
		if got := fmt.Sprint(words); !strings.Contains(got, "VIP") || !strings.Contains(got, "sum(order.amount, 2025) > 300") {
			t.Errorf("%s: words %s", lang, got)
		}
		yes(waits(say.forget))
		file := yes(waits(say.export)).Calls[0].Result.Values["file"].(string)
		text, err := os.ReadFile(filepath.Join(s.dir, "exports", file))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		if err != nil || float64(len(rows)-1) != size {
			t.Errorf("%s: %d rows of %v customers, %v", lang, len(rows)-1, size, err)
		}
		yes(waits(say.delete))
		if out := s.run("segment", "list", "--json", "--db", "shop.db").out; strings.TrimSpace(out) != "[]" {
			t.Errorf("%s: segments after deleting: %s", lang, out)
		}
	}
}

func TestWhatIsNotApprovedIsNotDone(t *testing.T) {
	s := newShell(t)
	s.run("demo", "--db", "shop.db", "--customers", "600")
	save := func(name string) agent.Answer {
		t.Helper()
		a := s.run("ask", "--json", "--db", "shop.db", "save customers from Spain as "+name).answer()
		if a.Status != "approve" {
			t.Fatalf("%+v", a)
		}
		return a
	}
	a := save("Spaniards")
	before := s.keeps()
	// Ids that are not quite those given out.
	seal := a.Calls[0].Approval
	for _, id := range []string{seal[:len(seal)-1], a.ID + ".0000000000000000", a.ID + ".", "0123456789ab", "Spaniards"} {
		s.run("approve", id, "--db", "shop.db").refuses(exitError1, id)
	}
	s.run("approve", "--db", "shop.db").refuses(exitUsage, "id")
	// Rejected is rejected.
	var no agent.Answer
	s.run("approve", a.ID, "--reject", "--json", "--db", "shop.db", "--by", "bob").exits(exitOK).into(&no)
	if no.Decided == nil || no.Decided.Approved || no.Decided.By != "bob" || len(no.Calls) != 0 {
		t.Errorf("rejected: %+v", no)
	}
	s.run("approve", a.ID, "--db", "shop.db").refuses(exitError1, "rejected by bob")
	var fault struct {
		Error struct{ Kind, Reason, Message string }
	}
	s.run("approve", a.ID, "--json", "--db", "shop.db").exits(exitError1).into(&fault)
	if fault.Error.Kind != "approval" || fault.Error.Reason != "was_rejected" {
		t.Errorf("%+v", fault)
	}
	// Asked for again it can still be done, but not a day later.
	a = save("Spaniards")
	if code, errs := s.approveAt(time.Now().Add(24*time.Hour+time.Minute), a.ID); code != exitError1 || !strings.Contains(errs, "expired") {
		t.Errorf("a day later: exit %d, %s", code, errs)
	}
	if after := s.keeps(); after != before {
		t.Fatalf("something was changed:\n%s\n%s", before, after)
	}
	// A saved segment of the name that came meanwhile is not overwritten unseen.
	s.run("segment", "save", "Spaniards", `country = "Portugal"`, "--db", "shop.db").exits(exitOK)
	s.run("approve", a.ID, "--db", "shop.db").refuses(exitError1, "no longer what was shown")
	if out := s.run("segment", "show", "Spaniards", "--db", "shop.db").out; !strings.Contains(out, "Portugal") {
		t.Errorf("overwritten: %s", out)
	}
	a = save("Spaniards")
	if v := a.Calls[0].Result.Values; v["replaces"] != true || v["lost"] == 0.0 {
		t.Errorf("replacing: %+v", v)
	}
	s.run("approve", a.ID, "--db", "shop.db").exits(exitOK)
	// In words, for people.
	r := s.run("ask", "--db", "shop.db", "delete the segment Spaniards").exits(exitApproval)
	if !strings.Contains(r.out, "Delete the saved segment “Spaniards”") || !strings.Contains(r.errs, "`tesela approve ") {
		t.Errorf("stdout %s\nstderr %s", r.out, r.errs)
	}
}

// approveAt runs the command at another time, in this process.
func (s *shell) approveAt(now time.Time, id string) (code int, errs string) {
	s.t.Helper()
	var out, aside bytes.Buffer
	a := newApp(strings.NewReader(""), &out, &aside)
	root := newRoot(a)
	for _, c := range root.Commands() {
		if c.Name() == "approve" {
			root.RemoveCommand(c)
		}
	}
	c := newApproveWith(a, func() time.Time { return now })
	a.prepare(c)
	root.AddCommand(c)
	root.SetArgs([]string{"approve", id, "--db", filepath.Join(s.dir, "shop.db")})
	if err := root.ExecuteContext(s.t.Context()); err != nil {
		code = a.fail(s.t.Context(), err)
	}
	return code, aside.String()
}

func TestRunShowsWhatItWouldDo(t *testing.T) {
	s := newShell(t)
	s.run("demo", "--db", "shop.db", "--customers", "600")
	before := s.keeps()
	args := `{"name": "Spaniards", "formula": "country = \"Spain\""}`
	var preview, done tools.Result
	s.run("run", "save_segment", args, "--db", "shop.db").exits(exitApproval).into(&preview)
	if preview.Approval == "" || s.keeps() != before {
		t.Errorf("%+v", preview)
	}
	s.run("run", "save_segment", args, "--approve", "--db", "shop.db").exits(exitOK).into(&done)
	if done.Approval != "" || done.Values["size"] != preview.Values["size"] || !strings.Contains(s.keeps(), "Spaniards") {
		t.Errorf("%+v", done)
	}
	s.run("run", "export_segment", `{"formula": "Spaniards", "format": "json"}`, "--approve", "--db", "shop.db").exits(exitOK)
	text, err := os.ReadFile(filepath.Join(s.dir, "exports", "spaniards.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Size        float64
		Fingerprint string
		Customers   []map[string]string
	}
	if err := json.Unmarshal(text, &file); err != nil || file.Size != preview.Values["size"] || float64(len(file.Customers)) != file.Size || !strings.HasPrefix(file.Fingerprint, "sha256:") {
		t.Errorf("%s %v", head(string(text)), err)
	}
	s.run("run", "export_segment", `{"formula": "Spaniards", "file": "../x"}`, "--approve", "--db", "shop.db").refuses(exitUsage, "plain file name")
	s.run("run", "count_segment", `{"formula": "everyone"}`, "--approve", "--db", "shop.db").exits(exitOK)
}
