package main

import (
	"strings"
	"testing"

	"tesela/cmd/internal/slackbot/slacktest"
	"tesela/segment"
	"tesela/segment/column"
	"tesela/store/sqlite"
)

// The program keeps a digest over a restart, and sends it with what an import
// changed meanwhile.
func TestSlackDigest(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	s, db := slackWorld(t), smallShop(t)
	p := startSlack(t, s, db)
	p.listens(s)
	asked := s.Mention("C1", "U2", "cada lunes a las 9 muéstrame cuántos clientes hay")
	list := p.replies(s, "C1", asked.TS, "4 clientes", "Lo enviaré aquí cada lunes a las 9:00 (Europe/Madrid)", "Próximo envío: lunes")
	p.stop()

	newcomers(t, db, "e", "f", "g")
	before := s.Opened()
	p = startSlack(t, s, db)
	p.until(s, "it listens again", func() bool { return s.Opened() > before })
	s.Press(list[len(list)-1], "U2", "tesela.digest.run")
	var sent slacktest.Message
	p.until(s, "it is sent", func() bool {
		for _, m := range s.Messages("C1") {
			if m.BotID != "" && strings.Contains(m.All(), "7 clientes") {
				sent = m
				return true
			}
		}
		return false
	})
	said := strings.ReplaceAll(sent.All(), "*", "")
	for _, part := range []string{"Cada lunes a las 9:00", "Desde el", "4 → 7", "+3, +75,0"} {
		if !strings.Contains(said, part) {
			t.Errorf("%q lacks %q", said, part)
		}
	}
	// Its thread goes on.
	s.Reply("C1", sent.TS, "U2", "solo Alemania")
	p.replies(s, "C1", sent.TS, "2 clientes")
	s.Press(sent, "U2", "tesela.digest.stop.sent")
	p.replies(s, "C1", sent.TS, "Ben paró esto")
	none := s.Mention("C1", "U1", "my digests")
	p.replies(s, "C1", none.TS, "no digests here")
	p.stop()
}

// newcomers imports customers.
func newcomers(t *testing.T, db string, ids ...string) {
	t.Helper()
	ctx := t.Context()
	ws, err := sqlite.Open(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	b, err := ws.Import(ctx)
	if err != nil {
		t.Fatal(err)
	}
	country := segment.FieldRef{Name: "country"}
	col := &column.Column{Kind: column.Text}
	var who []uint32
	for _, id := range ids {
		who = append(who, b.Customers().Code([]byte(id))-1)
		col.Codes = append(col.Codes, b.Words(country).Code([]byte("Spain")))
	}
	if _, err := b.SetTrait(ctx, country.Name, who, col); err != nil {
		t.Fatal(err)
	}
	if err := b.Commit(ctx); err != nil {
		t.Fatal(err)
	}
}
