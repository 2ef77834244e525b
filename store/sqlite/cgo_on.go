//go:build cgo

package sqlite

import (
	"errors"
	"syscall"

	sqlite3 "github.com/mattn/go-sqlite3"
)

const haveCgo = true

// causeOf names what SQLite complained of.
func causeOf(err error) cause {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return causeOther
	}
	switch e.Code {
	case sqlite3.ErrBusy, sqlite3.ErrLocked:
		return causeLocked
	case sqlite3.ErrFull:
		return causeFull
	case sqlite3.ErrNotADB:
		return causeNotADatabase
	case sqlite3.ErrCorrupt:
		return causeDamaged
	case sqlite3.ErrReadonly, sqlite3.ErrPerm, sqlite3.ErrAuth:
		return causeReadOnly
	case sqlite3.ErrCantOpen:
		return causeCantOpen
	case sqlite3.ErrInterrupt:
		return causeInterrupted
	case sqlite3.ErrIoErr:
		if e.SystemErrno == syscall.ENOSPC || e.SystemErrno == syscall.EDQUOT {
			return causeFull
		}
		return causeIO
	}
	return causeOther
}
