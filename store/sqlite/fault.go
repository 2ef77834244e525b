package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"tesela/store"
	"tesela/store/sqlite/chunk"
)

// cause is what lies behind a driver's error, whatever the driver calls it.
type cause int

const (
	causeOther cause = iota
	causeLocked
	causeFull
	causeNotADatabase
	causeDamaged
	causeReadOnly
	causeCantOpen
	causeInterrupted
	causeIO
)

// fault says what happened to which file and what to do, and is at the same
// time the store's error for it and the cause.
type fault struct {
	text   string
	behind []error
}

func (f *fault) Error() string   { return f.text }
func (f *fault) Unwrap() []error { return f.behind }

// errReadOnly is what writing to a workspace on a read-only medium gives.
var errReadOnly = fs.ErrPermission

func faultf(behind []error, format string, args ...any) error {
	return &fault{text: fmt.Sprintf(format, args...), behind: behind}
}

// explain turns an error met while doing something to the file at path into
// one for the user.
func explain(ctx context.Context, path, doing string, err error) error {
	if err == nil {
		return nil
	}
	var f *fault
	if errors.As(err, &f) {
		return err
	}
	if cause := ctx.Err(); cause != nil && (errors.Is(err, cause) || causeOf(err) == causeInterrupted) {
		return fmt.Errorf("%s: %w", doing, cause)
	}
	if errors.Is(err, chunk.ErrDamaged) {
		return faultf([]error{err}, "%s: workspace %s: %v; restore the file from a copy, or import the data into a new workspace", doing, path, err)
	}
	switch causeOf(err) {
	case causeLocked:
		return locked(path, doing, err)
	case causeFull:
		return faultf([]error{store.ErrDiskFull, err}, "%s: the disk that holds workspace %s is full; nothing was changed; free some space and try again", doing, path)
	case causeNotADatabase:
		return faultf([]error{store.ErrNoWorkspace, err}, "%s: %s is not a Tesela workspace; name another file, or make one with `tesela import` or `tesela demo`", doing, path)
	case causeDamaged:
		return faultf([]error{err}, "%s: workspace %s is damaged (%v); restore the file from a copy, or import the data into a new workspace", doing, path, err)
	case causeReadOnly:
		return faultf([]error{errReadOnly, err}, "%s: workspace %s cannot be written to; make the file and its folder writable, or work on a copy", doing, path)
	case causeCantOpen:
		return faultf([]error{err}, "%s: workspace %s cannot be opened (%v); see that the file and its folder are yours to read and write", doing, path, err)
	}
	return fmt.Errorf("%s: workspace %s: %w", doing, path, err)
}

func locked(path, doing string, err error) error {
	behind := []error{store.ErrLocked}
	if err != nil {
		behind = append(behind, err)
	}
	return faultf(behind, "%s: workspace %s is in use by another program that is writing to it; wait until it is done and try again", doing, path)
}
