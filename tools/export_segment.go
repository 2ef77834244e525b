package tools

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"tesela/agent/model"
	"tesela/segment"
	"tesela/segment/syntax"
	"tesela/store"
)

//go:embed export_segment.md
var exportSegmentText string

// exportEndings are the endings of files by format, the usual one first.
var exportEndings = map[string][]string{"csv": {".csv"}, "json": {".json"}, "markdown": {".md", ".markdown"}}

func exportSegment(ctx context.Context, c *call, args *ExportSegmentArgs) (*deed, error) {
	if c.box.exports == "" {
		return nil, &CannotError{Tool: c.tool, Reason: model.NotYet, Params: map[string]string{"tool": c.tool}, Message: c.say("cannot_export", nil)}
	}
	f, name, err := c.formulaOrName(ctx, "formula", args.Formula)
	if err != nil {
		return nil, err
	}
	if args.Formula = f.String(); args.Format == "" {
		args.Format = formatOf(args.File)
	}
	traits, err := c.shownTraits(&ListCustomersArgs{With: args.With})
	if err != nil {
		return nil, err
	}
	if err := c.exportFile(args, name); err != nil {
		return nil, err
	}
	e, err := c.exported(ctx, f, name, traits)
	if err != nil {
		return nil, err
	}
	content, err := e.write(args.Format)
	if err != nil {
		return nil, err
	}
	size, base := len(e.rows), c.schema.Customers
	p := params{"n": size, "file": args.File}
	r := &Result{
		Title:    c.say("title_export_segment", p),
		Values:   map[string]any{"size": size, "base": base, "share": share(size, base), "file": args.File},
		Units:    map[string]string{"size": "customers", "base": "customers"},
		Segments: []Segment{{Name: name, Formula: args.Formula, Size: size, Share: share(size, base)}},
	}
	c.note("export_folder", params{"folder": c.box.exports})
	var shown, personal []string
	for _, t := range traits {
		shown = append(shown, t.Name)
		if c.box.personal.is(c.schema, segment.FieldRef{Name: t.Name}) {
			personal = append(personal, t.Name)
		}
	}
	if len(shown) > 0 {
		c.note("export_traits", params{"traits": strings.Join(shown, ", ")})
	}
	if len(personal) > 0 {
		c.note("export_personal", params{"traits": strings.Join(personal, ", ")})
	}
	folder, file := c.box.exports, args.File
	return &deed{
		preview: r, title: c.say("title_exported_segment", p), bound: digest(content),
		do: func(ctx context.Context, _ store.Workspace) error { return writeExport(ctx, folder, file, content) },
	}, nil
}

// formulaOrName parses a formula; a text that is none may be the name of a
// saved segment. Name is "" where the formula is not just a saved one.
func (c *call) formulaOrName(ctx context.Context, argument, text string) (syntax.Formula, string, error) {
	f, err := c.formula(argument, text)
	if err != nil {
		saved, all, notSaved := c.savedNamed(argument, strings.TrimSpace(text))
		if notSaved != nil {
			var bad *ArgumentError
			if errors.As(err, &bad) {
				for _, s := range all {
					if near := syntax.NearestNames(text, []string{s.Name}, 1); len(near) > 0 && !slices.Contains(bad.Nearest, s.Name) {
						bad.Nearest = append(bad.Nearest, s.Name)
					}
				}
			}
			return nil, "", err
		}
		f = &syntax.InSegment{Name: saved.Name}
	}
	if _, err := segment.Compile(ctx, f, c.src, c.at); err != nil {
		return nil, "", c.wrong(argument, err, f)
	}
	if in, ok := f.(*syntax.InSegment); ok && in.At == nil {
		return f, in.Name, nil
	}
	return f, "", nil
}

// formatOf is the format that a file's ending names, csv where it names none.
func formatOf(file string) string {
	for format, endings := range exportEndings {
		if slices.Contains(endings, strings.ToLower(filepath.Ext(file))) {
			return format
		}
	}
	return "csv"
}

// exportFile settles the file's name: what was asked for, which must be free,
// or the first free one made of the segment's.
func (c *call) exportFile(args *ExportSegmentArgs, name string) error {
	given := args.File != ""
	endings := exportEndings[args.Format]
	if given {
		if err := c.named("file", &args.File); err != nil {
			return err
		}
		if strings.ContainsAny(args.File, `/\:*?"<>|`) || strings.HasPrefix(args.File, ".") || !filepath.IsLocal(args.File) {
			return c.fault("file", "%q is no plain file name; it takes no folders and none of / \\ : * ? \" < > | and begins with no dot", args.File)
		}
	} else if args.File = slug(name); args.File == "" {
		args.File = "customers"
	}
	stem := args.File
	if slices.Contains(endings, strings.ToLower(filepath.Ext(stem))) {
		stem = strings.TrimSuffix(stem, filepath.Ext(stem))
	} else {
		args.File += endings[0]
	}
	for n := 2; ; n++ {
		_, err := os.Lstat(filepath.Join(c.box.exports, args.File))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return fmt.Errorf("look into the exports folder: %w", err)
		case given:
			return c.fault("file", "there is a file %s already in %s, and it is not overwritten; give another name", args.File, c.box.exports)
		}
		args.File = stem + "-" + strconv.Itoa(n) + endings[0]
	}
}

// slug makes a file name of a segment's: its letters and digits, joined by
// hyphens.
func slug(name string) string {
	var b strings.Builder
	for _, r := range fold(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() == 60 {
			break
		}
	}
	return strings.Trim(b.String(), "-")
}

// writeExport makes the file, whole or not at all, readable by its owner only
// as it may hold customers' data. It follows no link out of the folder and
// never opens a file that is there.
func writeExport(ctx context.Context, folder, file string, content []byte) (err error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make the exports folder: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return fmt.Errorf("open the exports folder: %w", err)
	}
	defer root.Close()
	if err := ctx.Err(); err != nil {
		return err
	}
	w, err := root.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	defer func() {
		if err != nil {
			root.Remove(file)
		}
	}()
	_, err = w.Write(content)
	if err == nil {
		err = w.Sync()
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return fmt.Errorf("write %s: %w", file, err)
	}
	return nil
}
