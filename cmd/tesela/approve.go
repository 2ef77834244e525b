package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tesela/agent"
	"tesela/agent/model"
	"tesela/agent/wording"
	"tesela/segment/syntax"
	"tesela/store"
	"tesela/tools"
)

func newApprove(a *app) *cobra.Command { return newApproveWith(a, time.Now) }

// newApproveWith makes the command with a clock of its own.
func newApproveWith(a *app, clock func() time.Time) *cobra.Command {
	var reject bool
	var by string
	c := &cobra.Command{
		Use:   "approve ANSWER",
		Short: "Do what an answer waits for a yes to, or drop it",
		Long: "Does the call that an answer waits for approval with (`tesela ask` exits with 5 then), just as it\n" +
			"was shown, or drops it with --reject. ANSWER is the answer's id, or where several calls wait the\n" +
			"approval id of one. A second time does nothing more and says so. What has expired, or would now\n" +
			"come to something else than was shown, is refused.",
		Example: "  tesela approve 3f9a21c04d77\n  tesela approve 3f9a21c04d77 --reject",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || strings.TrimSpace(args[0]) == "" {
				return errors.New("name one answer by its id, as `tesela ask` told it")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			ctx := c.Context()
			ws, err := a.open(ctx)
			if err != nil {
				return err
			}
			defer ws.Close()
			exports, err := a.exports()
			if err != nil {
				return err
			}
			conversation := agent.New(agent.Config{Workspace: ws, Tools: boxOf(ws, exports), Person: true, Clock: clock})
			// The answer's own session is meant: its id is all that is given.
			of, _, _ := strings.Cut(strings.TrimSpace(args[0]), ".")
			if turn, err := ws.Turn(ctx, of); err == nil {
				conversation.Session = turn.Session
			} else if !errors.Is(err, store.ErrNotFound) {
				return err
			}
			if by == "" {
				by = person()
			}
			return a.decide(ctx, conversation, args[0], by, !reject)
		},
	}
	c.Flags().BoolVar(&reject, "reject", false, "drop it instead: nothing is done, and it cannot be approved any more")
	c.Flags().StringVar(&by, "by", "", "`NAME` of who decides, kept with the answer (default: your user name)")
	return c
}

// decide approves or rejects a call that waits, and prints what came of it.
func (a *app) decide(ctx context.Context, c *agent.Conversation, id, by string, yes bool) error {
	answer, err := decision(ctx, c, id, by, yes)
	var refused *agent.ApprovalError
	switch {
	case errors.As(err, &refused):
		if a.json {
			fault := map[string]string{"kind": "approval", "reason": refused.Reason, "message": refused.Message}
			if e := a.printJSON(map[string]any{"error": fault}); e != nil {
				return errors.Join(err, e)
			}
		}
		return err
	case answer == nil:
		return err
	case err != nil:
		fmt.Fprintf(a.errs, "tesela: %v\n", err)
	}
	if a.json {
		return a.printAnswer(answer)
	}
	return a.showAnswer(answer)
}

// decision approves or rejects.
func decision(ctx context.Context, c *agent.Conversation, id, by string, yes bool) (*agent.Answer, error) {
	if yes {
		return c.Approve(ctx, id, by)
	}
	return c.Reject(ctx, id, by)
}

// waits tells how to approve what an answer waits with; a person at a terminal
// is asked at once.
func (a *app) waits(ctx context.Context, c *agent.Conversation, answer *agent.Answer) error {
	waiting := &exitError{code: exitApproval}
	var ids []string
	for _, call := range answer.Calls {
		if call.Approval != "" {
			ids = append(ids, call.Approval)
		}
	}
	if answer.Status != model.Approve || len(ids) == 0 {
		return waiting
	}
	if a.interactive() && !a.json {
		for _, id := range ids {
			yes, err := a.asks(ctx, answer.Language)
			if err != nil {
				return err
			}
			if err := a.decide(ctx, c, id, person(), yes); err != nil {
				return err
			}
		}
		return nil
	}
	if len(ids) == 1 {
		ids[0] = answer.ID // enough, and shorter
	}
	db := ""
	if a.db != "" {
		db = " --db " + shellWord(a.db)
	}
	fmt.Fprintln(a.errs, "nothing is changed yet")
	for _, id := range ids {
		fmt.Fprintf(a.errs, "`tesela approve %s%s` does it, --reject drops it\n", id, db)
	}
	return waiting
}

// asks puts the question for a yes to the person at the terminal; anything but
// a yes is a no.
func (a *app) asks(ctx context.Context, language string) (bool, error) {
	lang, err := wording.For(language)
	if err != nil {
		return false, err
	}
	fmt.Fprint(a.errs, lang.AskApproval+" ")
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(a.in).ReadString('\n')
		line <- text
	}()
	select {
	case text := <-line:
		yes, said := wording.YesOrNo(text)
		return yes && said, nil
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
}

// person is who sits at this machine, "" where it does not tell.
func person() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return os.Getenv("USER")
}

// exports is the folder of exported files, beside the workspace.
func (a *app) exports() (string, error) {
	path, err := a.dbPath()
	if err != nil {
		return "", err
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", fmt.Errorf("find the exports folder: %w", err)
	}
	return filepath.Join(filepath.Dir(path), "exports"), nil
}

// boxOf is the tools over a workspace, with what those that write need.
func boxOf(ws store.Workspace, exports string) *tools.Box {
	return tools.NewBox(ws, append(wordsOf(ws), tools.Exports(exports))...)
}

// wordsOf are the words that results hold beside figures; an answer is only
// computed again to the same bytes with the same.
func wordsOf(ws store.Workspace) []tools.Option {
	return []tools.Option{tools.InWords(func(ctx context.Context, language string, f syntax.Formula) (string, error) {
		return inWords(ctx, ws, language, f.String())
	}), tools.Nouns(nouns())}
}
