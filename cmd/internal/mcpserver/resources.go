package mcpserver

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tesela/agent/wording"
)

// The addresses of resources.
const (
	atCatalogue     = "tesela://catalogue"
	atCatalogueText = "tesela://catalogue.md"
	atSegments      = "tesela://segments"
	atAnswers       = "tesela://answers"
	aSegment        = "tesela://segments/{name}"
	aReport         = "tesela://reports/{name}"
	anAnswer        = "tesela://answers/{id}"

	microsegments = "microsegments" // the report that is always there
)

const (
	asJSON     = "application/json"
	asMarkdown = "text/markdown"
	asHTML     = "text/html"
)

// mostAnswers bounds the kept answers that are listed, the newest.
const mostAnswers = 100

// addResources lists what there is to read. Saved segments and answers come
// and go: refresh keeps their part of the list.
func (s *Server) addResources() {
	w := s.words[s.c.Language].Resources
	add := func(uri, key, mime string, read mcp.ResourceHandler) {
		s.mcp.AddResource(&mcp.Resource{URI: uri, Name: key, Title: w[key].Title, Description: w[key].Description, MIMEType: mime}, read)
	}
	template := func(uri, key, mime string, read mcp.ResourceHandler) {
		s.mcp.AddResourceTemplate(&mcp.ResourceTemplate{URITemplate: uri, Name: key, Title: w[key].Title, Description: w[key].Description, MIMEType: mime}, read)
	}
	if s.c.Catalogue != nil {
		add(atCatalogue, "catalogue", asJSON, s.readCatalogue)
		add(atCatalogueText, "catalogue_text", asMarkdown, s.readCatalogueText)
	}
	if s.c.Segments != nil {
		add(atSegments, "segments", asJSON, s.readSegments)
		template(aSegment, "segment", asJSON, s.readSegment)
	}
	if s.c.Report != nil {
		template(aReport, "report", asHTML, s.readReport)
		add(addressOf(aReport, microsegments), "report_microsegments", asHTML, s.readReport)
	}
	if s.c.Answers != nil {
		add(atAnswers, "answers", asJSON, s.readAnswers)
		if s.c.Answer != nil {
			template(anAnswer, "answer", asJSON, s.readAnswer)
		}
	}
}

// addressOf puts a name into a template.
func addressOf(template, name string) string {
	at := strings.IndexByte(template, '{')
	// Only what stands for itself in every part of an address is left as it is.
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return template[:at] + b.String()
}

// nameIn is the name in an address that a template made.
func nameIn(template, uri string) (string, error) {
	name, ok := strings.CutPrefix(uri, template[:strings.IndexByte(template, '{')])
	if !ok {
		return "", notFound(uri)
	}
	name, err := url.PathUnescape(name)
	if err != nil || name == "" {
		return "", notFound(uri)
	}
	return name, nil
}

// notFound says that there is nothing at an address, and what there is.
func notFound(uri string, there ...string) error {
	message := "there is nothing at this address; resources/list tells what there is"
	if len(there) > 0 {
		message = "there is nothing at this address; there are: " + strings.Join(there, ", ")
	}
	data, _ := json.Marshal(map[string]string{"uri": uri})
	return &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: message, Data: data}
}

// listed are the resources that stand for what comes and goes.
type listed struct {
	mu  sync.Mutex
	now map[string]mcp.Resource
}

// refresh brings the list of resources up to what there is. Where that changes
// something, the SDK tells the clients.
func (s *Server) refresh(ctx context.Context) {
	s.lists.mu.Lock()
	defer s.lists.mu.Unlock()
	want := map[string]mcp.Resource{}
	w := s.words[s.c.Language].Resources
	offer := func(r mcp.Resource, name string) {
		r.Description = fill(r.Description, "name", wording.Clean(name))
		want[r.URI] = r
	}
	if s.c.Segments != nil {
		saved, err := s.c.Segments(ctx)
		if err != nil {
			s.log.Warn("the saved segments cannot be listed", "error", err)
			return
		}
		for _, g := range saved {
			title := wording.Clean(g.Name)
			offer(mcp.Resource{URI: addressOf(aSegment, g.Name), Name: title, Title: title, MIMEType: asJSON, Description: w["a_segment"].Description}, g.Name)
			if s.c.Report != nil {
				title := fill(w["a_report"].Title, "name", title)
				offer(mcp.Resource{URI: addressOf(aReport, g.Name), Name: title, Title: title, MIMEType: asHTML, Description: w["a_report"].Description}, g.Name)
			}
		}
	}
	if s.c.Answers != nil && s.c.Answer != nil {
		kept, err := s.c.Answers(ctx, mostAnswers)
		if err != nil {
			s.log.Warn("the answers cannot be listed", "error", err)
			return
		}
		for _, k := range kept[:min(len(kept), mostAnswers)] {
			title := short(wording.Clean(k.Question))
			offer(mcp.Resource{
				URI: addressOf(anAnswer, k.ID), Name: title, Title: title, MIMEType: asJSON, Description: w["an_answer"].Description,
				Annotations: &mcp.Annotations{LastModified: k.Asked.UTC().Format(time.RFC3339)},
			}, k.Question)
		}
	}
	s.apply(want)
}

// apply adds what is new or other and removes what is gone.
func (s *Server) apply(want map[string]mcp.Resource) {
	var gone []string
	for uri := range s.lists.now {
		if _, still := want[uri]; !still {
			gone = append(gone, uri)
		}
	}
	if len(gone) > 0 {
		s.mcp.RemoveResources(gone...)
	}
	for uri, r := range want {
		before, known := s.lists.now[uri]
		if known && before.Title == r.Title {
			continue
		}
		read := s.readSegment
		switch r.MIMEType {
		case asHTML:
			read = s.readReport
		case asJSON:
			if strings.HasPrefix(uri, atAnswers) {
				read = s.readAnswer
			}
		}
		s.mcp.AddResource(&r, read)
	}
	s.lists.now = want
}

// changing are the resources whose changes can be subscribed to: those that
// what is written here changes.
var changing = []string{atSegments, atCatalogue, atCatalogueText}

// subscribe lets nobody wait for news of what there is none of.
func (s *Server) subscribe(_ context.Context, r *mcp.SubscribeRequest) error {
	if !slices.Contains(changing, r.Params.URI) {
		return &jsonrpc.Error{Code: jsonrpc.CodeInvalidParams, Message: "there is no news of this resource; there is of " + strings.Join(changing, ", ")}
	}
	return nil
}

// changed tells the clients that something was written.
func (s *Server) changed(ctx context.Context) {
	ctx = context.WithoutCancel(ctx)
	s.refresh(ctx)
	for _, uri := range changing {
		_ = s.mcp.ResourceUpdated(ctx, &mcp.ResourceUpdatedNotificationParams{URI: uri})
	}
}

// short is the beginning of a long title.
func short(text string) string {
	if runes := []rune(text); len(runes) > 100 {
		return string(runes[:99]) + "…"
	}
	return text
}
