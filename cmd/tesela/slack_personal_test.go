package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tesela/cmd/internal/slackbot/slacktest"
)

// slackPeople are customers with names, addresses and telephones, and what none
// of them may be told by in a channel.
func slackPeople(t *testing.T) (db string, secrets [][]string) {
	t.Helper()
	dir := t.TempDir()
	given := []string{"Rosa", "Carlos", "Inês", "Nuno", "Queila", "Bea", "Fábio", "Luis"}
	family := []string{"Lima", "Quintana", "Prado", "Torres", "Fonseca", "Vidal", "Jardim"}
	var customers, orders strings.Builder
	customers.WriteString("customer_id,name,email,phone,country\n")
	orders.WriteString("order_id,customer_id,ordered_at,product,amount\n")
	n := 0
	for i := range 60 {
		id := fmt.Sprintf("CU-%d", 40100+7*i)
		name := given[i%8] + " " + family[i%7] + " " + family[(i/7+3)%7]
		email := fmt.Sprintf("%s.%d@example.org", strings.ToLower(given[(i+2)%8]), 900+i)
		phone := fmt.Sprintf("+34 6%02d %03d %03d", 10+i, 100+13*i, 900-11*i)
		secrets = append(secrets, []string{id, name, email, phone})
		fmt.Fprintf(&customers, "%s,%s,%s,%s,%s\n", id, name, email, phone, []string{"Spain", "Portugal", "Brazil"}[i%3])
		for k := range i % 8 {
			n++
			fmt.Fprintf(&orders, "O%d,%s,2025-%02d-%02d 10:00:00,%s,%d.50\n", n, id, 1+(i+k)%12, 1+(3*i+5*k)%28, []string{"tea", "coffee", "mug"}[k%3], 10+i+k)
		}
	}
	db = filepath.Join(dir, "people.db")
	for name, text := range map[string]string{"customers.csv": customers.String(), "orders.csv": orders.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"import", "--db", db, filepath.Join(dir, "customers.csv"), "--customers", "--id", "customer_id", "--trait", "phone=phone:text", "--yes", "--currency", "EUR", "--timezone", "Europe/Madrid"},
		{"import", "--db", db, filepath.Join(dir, "orders.csv"), "--events", "order", "--customer", "customer_id", "--time", "ordered_at", "--event-id", "order_id", "--yes"},
		// What was kept at the terminal may name people too.
		{"segment", "save", "--db", db, "Friend", fmt.Sprintf("email = %q", secrets[3][2])},
		{"segment", "save", "--db", db, secrets[4][1], "count(order) >= 3"},
		{"catalog", "--db", db, "--word", fmt.Sprintf("boss=name = %q", secrets[5][1])},
	} {
		if code, out, errs := callTesela(t, args...); code != 0 {
			t.Fatalf("%v: %d %s %s", args, code, out, errs)
		}
	}
	return db, secrets
}

// slackTalk is what is asked in channels; #i, #n, #e and #p stand for a
// customer's id, name, e-mail address and telephone.
var slackTalk = []string{
	"how many customers are there?", "list the customers with at least 5 orders", "top 10 customers by revenue", "best customers",
	"¿cuántos clientes hay por país?", "lista los clientes con 5 pedidos o más", "liste os clientes com pelo menos 5 pedidos",
	"rfm segments", "what data do you have", "near misses for at least 5 orders", "find microsegments",
	"what did #n buy?", "¿qué compró #n?", "o que #n comprou?", "who is #n", "#n", "is #n at risk?", "compare #n and #n",
	"customers whose name is #n", "customers with email #e", "customers whose email contains example", "#e", "who writes from #e?",
	"customers with phone #p", "who has the phone #p", "#p", "call #p", "explain customer #i", "orders of #i", "#i", "¿cuántos pedidos hizo #i?",
	"customers by email", "revenue by name", "list customers with name, email and phone", "give me the phone of the champions",
	"save #n as Gold", "save customers with at least 5 orders as #n", "save customers with at least 5 orders as Loyal",
	"export customers with at least 5 orders", "export #n", "tag customers with at least 5 orders as #e", "teach that vip means #n",
	"every monday at 9 show me what #n bought", "every monday at 9 show me the top 10 customers by revenue", "list digests",
	"review my segments", "how many customers are in Friend", "compare Friend and customers with at least 5 orders", "how many customers are boss",
	"what are the saved segments", "delete the segment Friend", "report on #i", "#n #e #p #i", "panic #n", "help", "ayuda #n",
}

