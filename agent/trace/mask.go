package trace

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"tesela/tools"
)

// Mask gives the trace without what is personal and without secrets, those
// given and what looks like one. Of results shown to a person in this process
// only the form stays; all else is looked through for customers' ids and
// personal values. Without a search every text that somebody wrote goes, and
// why says the reason. A round whose reply is no longer what was said is marked
// as changed. What the trace shares with others is left alone.
func (t *Trace) Mask(search *tools.PersonalSearch, secrets []string, why string) (*Trace, error) {
	v, err := tree(t.JSON())
	if err != nil {
		return nil, fmt.Errorf("mask the trace: %w", err)
	}
	object, _ := v.(map[string]any)
	messages, _ := object["messages"].([]any)
	for i, m := range messages {
		if message, _ := m.(map[string]any); message["result"] != nil {
			message["result"] = form(message["result"], t.Outside)
		}
		messages[i] = m
	}
	before := replies(object)
	m := &masking{secrets: longFirst(secrets), search: search}
	m.gather(object, "", false)
	m.look()
	object, _ = m.put(object, "", false).(map[string]any)
	after := replies(object)
	out := &Trace{}
	if err := json.Unmarshal(line(object), out); err != nil {
		return nil, fmt.Errorf("mask the trace: %w", err)
	}
	for i := range out.Rounds {
		out.Rounds[i].Changed = before[i] != after[i]
	}
	if out.Masked = m.changed; search == nil {
		out.Withheld = why
	}
	return out, nil
}

// replies are what each round's model said, as one text.
func replies(trace map[string]any) []string {
	rounds, _ := trace["rounds"].([]any)
	said := make([]string, len(rounds))
	for i, r := range rounds {
		round, _ := r.(map[string]any)
		said[i] = string(line([]any{round["deltas"], round["error"], round["faults"]}))
	}
	return said
}

// form is a result without its rows where a person in this process saw it, and
// without the texts among its values.
func form(result any, outside bool) any {
	r, ok := result.(map[string]any)
	if !ok || outside {
		return result
	}
	if rows, _ := r["rows"].([]any); len(rows) > 0 {
		delete(r, "rows")
		if r["rows_total"] == nil {
			r["rows_total"] = len(rows)
		}
	}
	if values, ok := r["values"].(map[string]any); ok {
		for name, v := range values {
			switch v.(type) {
			case json.Number, bool, nil:
			default:
				values[name] = tools.Masked
			}
		}
	}
	return r
}

// words are the keys of a trace whose texts are the program's own: names of
// tools, prints, marks. Of a result there are fewer, for segments and fields
// have names of somebody's.
var (
	words   = []string{"id", "call_id", "role", "tool", "tools", "name", "model", "by", "outcome", "kind", "status", "cause", "language", "told", "print", "data", "program", "withdrawn", "verdict", "asked", "as_of", "reason", "Reason"}
	ofOwn   = []string{"fingerprint", "approval", "kind", "unit"}
	argsKey = "args"
)

// masking looks the texts of one trace up together.
type masking struct {
	secrets []string
	search  *tools.PersonalSearch

	prose, formulas map[string]string // texts with what they become
	literals        []string          // what formulas over personal fields compare with
	changed         int
}

// eachText calls f with each text of a tree that is not the program's own, in
// place; args tells of one that is an argument of a call.
func eachText(v any, key string, inResult, args bool, f func(text string, args bool) string) any {
	switch v := v.(type) {
	case string:
		if own := words; inResult {
			own = ofOwn
			if slices.Contains(own, key) {
				return v
			}
		} else if slices.Contains(own, key) && !args {
			return v
		}
		return f(v, args)
	case []any:
		for i, part := range v {
			v[i] = eachText(part, key, inResult, args, f)
		}
	case map[string]any:
		for k, part := range v {
			v[k] = eachText(part, k, inResult || k == "result", args || k == argsKey, f)
		}
	}
	return v
}

