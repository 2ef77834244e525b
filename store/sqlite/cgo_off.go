//go:build !cgo

package sqlite

import _ "github.com/mattn/go-sqlite3" // registers a driver that refuses

const haveCgo = false

func causeOf(error) cause { return causeOther }
