package main

import (
	"fmt"
	"slices"
	"strings"

	"tesela/agent"
	"tesela/agent/model"
)

// replayText words what a replay came to.
func replayText(r *agent.Replayed) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s  %s\n", oneLine(r.ID), oneLine(r.Question))
	for _, c := range r.Calls {
		state := "the same"
		switch {
		case !c.Same:
			state = "differs"
		case len(c.Withheld) > 0:
			state = "the same; " + strings.Join(c.Withheld, ", ") + " are not in the file and were compared by their fingerprint"
		}
		fmt.Fprintf(&b, "  %s %s: %s\n", oneLine(c.Tool), oneLine(string(c.Args)), state)
		writeDifferences(&b, c.Differences)
	}
	writeDifferences(&b, r.Text)
	if len(r.Left) > 0 {
		fmt.Fprintf(&b, "  not run again, because it writes: %s\n", oneLine(strings.Join(r.Left, ", ")))
	}
	b.WriteString(verdict(r))
	writeChanges(&b, r)
	return b.String()
}

// mostShown bounds a text shown of a difference, in bytes.
const mostShown = 300

func writeDifferences(b *strings.Builder, list []agent.Difference) {
	for _, d := range list {
		place := d.Path
		if d.Of != "" {
			place += " (" + d.Of + ")"
		}
		fmt.Fprintf(b, "    %s: %s → %s\n", oneLine(place), shortened(string(d.Then)), shortened(string(d.Now)))
	}
}

func shortened(s string) string {
	if s = oneLine(s); len(s) > mostShown {
		s = strings.ToValidUTF8(s[:mostShown], "") + "…"
	}
	return s
}

// verdict is the sentence that sums a replay up.
func verdict(r *agent.Replayed) string {
	changed := func(input string) bool { return slices.Contains(r.Changed, input) }
	switch {
	case changed("file") && !r.Figures:
		return "Not what the core computes: the answer was changed after it was written.\n"
	case changed("file"):
		return "The figures are what the core computes, but the answer was changed after it was written.\n"
	case r.Same && len(r.Calls) == 0:
		return nothingToRun(r)
	case r.Same:
		return "The same, byte for byte.\n"
	case !r.Figures:
		return "Not the same: " + blame(r) + "\n"
	case changed("data"):
		return "The figures are the same; the data is not what it was:\n"
	case changed("definition"):
		return "The figures are the same; the fingerprint is another because definitions are not what they were.\n"
	case changed("locale"):
		return "The figures are the same; this version words them otherwise.\n"
	}
	return "The figures are the same; this version tells more beside them.\n"
}

func nothingToRun(r *agent.Replayed) string {
	switch {
	case len(r.Left) > 0:
		return "There is nothing to run again: calls that write are not repeated.\n"
	case r.Status == model.Clarify:
		return "The answer has no calls to run again: it asked back.\n"
	case r.Status == model.Cannot:
		return "The answer has no calls to run again: it said that this data cannot answer.\n"
	}
	return "The answer has no calls to run again.\n"
}

// blame words what figures that differ are put down to.
func blame(r *agent.Replayed) string {
	said := map[string]string{
		"data":       "the data is not what it was",
		"definition": "a definition is not what it was",
		"version":    "another version of the program computes it",
		"program":    "though the data is the same, this version of the program computes otherwise",
		"file":       "the answer was changed after it was written",
	}
	var parts []string
	for _, b := range r.Because {
		parts = append(parts, said[b])
	}
	return strings.Join(parts, ", and ") + "."
}

// writeChanges lists the inputs that changed, then and now.
func writeChanges(b *strings.Builder, r *agent.Replayed) {
	for _, d := range r.Definitions {
		name := d.Kind
		switch {
		case d.Kind == "words":
			b.WriteString("  business words that the answer does not use were set anew\n")
			continue
		case d.Name != "":
			name += fmt.Sprintf(" %q", oneLine(d.Name))
		}
		fmt.Fprintf(b, "  %s\n    then %s\n    now  %s\n", name, given(d.Then), given(d.Now))
	}
	if slices.Contains(r.Changed, "data") {
		fmt.Fprintf(b, "  data\n    then %s\n    now  %s\n", given(r.Then), given(r.Now))
	}
	if slices.Contains(r.Changed, "version") {
		fmt.Fprintf(b, "  program\n    then %s\n    now  %s\n", given(r.ProgramThen), given(r.ProgramNow))
	}
}

func given(s string) string {
	if s == "" {
		return "(none)"
	}
	return shortened(s)
}
