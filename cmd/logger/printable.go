package main

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"
)

// Texts in recordings, in answers of runs and of plugins may come from anybody: what would steer a terminal is shown as its code.

// printable shows control characters, and those that change the direction of a text, as Go writes them in strings.
func printable(text string) string {
	if !strings.ContainsFunc(text, steers) {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case !steers(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// printableLines is printable, but for the ends of lines and tabs.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i, l := range lines {
		fields := strings.Split(strings.TrimSuffix(l, "\r"), "\t")
		for k, f := range fields {
			fields[k] = printable(f)
		}
		lines[i] = strings.Join(fields, "\t")
	}
	return strings.Join(lines, "\n")
}

func steers(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || r == unicode.ReplacementChar || r == '\u2028' || r == '\u2029'
}

// makePrintable makes every text printable that v, a pointer, leads to.
func makePrintable(v any) { cleanse(reflect.ValueOf(v).Elem()) }

func cleanse(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		if v.CanSet() {
			v.SetString(printable(v.String()))
		}
	case reflect.Pointer:
		if !v.IsNil() {
			cleanse(v.Elem())
		}
	case reflect.Interface:
		if !v.IsNil() && v.CanSet() {
			inner := reflect.New(v.Elem().Type()).Elem()
			inner.Set(v.Elem())
			cleanse(inner)
			v.Set(inner)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				cleanse(v.Field(i))
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			cleanse(v.Index(i))
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			value := reflect.New(v.Type().Elem()).Elem()
			value.Set(v.MapIndex(key))
			cleanse(value)
			k := reflect.New(v.Type().Key()).Elem()
			k.Set(key)
			cleanse(k)
			v.SetMapIndex(key, reflect.Value{})
			v.SetMapIndex(k, value)
		}
	}
}
