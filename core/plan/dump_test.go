package plan

import (
	"fmt"
	"reflect"
	"strings"
)

// dump prints every field of a value that is not zero, one a line.
func dump(w *strings.Builder, indent, name string, x any) {
	dumpValue(w, indent, name, reflect.ValueOf(x))
}

func dumpValue(w *strings.Builder, indent, name string, v reflect.Value) {
	if !v.IsValid() || v.IsZero() {
		return
	}
	if s, ok := v.Interface().(fmt.Stringer); ok && v.Kind() != reflect.Pointer {
		fmt.Fprintf(w, "%s%s: %s\n", indent, name, s)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		dumpValue(w, indent, name, v.Elem())
		if v.Elem().IsZero() {
			fmt.Fprintf(w, "%s%s: pointer to zero\n", indent, name)
		}
	case reflect.Struct:
		fmt.Fprintf(w, "%s%s\n", indent, name)
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				dumpValue(w, indent+"  ", v.Type().Field(i).Name, v.Field(i))
			}
		}
	case reflect.Slice:
		if v.Len() > 20 {
			fmt.Fprintf(w, "%s%s: %d elements, the first %v\n", indent, name, v.Len(), v.Index(0))
			return
		}
		for i := range v.Len() {
			if e := v.Index(i); e.IsZero() {
				fmt.Fprintf(w, "%s%s[%d]: zero\n", indent, name, i)
			}
			dumpValue(w, indent, fmt.Sprintf("%s[%d]", name, i), v.Index(i))
		}
	case reflect.String:
		fmt.Fprintf(w, "%s%s: %q\n", indent, name, v)
	default:
		fmt.Fprintf(w, "%s%s: %v\n", indent, name, v)
	}
}
