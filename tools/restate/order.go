package restate

import (
	"encoding/json"
	"strings"

	"tesela/segment/syntax"
	"tesela/tools"
)

// order says a call that changes something. Names stand in quotes, for they
// are no words of the sentence.
func (s *saying) order(tool string, args json.RawMessage) string {
	switch tool {
	case "save_segment":
		var a tools.SaveSegmentArgs
		if json.Unmarshal(args, &a) == nil {
			return fill(s.Calls[tool], "name", a.Name, "who", s.whoText(a.Formula))
		}
	case "tag_customers":
		var a tools.TagCustomersArgs
		if json.Unmarshal(args, &a) == nil {
			return fill(s.Calls[tool], "name", a.Tag, "who", s.whoText(a.Formula))
		}
	case "delete_segment":
		var a tools.DeleteSegmentArgs
		if json.Unmarshal(args, &a) == nil {
			return fill(s.Calls[tool], "name", a.Name)
		}
	case "set_word":
		var a tools.SetWordArgs
		if json.Unmarshal(args, &a) != nil {
			break
		}
		if a.Meaning == "" {
			return fill(s.Calls["forget_word"], "name", a.Word)
		}
		meaning := s.measureName(a.Meaning)
		if _, err := syntax.Parse(a.Meaning); err == nil {
			meaning = s.whoText(a.Meaning)
		}
		return fill(s.Calls[tool], "name", a.Word, "a", meaning)
	case "export_segment":
		var a tools.ExportSegmentArgs
		if json.Unmarshal(args, &a) != nil {
			break
		}
		format := a.Format
		if format == "" {
			format = "csv"
		}
		with := ""
		if len(a.With) > 0 {
			names := make([]string, len(a.With))
			for i, name := range a.With {
				names[i] = s.noun(name, false)
			}
			with = fill(s.Calls["export_with"], "list", strings.Join(names, s.And))
		}
		f, err := syntax.Parse(a.Formula)
		if err != nil { // the name of a saved segment, most likely
			return fill(s.Calls["export_saved"], "name", a.Formula, "format", format) + with
		}
		if in, ok := f.(*syntax.InSegment); ok && in.At == nil {
			return fill(s.Calls["export_saved"], "name", in.Name, "format", format) + with
		}
		return fill(s.Calls[tool], "who", s.who(f), "format", format) + with
	}
	return ""
}
