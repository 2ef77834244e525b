package tools

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"tesela/segment"
	"tesela/segment/column"
	"tesela/segment/syntax"
	"tesela/store"
)

//go:embed tag_customers.md
var tagCustomersText string

// tagTrait is the trait of tags where the data has none yet.
const tagTrait = "tags"

func tagCustomers(ctx context.Context, c *call, args *TagCustomersArgs) (*deed, error) {
	if err := c.named("tag", &args.Tag); err != nil {
		return nil, err
	}
	f, name, err := c.formulaOrName(ctx, "formula", args.Formula)
	if err != nil {
		return nil, err
	}
	args.Formula = f.String()
	if err := c.tagsIn(args); err != nil {
		return nil, err
	}
	plan, err := segment.Compile(ctx, f, c.src, c.at)
	if err != nil {
		return nil, c.wrong("formula", err, f)
	}
	set, err := plan.Run(ctx)
	if err != nil {
		return nil, err
	}
	tags, err := c.tagsOf(ctx, args.Trait)
	if err != nil {
		return nil, err
	}
	var who []uint32 // members without the tag
	var lists [][]string
	set.Each(func(i int) {
		if list := tags(i); !slices.Contains(list, args.Tag) {
			who, lists = append(who, uint32(i)), append(lists, append(list, args.Tag))
		}
	})
	size, base := set.Len(), c.schema.Customers
	p := params{"tag": args.Tag, "trait": args.Trait, "n": len(who)}
	r := &Result{
		Title:    c.say("title_tag_customers", p),
		Values:   map[string]any{"size": size, "base": base, "share": share(size, base), "new": len(who), "trait": args.Trait},
		Units:    map[string]string{"size": "customers", "base": "customers", "new": "customers"},
		Segments: []Segment{{Name: name, Formula: args.Formula, Size: size, Share: share(size, base)}},
	}
	c.note("tags_stay", p)
	c.noteSet(set.Notes())
	ids, err := c.src.CustomerIDs(ctx)
	if err != nil {
		return nil, err
	}
	tagged := make([]string, len(who))
	for k, i := range who {
		tagged[k] = ids.Word(i + 1)
	}
	bound, err := canonicalJSON([]any{tagged, lists}) // whom, not only how many
	if err != nil {
		return nil, fmt.Errorf("fingerprint of whom to tag: %w", err)
	}
	trait := args.Trait
	return &deed{
		preview: r, title: c.say("title_tagged_customers", p), bound: digest(bound),
		do: func(ctx context.Context, ws store.Workspace) error { return setTags(ctx, ws, trait, tagged, lists) },
	}, nil
}

// tagsIn settles the trait: the one asked for, which must be of tags, or the
// only one of tags that there is.
func (c *call) tagsIn(args *TagCustomersArgs) error {
	args.Trait = strings.Trim(strings.TrimSpace(args.Trait), "`")
	var known []string
	for _, t := range c.schema.Traits {
		if t.Kind == column.Tags {
			known = append(known, t.Name)
		}
	}
	if args.Trait == "" {
		switch len(known) {
		case 0:
			args.Trait = tagTrait
		case 1:
			args.Trait = known[0]
		default:
			return c.fault("trait", "there are several traits of tags; say which of %s", strings.Join(known, ", "))
		}
	}
	if t, ok := c.schema.Trait(args.Trait); ok && t.Kind != column.Tags {
		e := c.fault("trait", "%s is of kind %s; tags go into a trait of tags", args.Trait, t.Kind)
		e.Nearest = known
		return e
	} else if !ok {
		if near := syntax.NearestNames(args.Trait, known, 3); len(near) > 0 {
			e := c.fault("trait", "there is no trait %q", args.Trait)
			e.Nearest = near
			return e
		}
		if _, err := syntax.ParseValue(syntax.Quote(args.Trait)); err != nil {
			return c.fault("trait", "%q is no name of a trait", args.Trait)
		}
	}
	return nil
}

// tagsOf gives the tags that each customer has so far.
func (c *call) tagsOf(ctx context.Context, trait string) (func(i int) []string, error) {
	if _, ok := c.schema.Trait(trait); !ok {
		return func(int) []string { return nil }, nil
	}
	world, err := c.src.Load(ctx, segment.Need{Traits: []string{trait}})
	if err != nil {
		return nil, err
	}
	col := world.Traits[trait]
	return func(i int) []string {
		var list []string
		if col.IsSet(i) {
			for _, code := range col.TagsAt(i) {
				list = append(list, col.Dict.Word(code))
			}
		}
		return list
	}, nil
}

// setTags gives customers, by id, their lists of tags, all of them or none.
func setTags(ctx context.Context, ws store.Workspace, trait string, ids []string, lists [][]string) error {
	b, err := ws.Import(ctx)
	if err != nil {
		return err
	}
	defer b.Rollback()
	ref := segment.FieldRef{Name: trait}
	if err := b.Declare(ref, column.Tags); err != nil {
		return err
	}
	words := b.Words(ref)
	who := make([]uint32, len(ids))
	col := &column.Column{Kind: column.Tags, TagStarts: []uint32{0}}
	for k, id := range ids {
		who[k] = b.Customers().Code([]byte(id)) - 1
		var codes []uint32
		for _, tag := range lists[k] {
			codes = append(codes, words.Code([]byte(tag)))
		}
		slices.Sort(codes)
		col.TagCodes = append(col.TagCodes, slices.Compact(codes)...)
		col.TagStarts = append(col.TagStarts, uint32(len(col.TagCodes)))
	}
	if _, err := b.SetTrait(ctx, trait, who, col); err != nil {
		return err
	}
	return b.Commit(ctx)
}
