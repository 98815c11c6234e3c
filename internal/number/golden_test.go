package number

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers/v2"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden file")

// TestKeysAreThoseOfTheGoldenFile guards the keys in stores: if a key changes, an
// opt-out is no longer found.
func TestKeysAreThoseOfTheGoldenFile(t *testing.T) {
	const golden = "testdata/keys.golden.tsv"
	var b strings.Builder
	b.WriteString("region\ttype\tspelling\tkey\n")
	all := readers(t)
	add := func(name, region string, kind int, spelling string) {
		n := all[region].Read(spelling)
		require.True(t, n.Valid, "%s %q", name, spelling)
		fmt.Fprintf(&b, "%s\t%d\t%s\t%s\n", name, kind, spelling, n.Key)
	}
	for _, region := range regions() {
		for _, kind := range []phonenumbers.PhoneNumberType{phonenumbers.FIXED_LINE, phonenumbers.MOBILE, phonenumbers.TOLL_FREE} {
			n := phonenumbers.GetExampleNumberForTypeInRegion(region, kind)
			if n == nil {
				continue
			}
			for _, form := range []phonenumbers.PhoneNumberFormat{phonenumbers.E164, phonenumbers.NATIONAL, phonenumbers.INTERNATIONAL} {
				add(region, region, int(kind), phonenumbers.Format(n, form))
			}
		}
	}
	for _, code := range slices.Sorted(maps.Keys(phonenumbers.GetSupportedGlobalNetworkCallingCodes())) {
		n := phonenumbers.GetExampleNumberForNonGeoEntity(code)
		add(phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY, "", code, phonenumbers.Format(n, phonenumbers.E164))
	}
	if *update {
		require.NoError(t, os.WriteFile(golden, []byte(b.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String())
}
