package slacktest

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
)

// File is one that was shared.
type File struct {
	ID, Name, Title string
	Alt             string
	Channel, Thread string
	Body            []byte
}

type upload struct {
	File
	length   int
	uploaded bool
}

func (s *Slack) uploadURL(a args) answer {
	n, err := strconv.Atoi(a["length"])
	switch {
	case a["filename"] == "" || err != nil || n <= 0:
		return refuse("missing_argument")
	case n > MaxFileBytes:
		return refuse("file_upload_size_restricted")
	case a["snippet_type"] != "" && n > MaxSnippet:
		return refuse("snippet_too_large")
	case length(a["alt_txt"]) > MaxAltText:
		return refuse("alt_txt_too_large")
	}
	id := s.id("F")
	s.files[id] = &upload{File: File{ID: id, Name: a["filename"], Alt: a["alt_txt"]}, length: n}
	return done(map[string]any{"file_id": id, "upload_url": s.server.URL + "/upload/" + id})
}

// serveUpload takes the bytes, raw or in a form.
func (s *Slack) serveUpload(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.calls["upload"]++
	f := s.fault("upload")
	s.mu.Unlock()
	if s.suffers(w, f) {
		return
	}
	body, err := readUpload(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	u := s.files[r.PathValue("id")]
	ok := u != nil && len(body) == u.length
	if ok {
		u.Body, u.uploaded = body, true
	}
	s.mu.Unlock()
	switch {
	case f.CutAfter:
		cut(w, "O")
	case !ok:
		http.Error(w, "the upload's length is not the one told", http.StatusBadRequest)
	default:
		fmt.Fprintf(w, "OK - %d", len(body))
	}
}

func readUpload(r *http.Request) ([]byte, error) {
	from := io.Reader(r.Body)
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		parts, err := r.MultipartReader()
		if err != nil {
			return nil, err
		}
		part, err := parts.NextPart()
		if err != nil {
			return nil, err
		}
		from = part
	}
	return io.ReadAll(io.LimitReader(from, MaxFileBytes+1))
}

// completeUpload shares files in a channel as one message.
func (s *Slack) completeUpload(a args) answer {
	var list []struct{ ID, Title string }
	if err := json.Unmarshal([]byte(a["files"]), &list); err != nil || len(list) == 0 {
		return refuse("invalid_arguments")
	}
	if len(list) > MaxUploadFiles {
		return refuse("too_many_files")
	}
	var c *channel
	if id := a["channel_id"]; id != "" {
		var code string
		if c, code = s.open(id); code == "" {
			code = c.threadFault(a["thread_ts"])
		}
		if code != "" {
			return refuse(code)
		}
	}
	var shared []File
	var told []map[string]any
	for _, l := range list {
		u := s.files[l.ID]
		if u == nil || !u.uploaded {
			return refuse("file_not_found")
		}
		u.Title = l.Title
		if u.Title == "" {
			u.Title = u.Name
		}
		if c != nil {
			u.Channel, u.Thread = c.ID, a["thread_ts"]
		}
		shared = append(shared, u.File)
		told = append(told, map[string]any{"id": u.ID, "title": u.Title, "name": u.Name})
	}
	for _, l := range list {
		delete(s.files, l.ID)
	}
	if c != nil {
		m := &message{Message: Message{TS: s.ts(), Thread: a["thread_ts"], User: Bot, BotID: BotID, Text: a["initial_comment"], Files: shared}}
		s.say(c, m)
	}
	return done(map[string]any{"files": told})
}
