package wire

import (
	"slices"
	"strings"
)

// plain gives what somebody typed: Slack's references and escapes undone, the
// bot's own mention left out. named are the others that the text names, ids
// as they stand in it.
func plain(text, bot string) (out string, mentioned bool, named []string) {
	var b strings.Builder
	for {
		start := strings.IndexByte(text, '<')
		if start < 0 {
			break
		}
		length := strings.IndexByte(text[start:], '>')
		if length < 0 {
			break
		}
		b.WriteString(unescape(text[:start]))
		inside := text[start+1 : start+length]
		text = text[start+length+1:]
		if id, label, ok := reference(inside, "@"); ok {
			if id == bot && bot != "" {
				mentioned = true
				text = besideMention(&b, text)
				continue
			}
			if !slices.Contains(named, id) {
				named = append(named, id)
			}
			b.WriteString("@" + orElse(label, id))
			continue
		}
		b.WriteString(spoken(inside, &named))
	}
	b.WriteString(unescape(text))
	return strings.TrimSpace(b.String()), mentioned, named
}

// besideMention takes away what stood between the bot's mention and the text:
// "@tesela: how many" begins with "how".
func besideMention(before *strings.Builder, after string) string {
	trimmed := strings.TrimLeft(after, " \t\u00a0")
	if strings.TrimSpace(before.String()) == "" {
		return strings.TrimLeft(trimmed, ":,; \t\u00a0\n")
	}
	if strings.HasSuffix(before.String(), " ") || trimmed == "" {
		return trimmed
	}
	return after
}

// spoken is a reference as people read it: a channel by its name, a link by
// its label, an address without its scheme.
func spoken(inside string, named *[]string) string {
	if id, label, ok := reference(inside, "#"); ok {
		return "#" + orElse(label, id)
	}
	if rest, ok := strings.CutPrefix(inside, "!"); ok {
		what, label, _ := strings.Cut(rest, "|")
		if group, ok := strings.CutPrefix(what, "subteam^"); ok {
			*named = append(*named, group)
			return "@" + strings.TrimPrefix(orElse(unescape(label), group), "@")
		}
		if label != "" {
			return unescape(label) // dates give theirs as one
		}
		return "@" + unescape(what)
	}
	target, label, _ := strings.Cut(inside, "|")
	if label != "" {
		return unescape(label)
	}
	for _, scheme := range []string{"mailto:", "tel:"} {
		target = strings.TrimPrefix(target, scheme)
	}
	return unescape(target)
}

// reference reads "@U1|name" as id and name.
func reference(inside, sign string) (id, label string, ok bool) {
	rest, ok := strings.CutPrefix(inside, sign)
	if !ok {
		return "", "", false
	}
	id, label, _ = strings.Cut(rest, "|")
	return id, unescape(label), id != ""
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// unescape undoes Slack's three escapes, and those only; once.
func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}
