package store

import "errors"

// Faults a caller may want to tell apart. They are wrapped with the file's
// name and what to do.
var (
	ErrNoCgo        = errors.New("this build has no SQLite: it was made without cgo")
	ErrNoWorkspace  = errors.New("not a Tesela workspace")
	ErrNewer        = errors.New("the workspace is from a newer version of Tesela")
	ErrLocked       = errors.New("the workspace is in use by another program")
	ErrDiskFull     = errors.New("the disk is full")
	ErrNotFound     = errors.New("not found")
	ErrKindConflict = errors.New("the field is there with another kind")
)
