package main

import (
	"bytes"
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"tesela/store"
	"tesela/store/sqlite"
)

// What results say beside figures is computed again with the words that were
// used: groups are named alike in an answer and in its replay.
func TestReplaySaysTheSameWords(t *testing.T) {
	db := filepath.Join(t.TempDir(), "shop.db")
	call := func(args ...string) (int, string) {
		t.Helper()
		var out, errs bytes.Buffer
		a := newApp(strings.NewReader(""), &out, &errs)
		a.openFile = func(ctx context.Context, path string, create bool) (store.Workspace, error) {
			if create {
				return sqlite.Create(ctx, path)
			}
			return sqlite.Open(ctx, path)
		}
		code := execute(t.Context(), a, append([]string{"--db", db}, args...))
		return code, out.String() + errs.String()
	}
	if code, out := call("demo", "--customers", "400"); code != 0 {
		t.Fatalf("demo: %d, %s", code, out)
	}
	for _, lang := range []string{"en", "es"} {
		question := map[string]string{"en": "find me micro-segments", "es": "encuentra micro-segmentos"}[lang]
		code, out := call("ask", "--json", "--lang", lang, "--model", "offline", question)
		var answer struct{ ID string }
		if code != 0 || json.Unmarshal([]byte(out), &answer) != nil || answer.ID == "" {
			t.Fatalf("%s: %d, %s", question, code, out)
		}
		if code, out := call("replay", answer.ID); code != 0 {
			t.Errorf("replay of %q: %d, %s", question, code, out)
		}
	}
}