// gather lists the texts.
func (m *masking) gather(v any, key string, inResult bool) {
	m.prose, m.formulas = map[string]string{}, map[string]string{}
	eachText(v, key, inResult, false, func(text string, args bool) string {
		switch {
		case args && m.search != nil && m.search.OverPersonal(text):
			m.formulas[text] = tools.Masked
			for _, l := range quoted.FindAllString(text, -1) {
				if l = strings.Trim(l, `"'`); len(l) >= 4 {
					m.literals = append(m.literals, l)
				}
			}
		case args && strings.ContainsAny(text, "=<>(~"):
			m.formulas[text] = text
		default:
			m.prose[text] = text
		}
		return text
	})
}

// quoted is a text in a formula.
var quoted = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'[^']*'`)

// look finds out what the texts become.
func (m *masking) look() {
	if m.search == nil {
		for _, set := range []map[string]string{m.prose, m.formulas} {
			for text := range set {
				if set[text] = ""; text != "" {
					set[text] = tools.Masked
				}
			}
		}
		return
	}
	for ids, set := range map[bool]map[string]string{true: m.prose, false: m.formulas} {
		var texts []string
		for text, now := range set {
			if now == text {
				texts = append(texts, text)
			}
		}
		masked, _ := m.search.Mask(texts, ids)
		for i, text := range texts {
			set[text] = masked[i]
		}
	}
	for text, now := range m.prose {
		for _, l := range m.literals {
			now = replaceFold(now, l)
		}
		m.prose[text] = now
	}
}

// put has the texts replaced by what they become, and secrets left out of all
// of them.
func (m *masking) put(v any, key string, inResult bool) any {
	v = eachText(v, key, inResult, false, func(text string, args bool) string {
		now, ok := m.formulas[text]
		if !args || !ok {
			now = m.prose[text]
		}
		if now != text {
			m.changed++
		}
		return now
	})
	return m.bare(v)
}

// bare leaves secrets out of every text, names too.
func (m *masking) bare(v any) any {
	switch v := v.(type) {
	case string:
		return clipped(Secretless(v, m.secrets))
	case []any:
		for i, part := range v {
			v[i] = m.bare(part)
		}
	case map[string]any:
		for k, part := range v {
			v[k] = m.bare(part)
		}
	}
	return v
}

// lookalike is what looks like a key of some provider.
var lookalike = regexp.MustCompile(`(?i:\b(?:bearer|basic)\s+[\w.~+/=-]{6,})|\b(?:sk|pk|rk|xox[abprs])-[\w-]{6,}|\bxapp-[\w-]{6,}|\bAIza[\w-]{10,}|\b(?:AKIA|ASIA)[A-Z0-9]{8,}|\bgh[opsu]_\w{16,}`)

const leastSecret = 4

// Secretless is a text without secrets: those given and what looks like one.
// Secrets are given longest first.
func Secretless(text string, secrets []string) string {
	for _, s := range secrets {
		if len(s) >= leastSecret {
			text = strings.ReplaceAll(text, s, tools.Masked)
		}
	}
	return lookalike.ReplaceAllString(text, tools.Masked)
}

func longFirst(secrets []string) []string {
	secrets = slices.Clone(secrets)
	slices.SortFunc(secrets, func(a, b string) int { return len(b) - len(a) })
	return secrets
}

// mostText bounds one text of a trace, in bytes.
const mostText = 128 << 10

func clipped(text string) string {
	if len(text) <= mostText {
		return text
	}
	return strings.ToValidUTF8(text[:mostText], "") + fmt.Sprintf("… (%d bytes)", len(text))
}

// replaceFold masks a text in another, however it is capitalised.
func replaceFold(text, gone string) string {
	low, small := strings.ToLower(text), strings.ToLower(gone)
	if len(low) != len(text) || len(small) != len(gone) {
		return strings.ReplaceAll(text, gone, tools.Masked)
	}
	var b strings.Builder
	for {
		i := strings.Index(low, small)
		if i < 0 {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:i] + tools.Masked)
		text, low = text[i+len(gone):], low[i+len(gone):]
	}
}
