package optout_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
)

func TestSegments(t *testing.T) {
	gsm := func(units, parts int) optout.SMS { return optout.SMS{Encoding: "GSM-7", Units: units, Parts: parts} }
	ucs := func(units, parts int) optout.SMS { return optout.SMS{Encoding: "UCS-2", Units: units, Parts: parts} }
	for _, c := range []struct {
		name, text string
		want       optout.SMS
	}{
		{"empty", "", gsm(0, 0)},
		{"one", "a", gsm(1, 1)},
		{"a full part", strings.Repeat("a", 160), gsm(160, 1)},
		{"two parts", strings.Repeat("a", 161), gsm(161, 2)},
		{"two full parts", strings.Repeat("a", 306), gsm(306, 2)},
		{"three parts", strings.Repeat("a", 307), gsm(307, 3)},
		{"extension characters take two", "^{}\\[~]|€\f", gsm(20, 1)},
		{"80 euros fill a part", strings.Repeat("€", 80), gsm(160, 1)},
		{"81 euros do not", strings.Repeat("€", 81), gsm(162, 2)},
		{"an extension character is not split", strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), gsm(306, 3)},
		{"the whole basic alphabet", "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà", gsm(71, 1)},
		{"ê is not in it", "Vous êtes désabonné", ucs(19, 1)},
		{"a curly quote", "You’re " + strings.Repeat("a", 63), ucs(70, 1)},
		{"two parts of UCS-2", "’" + strings.Repeat("a", 70), ucs(71, 2)},
		{"two full parts of UCS-2", "’" + strings.Repeat("a", 133), ucs(134, 2)},
		{"three parts of UCS-2", "’" + strings.Repeat("a", 134), ucs(135, 3)},
		{"an emoji takes two", strings.Repeat("🛑", 35), ucs(70, 1)},
		{"and is not split", strings.Repeat("🛑", 67), ucs(134, 3)},
		{"not UTF-8", "\xff", ucs(1, 1)},
		{"backtick", "`", ucs(1, 1)},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.want, optout.Segments(c.text))
		})
	}
}

func FuzzSegments(f *testing.F) {
	for _, seed := range []string{"", "a", "€", "🛑", "’", strings.Repeat("a", 161), strings.Repeat("🛑", 99) + "a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		sms := optout.Segments(text)
		single, part := 160, 153
		if sms.Encoding == optout.UCS2 {
			single, part = 70, 67
		}
		runes := len([]rune(text))
		switch {
		case sms.Units < runes || sms.Units > 2*runes:
			t.Fatalf("%d units for %d characters", sms.Units, runes)
		case (sms.Parts == 0) != (text == ""), sms.Parts == 1 && sms.Units > single, sms.Parts > 1 && sms.Units <= single:
			t.Fatalf("%+v", sms)
		case sms.Parts > 1 && (sms.Units > sms.Parts*part || sms.Units <= (sms.Parts-1)*(part-1)):
			t.Fatalf("%+v", sms)
		}
	})
}
