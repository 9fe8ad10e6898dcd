package harness

import (
	"reflect"
	"sort"
	"strconv"
	"strings"
)

const (
	shownElements   = 20
	shownDepth      = 6
	shownCharacters = 300
)

// Show returns what a pointer points to as Go writes it, cut.
func Show(pointer any) string { return cut(written(reflect.ValueOf(pointer).Elem(), 0)) }

// cut returns the beginning of a text.
func cut(text string) string {
	characters := 0
	for at := range text {
		if characters++; characters > shownCharacters {
			return text[:at]
		}
	}
	return text
}

func written(v reflect.Value, depth int) string {
	if !v.IsValid() {
		return "nil"
	}
	kind := v.Type().String()
	switch v.Kind() {
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case reflect.Int:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return kind + "(" + strconv.FormatInt(v.Int(), 10) + ")"
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return kind + "(" + strconv.FormatUint(v.Uint(), 10) + ")"
	case reflect.Float64:
		text := strconv.FormatFloat(v.Float(), 'g', -1, 64)
		if _, err := strconv.ParseInt(text, 10, 64); err == nil {
			text += ".0" // else it would look like an int
		}
		return text
	case reflect.Float32:
		return kind + "(" + strconv.FormatFloat(v.Float(), 'g', -1, 32) + ")"
	case reflect.String:
		return strconv.Quote(cut(v.String()))
	case reflect.Interface:
		return written(v.Elem(), depth)
	case reflect.Slice, reflect.Map:
		if v.IsNil() {
			return kind + "(nil)"
		}
		return kind + elements(v, depth+1)
	case reflect.Array:
		return kind + elements(v, depth+1)
	}
	return kind
}

func elements(v reflect.Value, depth int) string {
	if depth > shownDepth {
		return "{...}"
	}
	var shown []string
	if v.Kind() == reflect.Map {
		for all := v.MapRange(); all.Next() && len(shown) < shownElements; {
			shown = append(shown, written(all.Key(), depth)+": "+written(all.Value(), depth))
		}
		sort.Strings(shown)
	} else {
		for i := 0; i < v.Len() && i < shownElements; i++ {
			shown = append(shown, written(v.Index(i), depth))
		}
	}
	if v.Len() > len(shown) {
		shown = append(shown, "...")
	}
	return "{" + strings.Join(shown, ", ") + "}"
}
