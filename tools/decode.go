package tools

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"tesela/segment/syntax"
)

// decode fills the argument struct that args points to from JSON. Anything
// that the tool's schema does not allow is an *ArgumentError naming the field
// and what was expected; null counts as left out.
func decode(tool string, data json.RawMessage, args any) error {
	fault := func(field, format string, a ...any) *ArgumentError {
		return &ArgumentError{Tool: tool, Field: field, Message: fmt.Sprintf(format, a...)}
	}
	given, err := objectOf(data)
	if err != nil {
		return fault("", "%s", err)
	}
	target := reflect.ValueOf(args).Elem()
	known := argumentsOf(target.Type())
	names := make([]string, len(known))
	for i, a := range known {
		names[i] = a.name
	}
	if e := unknownField(tool, given, names); e != nil {
		return e
	}
	for _, a := range known {
		raw, ok := given[a.name]
		if !ok || string(bytes.TrimSpace(raw)) == "null" {
			if a.required {
				return fault(a.name, "must be given: %s", wanted(target.Field(a.index).Type(), a))
			}
			continue
		}
		if where, err := fill(target.Field(a.index), raw, a.name, a); err != nil {
			return fault(where, "%s", err)
		}
		if f := target.Field(a.index); a.required && f.Kind() == reflect.String && strings.TrimSpace(f.String()) == "" {
			return fault(a.name, "is empty; expected %s", wanted(f.Type(), a))
		}
		if e := bounds(tool, target.Field(a.index), a); e != nil {
			return e
		}
	}
	return nil
}

// objectOf reads one JSON object and nothing after it; no text is {}.
func objectOf(data json.RawMessage) (map[string]json.RawMessage, error) {
	if len(bytes.TrimSpace(data)) == 0 || string(bytes.TrimSpace(data)) == "null" {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(data))
	var given map[string]json.RawMessage
	if err := d.Decode(&given); err != nil {
		var kind *json.UnmarshalTypeError
		var bad *json.SyntaxError
		switch {
		case errors.As(err, &kind):
			return nil, fmt.Errorf("expected a JSON object of arguments, got %s", kindOf(data))
		case errors.As(err, &bad):
			return nil, fmt.Errorf("the arguments are no JSON: at byte %d: %w", bad.Offset, err)
		default:
			return nil, fmt.Errorf("the arguments are no complete JSON object: %w", err)
		}
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("expected one JSON object, got more after it at byte %d", d.InputOffset())
	}
	return given, nil
}

// unknownField reports the first unknown field by name, with the nearest
// known ones; all known ones where none is near.
func unknownField(tool string, given map[string]json.RawMessage, known []string) *ArgumentError {
	var strange []string
	for name := range given {
		if !slices.Contains(known, name) {
			strange = append(strange, name)
		}
	}
	if len(strange) == 0 {
		return nil
	}
	slices.Sort(strange)
	e := &ArgumentError{Tool: tool, Field: strange[0], Nearest: syntax.NearestNames(strange[0], known, 3)}
	if len(known) == 0 {
		e.Message = "no such argument; this tool takes none"
	} else {
		e.Message = "no such argument; there are " + strings.Join(known, ", ")
	}
	return e
}

// fill reads raw into v; where names the field or list element at fault.
func fill(v reflect.Value, raw json.RawMessage, where string, a argument) (string, error) {
	bad := fmt.Errorf("expected %s, got %s", wanted(v.Type(), a), kindOf(raw))
	switch v.Kind() {
	case reflect.String:
		var s string
		if json.Unmarshal(raw, &s) != nil {
			return where, bad
		}
		v.SetString(norm.NFC.String(s))
	case reflect.Bool:
		var b bool
		if json.Unmarshal(raw, &b) != nil {
			return where, bad
		}
		v.SetBool(b)
	case reflect.Int:
		// JSON has one kind of number: 20, 20.0 and 2e1 are the same.
		f, err := strconv.ParseFloat(string(bytes.TrimSpace(raw)), 64)
		if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
			return where, bad
		}
		v.SetInt(int64(f))
	case reflect.Float64:
		f, err := strconv.ParseFloat(string(bytes.TrimSpace(raw)), 64)
		if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
			return where, bad
		}
		v.SetFloat(f)
	case reflect.Slice:
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) != nil {
			return where, bad
		}
		made := reflect.MakeSlice(v.Type(), len(list), len(list))
		for i, item := range list {
			if w, err := fill(made.Index(i), item, fmt.Sprintf("%s[%d]", where, i), a); err != nil {
				return w, err
			}
		}
		v.Set(made)
	default:
		return where, fmt.Errorf("arguments of Go kind %s cannot be read", v.Kind())
	}
	return "", nil
}

// bounds checks enum, min and max of a filled field.
func bounds(tool string, v reflect.Value, a argument) *ArgumentError {
	e := &ArgumentError{Tool: tool, Field: a.name}
	switch v.Kind() {
	case reflect.String:
		if len(a.enum) == 0 || v.String() == "" && !a.required {
			return nil
		}
		for _, known := range a.enum {
			if v.String() == known {
				return nil
			}
		}
		e.Message = fmt.Sprintf("%q is not allowed; expected one of %s", v.String(), strings.Join(a.enum, ", "))
		e.Nearest = syntax.NearestNames(v.String(), a.enum, 2)
		return e
	case reflect.Int:
		if n := int(v.Int()); n < a.min || a.max > 0 && n > a.max {
			e.Message = fmt.Sprintf("expected %s, got %d", wanted(v.Type(), a), n)
			return e
		}
	case reflect.Slice:
		if n := v.Len(); n < a.min || a.max > 0 && n > a.max {
			e.Message = fmt.Sprintf("expected %s, got %d", wanted(v.Type(), a), n)
			return e
		}
	}
	return nil
}

// wanted says in words what a field of type t takes.
func wanted(t reflect.Type, a argument) string {
	switch t.Kind() {
	case reflect.String:
		if len(a.enum) > 0 {
			return "one of " + strings.Join(a.enum, ", ")
		}
		return "a text"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		switch {
		case a.max > 0:
			return fmt.Sprintf("a whole number from %d to %d", a.min, a.max)
		case a.min > 0:
			return fmt.Sprintf("a whole number of at least %d", a.min)
		}
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		switch {
		case a.min > 0 && a.max > 0:
			return fmt.Sprintf("a list of %d to %d texts", a.min, a.max)
		case a.max > 0:
			return fmt.Sprintf("a list of at most %d texts", a.max)
		}
		return "a list of texts"
	}
	return "a " + t.String()
}

// kindOf names the kind of a JSON value, with short ones spelt out.
func kindOf(raw json.RawMessage) string {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 {
		return "nothing"
	}
	short := ""
	if len(raw) <= 40 {
		short = " " + string(raw)
	}
	switch raw[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "the text" + short
	case 't', 'f':
		return string(raw)
	case 'n':
		return "null"
	}
	return "the number" + short
}
