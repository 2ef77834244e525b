package storetest

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"tesela/store"
)

// turnsFound compares what is found with what a reader of the list would pick.
func turnsFound(t *testing.T, w store.Workspace) {
	ctx := t.Context()
	day := time.Date(2025, 3, 1, 0, 0, 0, 0, time.UTC)
	for i, kept := range []struct{ session, question, answer string }{
		{"s", "¿Cuántos clientes de España?", `{"status":"answered","language":"es","understood":"Clientes de España","text":"**1.115** clientes"}`},
		{"", "receita por mês", `{"status":"answered","language":"pt","understood":"Receita líquida","text":"| Mês | Receita |\n| snake\\_case | 1 |"}`},
		{"s", "vip customers", `{"status":"clarify","language":"en","text":"I do not know the word “vip”"}`},
		{"", "no answer", ``},
		{"", "not JSON", `{"status":"answ`},
		{"t", "ΌΣΟΣ 100%_'\"", `{"status":"error","language":"en"}`},
	} {
		turn := store.Turn{ID: fmt.Sprint("id", i), Session: kept.session, Asked: day.Add(time.Duration(i) * 12 * time.Hour), Question: kept.question}
		if kept.answer != "" {
			turn.Answer = json.RawMessage(kept.answer)
		}
		if err := w.AppendTurn(ctx, turn); err != nil {
			t.Fatal(err)
		}
	}
	for i, c := range []struct {
		q    store.TurnQuery
		want []string
	}{
		{store.TurnQuery{}, []string{"id5", "id4", "id3", "id2", "id1", "id0"}},
		{store.TurnQuery{Limit: 2}, []string{"id5", "id4"}},
		{store.TurnQuery{Limit: 99, Session: "s"}, []string{"id2", "id0"}},
		{store.TurnQuery{Session: "none"}, nil},
		{store.TurnQuery{Status: "answered"}, []string{"id1", "id0"}},
		{store.TurnQuery{Status: "answered", Session: "s"}, []string{"id0"}},
		{store.TurnQuery{Since: day.Add(36 * time.Hour)}, []string{"id5", "id4", "id3"}},
		{store.TurnQuery{Since: day.Add(36*time.Hour + time.Microsecond)}, []string{"id5", "id4"}},
		{store.TurnQuery{Words: []string{"ESPANA"}}, []string{"id0"}},
		{store.TurnQuery{Words: []string{"España"}}, []string{"id0"}},
		{store.TurnQuery{Words: []string{"receita", "mes"}}, []string{"id1"}},
		{store.TurnQuery{Words: []string{"receita", "espana"}}, nil},
		{store.TurnQuery{Words: []string{"líquida"}}, []string{"id1"}},
		{store.TurnQuery{Words: []string{"snake_case"}}, []string{"id1"}},
		{store.TurnQuery{Words: []string{"1.115 clientes"}}, []string{"id0"}},
		{store.TurnQuery{Words: []string{"“vip”"}}, []string{"id2"}},
		{store.TurnQuery{Words: []string{"όσος"}}, []string{"id5"}},
		{store.TurnQuery{Words: []string{"100%_'\""}}, []string{"id5"}},
		{store.TurnQuery{Words: []string{"%"}}, []string{"id5"}},
		{store.TurnQuery{Words: []string{"", " "}, Limit: 1}, []string{"id5"}},
	} {
		heads, err := w.FindTurns(ctx, c.q)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, h := range heads {
			got = append(got, h.ID)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%d: %+v finds %v, want %v", i, c.q, got, c.want)
		}
	}
	heads, err := w.FindTurns(ctx, store.TurnQuery{Session: "s", Limit: 1})
	want := store.TurnHead{ID: "id2", Session: "s", Asked: day.Add(24 * time.Hour), Status: "clarify", Language: "en", Question: "vip customers"}
	if err != nil || len(heads) != 1 || heads[0] != want {
		t.Errorf("%+v, %v, want %+v", heads, err, want)
	}
}
