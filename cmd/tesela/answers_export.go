package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"tesela/agent"
	"tesela/store"
	"tesela/tools"
)

// keptTurn finds an answer by its id.
func keptTurn(ctx context.Context, ws store.Workspace, id string) (store.Turn, error) {
	turn, err := ws.Turn(ctx, id)
	if errors.Is(err, store.ErrNotFound) {
		return turn, fmt.Errorf("there is no answer %s in this workspace; `tesela answers` lists those kept", oneLine(id))
	}
	return turn, err
}

func newAnswersExport(a *app) *cobra.Command {
	var f answerFilter
	var to string
	var without, all bool
	c := &cobra.Command{
		Use:   "export ID…",
		Short: "Write answers as files that can be replayed anywhere",
		Long: "Writes each answer as a file of its own, which `tesela replay` runs again on any machine that holds\n" +
			"the same data. To standard output it writes one answer as it is, several as JSON Lines. An answer\n" +
			"may hold what was asked of single customers: it is said where one does, and --without-personal\n" +
			"leaves their rows out; the fingerprint stays, so that a replay still compares them.",
		Example: "  tesela answers export 3f9a21c04d77 > answer.json\n  tesela answers export --session spring --out answers/\n" +
			"  tesela answers export --all --without-personal --out answers.jsonl",
		Args: func(_ *cobra.Command, args []string) error {
			chosen := f.session != "" || f.status != "" || f.since != "" || all
			switch {
			case len(args) == 0 && !chosen:
				return errors.New("name the answers by their ids (`tesela answers` lists them), or choose them by --session, --since, --status or --all")
			case len(args) > 0 && chosen:
				return errors.New("name answers by their ids, or choose them by flags; not both")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			q, err := f.query(nil)
			if err != nil {
				return err
			}
			if c.Flags().Changed("out") && to == "" {
				return usageError("--out needs a file or a folder")
			}
			ws, err := a.open(c.Context())
			if err != nil {
				return err
			}
			defer ws.Close()
			ids, chosen := args, len(args) == 0
			if chosen {
				heads, err := ws.FindTurns(c.Context(), q)
				if err != nil {
					return err
				}
				for _, h := range heads {
					ids = append(ids, h.ID)
				}
				if len(ids) == 0 {
					return errors.New("no kept answer fits; `tesela answers` lists the newest")
				}
			}
			e := &export{app: a, ws: ws, without: without, skip: chosen}
			if err := e.read(c.Context(), ids); err != nil {
				return err
			}
			return e.write(to)
		},
	}
	f.add(c, 0)
	flags := c.Flags()
	flags.StringVar(&to, "out", "", "the `FILE` to write, or a folder for a file each (several answers: a folder, or a file ending in .jsonl)")
	flags.BoolVar(&without, "without-personal", false, "leave out rows that tell of single customers, and the text that says them")
	flags.BoolVar(&all, "all", false, "export all answers kept")
	return c
}

// export is some answers on their way out.
type export struct {
	app     *app
	ws      store.Workspace
	without bool
	// skip passes over answers that cannot go without personal data, which
	// were not asked for by their ids.
	skip bool

	ids      []string
	answers  []json.RawMessage
	personal []string // ids of answers that tell of single customers
	skipped  []string
}

// read finds the answers and leaves out what is to be left out.
func (e *export) read(ctx context.Context, ids []string) error {
	search, err := tools.NewPersonalSearch(ctx, e.ws)
	if err != nil {
		return err
	}
	for _, id := range ids {
		turn, err := keptTurn(ctx, e.ws, id)
		if err != nil {
			return err
		}
		personal, err := agent.PersonalIn(search, turn.Answer)
		if err != nil {
			return fmt.Errorf("export %s: %w", id, err)
		}
		answer := turn.Answer
		if personal.Any() {
			if e.without {
				if answer, err = agent.Withhold(answer, personal); err != nil && e.skip {
					e.skipped = append(e.skipped, turn.ID)
					continue
				} else if err != nil {
					return fmt.Errorf("export %s without personal data: %w", id, err)
				}
			}
			e.personal = append(e.personal, turn.ID)
		}
		e.ids, e.answers = append(e.ids, turn.ID), append(e.answers, answer)
	}
	if len(e.answers) == 0 {
		return fmt.Errorf("each of these answers tells of a single customer in its question or calls, so none can go without personal data: %s", shownIDs(e.skipped))
	}
	return nil
}

// write puts the answers where they are to go, and says what they hold.
func (e *export) write(to string) error {
	info, err := os.Stat(to)
	folder := err == nil && info.IsDir() || strings.HasSuffix(to, "/") || strings.HasSuffix(to, string(filepath.Separator))
	var files []string
	switch {
	case to == "":
		err = e.lines(e.app.out)
	case folder || len(e.answers) > 1 && !strings.HasSuffix(to, ".jsonl"):
		files, err = e.folder(to)
	default:
		var b bytes.Buffer
		if err = e.lines(&b); err == nil {
			err = os.WriteFile(to, b.Bytes(), 0o600)
		}
		files = []string{to}
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if e.app.json && to != "" {
		if err := e.app.printJSON(map[string]any{"files": files, "answers": len(e.answers), "personal": append([]string{}, e.personal...), "skipped": append([]string{}, e.skipped...)}); err != nil {
			return err
		}
	} else if to != "" {
		fmt.Fprintf(e.app.out, "%s written to %s\n", counted(len(e.answers), "answer"), to)
	}
	if n := len(e.skipped); n > 0 {
		fmt.Fprintf(e.app.errs, "%s left out, told of single customers in the question or the calls: %s\n", counted(n, "answer"), shownIDs(e.skipped))
	}
	switch n := len(e.personal); {
	case n == 0:
	case e.without:
		fmt.Fprintf(e.app.errs, "rows of single customers were left out of %s: %s\n", counted(n, "answer"), shownIDs(e.personal))
	default:
		fmt.Fprintf(e.app.errs, "take care: %s of single customers, by their ids or personal data: %s; --without-personal leaves them out\n",
			counted(n, "answer")+map[bool]string{true: " tells", false: " tell"}[n == 1], shownIDs(e.personal))
	}
	return nil
}

// shownIDs lists the first of many ids.
func shownIDs(ids []string) string {
	const most = 10
	if len(ids) > most {
		return strings.Join(ids[:most], " ") + " …"
	}
	return strings.Join(ids, " ")
}

// lines writes one answer indented, several as JSON Lines.
func (e *export) lines(w io.Writer) error {
	for _, answer := range e.answers {
		var b bytes.Buffer
		var err error
		if len(e.answers) == 1 {
			err = json.Indent(&b, answer, "", "  ")
		} else {
			err = json.Compact(&b, answer)
		}
		if err != nil {
			return err
		}
		b.WriteByte('\n')
		if _, err := w.Write(b.Bytes()); err != nil {
			return err
		}
	}
	return nil
}

// folder writes a file for each answer, named by its id.
func (e *export) folder(dir string) (files []string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	for i, answer := range e.answers {
		one := &export{answers: []json.RawMessage{answer}}
		var b bytes.Buffer
		if err := one.lines(&b); err != nil {
			return files, err
		}
		path := filepath.Join(dir, fileName(e.ids[i])+".json")
		if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
			return files, err
		}
		files = append(files, path)
	}
	return files, nil
}

// fileName is an id as the name of a file, whatever it is made of.
func fileName(id string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_' {
			return r
		}
		return '_'
	}, id)
}
