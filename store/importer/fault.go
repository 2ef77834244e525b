package importer

import (
	"errors"
	"fmt"
)

// ErrUsage marks faults of the call (a wrong column name, an unknown
// currency) as against faults of the file or the workspace.
var ErrUsage = errors.New("wrong call")

// usageFault is a fault of the call with its own message.
type usageFault struct{ message string }

func (f *usageFault) Error() string        { return f.message }
func (f *usageFault) Is(target error) bool { return target == ErrUsage }

func usage(format string, args ...any) error {
	return &usageFault{message: fmt.Sprintf(format, args...)}
}

// ErrNeedsYes is returned with the guess when nobody said that a guessed
// mapping may be used.
type ErrNeedsYes struct {
	File string
	// Command is the import command that says what was guessed.
	Command string
}

func (e *ErrNeedsYes) Error() string {
	return fmt.Sprintf("no mapping was given for %s; this is the guess:\n  %s\nadd --yes to import like this, or change the command", e.File, e.Command)
}

// Is makes a missing yes a fault of the call.
func (e *ErrNeedsYes) Is(target error) bool { return target == ErrUsage }
