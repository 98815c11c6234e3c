package optout

import (
	"reflect"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/nyaruka/phonenumbers/v2"

	"github.com/seed-f10031e4/consent/internal/numberplan"
)

// tableFits reports that this program links the very phonenumbers of which the
// table is made. A program that cannot tell reads all numbers by the library.
var tableFits = sync.OnceValue(func() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && linksTableVersion(info, sourceOf(phonenumbers.Parse))
})

// linksTableVersion looks for phonenumbers among the modules of a program. The
// build information of a test names no modules, or those of the program that is
// tested: there it is the path of the source file, which has the version in it, unless
// it was vendored or replaced by a folder.
func linksTableVersion(info *debug.BuildInfo, source string) bool {
	for _, dep := range info.Deps {
		if dep.Path == numberplan.Module {
			return dep.Version == numberplan.Version() && dep.Replace == nil
		}
	}
	folder := numberplan.Module + "@" + numberplan.Version() + "/"
	at := strings.LastIndex(strings.ReplaceAll(source, `\`, "/"), folder)
	return at == 0 || at > 0 && (source[at-1] == '/' || source[at-1] == '\\')
}

// sourceOf returns the path of the file that declares a function, "" where the
// program does not know.
func sourceOf(f any) string {
	pc := reflect.ValueOf(f).Pointer()
	fn := runtime.FuncForPC(pc)
	if fn == nil {
		return ""
	}
	file, _ := fn.FileLine(pc)
	return file
}