// Whatever is asked and pressed in channels of a workspace whose people have
// names, addresses and telephones: of all that Slack is told there, in messages
// and edits, whispers, names and bodies of files, nothing tells of one of them;
// and nothing does in the operator's log.
func TestSlackTellsChannelsNothingPersonal(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	s := slacktest.New(t, slacktest.Options{Scopes: slackScopes(t), Rates: slacktest.Rates{Off: true}})
	s.AddUser(slacktest.User{ID: "U1", Name: "Ana", Locale: "en-US"})
	s.AddUser(slacktest.User{ID: "U2", Name: "Ben", Locale: "es-ES"})
	db, people := slackPeople(t)
	p := startSlack(t, s, db, "--approvers", "U2", "--personal", "U1,U2", "--user-turns", "0", "--team-turns", "0")
	p.listens(s)
	answered := func(channel, thread string) func() bool {
		return func() bool {
			list := s.Replies(channel, thread)
			return slices.ContainsFunc(list, func(m slacktest.Message) bool {
				return m.TS != thread && m.Text != "" && !strings.Contains(m.All(), ":hourglass")
			})
		}
	}
	files := 0
	for i, q := range slackTalk {
		who := people[i%len(people)]
		q = strings.NewReplacer("#i", who[0], "#n", who[1], "#e", who[2], "#p", who[3]).Replace(q)
		channel := fmt.Sprintf("C%d", 100+i)
		s.AddChannel(slacktest.Channel{ID: channel})
		asked := s.Mention(channel, "U1", q)
		p.until(s, q+" is answered", answered(channel, asked.TS))
		for _, m := range s.Replies(channel, asked.TS) {
			for _, b := range slacktest.Buttons(m) {
				s.Press(m, "U2", b.ActionID)
				s.Press(m, "U1", b.ActionID)
			}
		}
		s.Command(channel, "U2", q)
		if strings.HasPrefix(q, "help") {
			continue
		}
		p.until(s, "the command "+q+" is answered", func() bool {
			return slices.ContainsFunc(s.Messages(channel), func(m slacktest.Message) bool {
				return m.BotID != "" && answered(channel, m.TS)()
			})
		})
	}
	p.stop()
	heard := heardInChannels(s)
	for what, text := range heard {
		if strings.Contains(what, "file") {
			files++
		}
		for _, who := range people {
			for _, secret := range who {
				if strings.Contains(text, secret) || strings.Contains(text, strings.NewReplacer("+", "", " ", "").Replace(secret)) {
					t.Errorf("%s tells %q: %.400s", what, secret, text)
				}
			}
		}
	}
	for _, who := range people {
		for _, secret := range who {
			if strings.Contains(p.errs.String(), secret) {
				t.Errorf("the log tells %q", secret)
			}
		}
	}
	t.Logf("%d questions, %d calls and files, %d whispers, %d files", 2*len(slackTalk), len(heard), len(s.Whispers("")), files)
	if files == 0 || s.Calls("chat.postMessage") < 2*len(slackTalk)-4 {
		t.Errorf("%d files, %d messages: not all was done", files, s.Calls("chat.postMessage"))
	}
}

// heardInChannels is all that Slack was told but in direct messages.
func heardInChannels(s *slacktest.Slack) map[string]string {
	heard := map[string]string{}
	for i, c := range s.Log("") {
		raw, err := json.Marshal(c.Args)
		if err == nil && !strings.HasPrefix(c.Args["channel"], "D") {
			heard[fmt.Sprintf("call %d %s", i, c.Method)] = string(raw)
		}
	}
	for i := range slackTalk {
		for k, f := range s.Files(fmt.Sprintf("C%d", 100+i)) {
			heard[fmt.Sprintf("file %d of channel %d", k, i)] = f.Name + f.Title + f.Alt + string(f.Body)
		}
	}
	return heard
}
