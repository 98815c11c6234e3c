package checks

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"maps"
	"path"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/keywords"
	"github.com/seed-f10031e4/consent/keywords/revocation"
	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/list"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/store"
)

// inJSON are the exported structs that a log or an API may show.
func inJSON() []any {
	return []any{
		keywords.Keyword{},
		keywords.Match{},
		keywords.Pack{},
		revocation.Reading{},
		store.Key{},
		store.Event{},
		store.Record{},
		store.State{},
		store.Result{},
		store.RecordPage{},
		store.StatePage{},
		store.KeyCounts{},
		optout.BlockedError{},
		optout.Correction{},
		optout.Decision{},
		optout.Erased{},
		optout.Erasure{},
		optout.Explanation{},
		optout.Finding{},
		optout.Gated[string]{},
		optout.Message{},
		optout.NumberError{},
		optout.Observation{},
		optout.Outcome{},
		optout.RefusedError{},
		optout.Registration{},
		optout.Replies{},
		optout.Request{},
		optout.Resolution{},
		optout.Review{},
		optout.ReviewPage{},
		optout.SMS{},
		list.CSVFile{},
		list.Column{},
		list.Difference{},
		list.Report{},
		list.Result{},
		list.Reverted{},
		list.Row{},
		provider.Delivery{},
		provider.Message{},
		provider.Part{},
		provider.Reply{},
		provider.Report{},
	}
}

// notInJSON are the other exported structs with exported fields, with the reason.
var notInJSON = map[string]string{
	"list.CSVOptions":     "an argument",
	"list.CompareOptions": "an argument",
	"list.ExportOptions":  "an argument",
	"list.Options":        "an argument",
	"list.Reversal":       "an argument",
	"list.RowError":       "an error, with a text that may hold a number",

	"optout.Options":     "functions, and rules of a program",
	"provider.Event":     "for a log there is its String, which leaves out numbers and texts",
	"provider.Facts":     "what a package says of a provider",
	"provider.Handshake": "a function, and what is written as an answer",
	"provider.Options":   "functions, and rules of a program",
	"provider.Refused":   "what a provider answered, as it came",

	"store.ChangesQuery": "an argument",
	"store.HistoryQuery": "an argument",
	"store.IDsQuery":     "an argument",
	"store.ListQuery":    "an argument",
	"store.ReviewQuery":  "an argument",
	"store.SearchQuery":  "an argument",
	"store.Standing":     "inside of a store",
	"store.Text":         "inside of a store",
}

// nameOf returns the name of a type as "store.Key".
func nameOf(v any) string {
	t := reflect.TypeOf(v)
	name, _, _ := strings.Cut(t.Name(), "[")
	return path.Base(t.PkgPath()) + "." + name
}

func TestEachStructInJSONIsItsGoldenFile(t *testing.T) {
	var names []string
	for _, zero := range inJSON() {
		names = append(names, nameOf(zero))
		t.Run(nameOf(zero), func(t *testing.T) {
			full := reflect.New(reflect.TypeOf(zero)).Elem()
			fill(t, full, "")
			text := "full: " + inLines(t, full.Interface()) + "\nzero: " + inLines(t, zero) + "\n"
			golden(t, "json", nameOf(zero), text, "The JSON of "+nameOf(zero)+" has changed, and programs read it. "+
				"If that is meant: run `make golden`, look at the diff, and add a line to CHANGELOG.md.")
			for _, want := range []any{full.Interface(), zero} {
				data, err := json.Marshal(want)
				require.NoError(t, err)
				read := reflect.New(reflect.TypeOf(zero))
				require.NoError(t, json.Unmarshal(data, read.Interface()))
				require.Equal(t, want, read.Elem().Interface(), "what is written is read back")
			}
		})
	}
	noStrays(t, "json", names)
}

func inLines(t *testing.T, v any) string {
	t.Helper()
	data, err := json.MarshalIndent(v, "", "  ")
	require.NoError(t, err)
	return string(data)
}

// fill sets each field that JSON shows to a value that is not zero.
func fill(t *testing.T, v reflect.Value, name string) {
	t.Helper()
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Date(2026, time.March, 1, 12, 0, 0, 250_000_000, time.UTC)))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Tag.Get("json") != "-" {
				fill(t, v.Field(i), field.Name)
			}
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(t, v.Index(0), name)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(t, key, name)
		fill(t, value, name)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString("the " + name)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8:
		v.SetUint(1)
	case reflect.Int, reflect.Int64:
		v.SetInt(7)
	default:
		require.Fail(t, "a kind of field that is not known here", "%s: %v", name, v.Kind())
	}
	if d, ok := reflect.TypeAssert[*optout.Decision](v.Addr()); ok {
		d.Allowed = false // with a fault it cannot be
	}
	if s, ok := reflect.TypeAssert[*store.State](v.Addr()); ok {
		s.Status = store.OptedOut // as the action makes it
	}
}

// jsonTag is a name in lower case with low lines, as the tags of this module are.
var jsonTag = regexp.MustCompile("^`json:\"([a-z0-9_]+(,omitzero)?|-)\"`$")

// TestEachExportedStructHasItsJSON fails for a new struct that is neither written nor listed
// with a reason, and for a field without a tag.
func TestEachExportedStructHasItsJSON(t *testing.T) {
	written := map[string]bool{}
	for _, v := range inJSON() {
		written[nameOf(v)] = true
	}
	seen := map[string]bool{}
	for _, pkg := range []string{"keywords", "keywords/revocation", "store", "optout", "optout/list", "optout/provider"} {
		for _, file := range sources(t, token.NewFileSet(), pkg) {
			ast.Inspect(file, func(node ast.Node) bool {
				spec, ok := node.(*ast.TypeSpec)
				if !ok || !spec.Name.IsExported() {
					return true
				}
				of, ok := spec.Type.(*ast.StructType)
				if !ok || !slices.ContainsFunc(of.Fields.List, isShown) {
					return true
				}
				name := path.Base(pkg) + "." + spec.Name.Name
				seen[name] = true
				require.True(t, written[name] || notInJSON[name] != "", "%s: list it in inJSON, or in notInJSON with the reason", name)
				require.False(t, written[name] && notInJSON[name] != "", "%s is in both lists", name)
				if !written[name] || name == "optout.Registration" { // in the words of a registry
					return true
				}
				for _, field := range of.Fields.List {
					if len(field.Names) > 0 && isShown(field) {
						require.NotNil(t, field.Tag, "%s.%s has no tag", name, field.Names[0].Name)
						require.Regexp(t, jsonTag, field.Tag.Value, "%s.%s", name, field.Names[0].Name)
					}
				}
				return true
			})
		}
	}
	for _, name := range append(slices.Collect(maps.Keys(notInJSON)), slices.Collect(maps.Keys(written))...) {
		require.True(t, seen[name], "%s is listed and is not there", name)
	}
}

func isShown(field *ast.Field) bool {
	if len(field.Names) > 0 {
		return slices.ContainsFunc(field.Names, (*ast.Ident).IsExported)
	}
	_, exported := typeName(field.Type)
	return exported
}
