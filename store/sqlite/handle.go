package sqlite

import (
	"os"
	"slices"
	"sync"
)

// handle is a file of a workspace, opened beside SQLite. A process has one of a
// file, however many workspaces are open on it: where it closes any descriptor
// of a file, POSIX takes all its locks on that file away, SQLite's as well
// (https://www.sqlite.org/howtocorrupt.html, 2.2). So none is closed before the
// last workspace on the file has let go of it.
type handle struct {
	*os.File
	info     os.FileInfo
	writable bool
	also     []*os.File // further ones of the file
	users    int
}

// handles are those of this process, as its locks are the process's.
var handles struct {
	sync.Mutex
	open []*handle
}

// hold opens a file, or gives the handle that there is. Files that can be
// written to are opened for that too, which tells that they can.
func hold(path string) (*handle, error) {
	handles.Lock()
	defer handles.Unlock()
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if h := handleOf(info); h != nil {
		h.users++
		return h, nil
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	writable := err == nil
	if err != nil {
		if f, err = os.Open(path); err != nil {
			return nil, err
		}
	}
	if info, err = f.Stat(); err != nil {
		f.Close()
		return nil, err
	}
	if h := handleOf(info); h != nil { // the path has come to name another file
		h.also = append(h.also, f)
		h.users++
		return h, nil
	}
	h := &handle{File: f, info: info, writable: writable, users: 1}
	handles.open = append(handles.open, h)
	return h, nil
}

func handleOf(info os.FileInfo) *handle {
	for _, h := range handles.open {
		if os.SameFile(h.info, info) {
			return h
		}
	}
	return nil
}

// release lets go of the file.
func (h *handle) release() error {
	handles.Lock()
	defer handles.Unlock()
	if h.users--; h.users > 0 {
		return nil
	}
	handles.open = slices.DeleteFunc(handles.open, func(o *handle) bool { return o == h })
	for _, f := range h.also {
		f.Close()
	}
	return h.File.Close()
}
