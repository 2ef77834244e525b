package provider

import (
	"slices"
	"strings"
	"testing"
)

func TestTableIsSound(t *testing.T) {
	tab, err := read()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	lists := map[string][]row{Custom: tab.Custom}
	for _, p := range tab.Providers {
		names = append(names, p.Name)
		lists[p.Name] = p.Models
		if p.Base == "" || !strings.HasPrefix(p.Default, "https://") || p.Example == "" || len(p.Keys) == 0 {
			t.Errorf("%s: %+v", p.Name, p.Provider)
		}
		for _, v := range append(append([]string{p.Base}, p.Keys...), p.Also...) {
			if v != strings.ToUpper(v) || strings.ContainsAny(v, " =") {
				t.Errorf("%s: %q is no environment variable", p.Name, v)
			}
		}
		if !Of(p.Name, p.Example).Tools {
			t.Errorf("%s: the example %s cannot call tools", p.Name, p.Example)
		}
	}
	if !slices.Equal(names, []string{"openai", "anthropic", "googleai", "mistral", "bedrock"}) {
		t.Errorf("providers %v", names)
	}
	for name, rows := range lists {
		if len(rows) == 0 || rows[len(rows)-1].Match != "*" {
			t.Errorf("%s: the last row is not for *", name)
		}
		for i, r := range rows {
			if r.Match != strings.ToLower(r.Match) || r.Match == "" {
				t.Errorf("%s: pattern %q", name, r.Match)
			}
			if !r.Tools && (r.Parallel || r.Strict) {
				t.Errorf("%s: %s calls no tools, and yet in parallel or strictly", name, r.Match)
			}
			// A pattern is reached: none before it fits all that it fits. What
			// it fits is stood for by names with other texts in the stars'
			// places.
			for _, filling := range []string{"", "x", "-2024-01-01"} {
				sample := strings.ReplaceAll(r.Match, "*", filling)
				if !fits(r.Match, sample) {
					t.Errorf("%s: %q does not fit %s", name, sample, r.Match)
				}
			}
			sample := strings.ReplaceAll(r.Match, "*", "x")
			for _, earlier := range rows[:i] {
				if fits(earlier.Match, sample) {
					t.Errorf("%s: %s comes after %s and is never reached by %s", name, r.Match, earlier.Match, sample)
				}
			}
		}
	}
}

func TestFits(t *testing.T) {
	for _, c := range []struct {
		pattern, name string
		want          bool
	}{
		{"*", "", true},
		{"*", "anything:8b", true},
		{"gpt-4", "gpt-4", true},
		{"gpt-4", "gpt-4o", false},
		{"gpt-4*", "gpt-4o", true},
		{"o1*", "go1", false},
		{"*nova*", "us.amazon.nova-pro", true},
		{"a*b*c", "abc", true},
		{"a*b*c", "axbxbxc", true},
		{"a*b*c", "axcxb", false},
		{"a*a", "a", false},
		{"*ab", "aab", true},
		{"*a*a*", "a", false},
		{"", "", true},
		{"", "x", false},
	} {
		if got := fits(c.pattern, c.name); got != c.want {
			t.Errorf("%q fits %q: %v", c.name, c.pattern, got)
		}
	}
}

func TestOf(t *testing.T) {
	for _, c := range []struct {
		provider, model, want string
	}{
		{"openai", "gpt-4o-mini", "tools streaming parallel strict system"},
		{"openai", " GPT-4o ", "tools streaming parallel strict system"},
		{"openai", "gpt-4", "tools streaming strict system"},
		{"openai", "gpt-4-turbo", "tools streaming parallel strict system"},
		{"openai", "o1-mini-2024-09-12", "streaming reasoning"},
		{"openai", "o3-mini", "tools streaming strict system reasoning"},
		{"openai", "gpt-5-nano", "tools streaming parallel strict system reasoning"},
		{"openai", "gpt-5-chat-latest", "streaming system"},
		{"openai", "ft:gpt-4o-mini:shop::1", "tools streaming parallel system"},
		{Custom, "llama3.1:8b", "tools streaming parallel system"},
		{Custom, "o3-mini", "tools streaming system reasoning"},
		{Custom, "", "tools streaming parallel system"},
		{"anthropic", "claude-2.1", "system"},
		{"anthropic", "claude-opus-4-1", "tools parallel system"},
		{"googleai", "gemini-2.5-flash", "tools parallel system reasoning"},
		{"googleai", "gemini-2.5-flash-lite", "tools parallel system"},
		{"googleai", "gemma-3-27b-it", ""},
		{"mistral", "open-mistral-7b", "system"},
		{"mistral", "mistral-large-latest", "tools parallel system"},
		{"bedrock", "eu.anthropic.claude-sonnet-4-20250514-v1:0", "tools parallel system"},
		{"bedrock", "anthropic.claude-v2:1", "system"},
		{"bedrock", "us.amazon.nova-pro-v1:0", "system"},
		{"bedrock", "meta.llama3-70b-instruct-v1:0", ""},
		{"nobody", "gpt-4o", ""},
	} {
		got := Of(c.provider, c.model)
		var list []string
		for _, one := range []struct {
			name string
			has  bool
		}{{"tools", got.Tools}, {"streaming", got.Streaming}, {"parallel", got.Parallel}, {"strict", got.Strict}, {"system", got.System}, {"reasoning", got.Reasoning}} {
			if one.has {
				list = append(list, one.name)
			}
		}
		if said := strings.Join(list, " "); said != c.want {
			t.Errorf("%s %s: %q, not %q", c.provider, c.model, said, c.want)
		}
	}
}

// What is handed out can be changed without changing the table.
func TestCopies(t *testing.T) {
	All()[0].Keys[0] = "x"
	if p, ok := Named("openai"); !ok || p.Keys[0] != "OPENAI_API_KEY" {
		t.Errorf("%+v", p)
	}
	if _, ok := Named(Custom); ok {
		t.Error("custom is no provider")
	}
}
