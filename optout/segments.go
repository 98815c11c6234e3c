package optout

import (
	"strings"
	"unicode/utf16"
)

// The encodings of an SMS.
const (
	GSM7 = "GSM-7"
	UCS2 = "UCS-2"
)

// SMS is what a text is when sent.
type SMS struct {
	Encoding string `json:"encoding"` // GSM7 or UCS2
	Units    int    `json:"units"`    // septets of GSM7, 16-bit units of UCS2
	Parts    int    `json:"parts"`    // messages that are billed; 0 for an empty text
}

// The characters of GSM 03.38: one septet each, and two for the extension table.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtension = "\f^{}\\[~]|€"
)

// Segments returns the encoding of a text and the parts it is sent in: 160
// septets of GSM 7-bit in one part or 153 in each of several, where the
// characters ^{}\[~]|€ and form feed take two; or, where a single character is
// outside that alphabet, 70 units of UCS-2 or 67. A character of two units is
// never split between parts.
func Segments(text string) SMS {
	const gsmSingle, gsmPart, ucsSingle, ucsPart = 160, 153, 70, 67
	if sms, ok := count(text, gsmUnits, gsmSingle, gsmPart); ok {
		sms.Encoding = GSM7
		return sms
	}
	sms, _ := count(text, ucsUnits, ucsSingle, ucsPart)
	sms.Encoding = UCS2
	return sms
}

// count packs the characters of a text, whose units are as given, into parts. It
// reports false where a character has none.
func count(text string, units func(rune) int, single, part int) (SMS, bool) {
	var sms SMS
	filled := part // of the last part, where there is more than one
	for _, r := range text {
		n := units(r)
		if n == 0 {
			return SMS{}, false
		}
		sms.Units += n
		filled += n
		if filled > part {
			sms.Parts++
			filled = n
		}
	}
	if sms.Units > 0 && sms.Units <= single {
		sms.Parts = 1
	}
	return sms, true
}

func gsmUnits(r rune) int {
	switch {
	case strings.ContainsRune(gsmBasic, r):
		return 1
	case strings.ContainsRune(gsmExtension, r):
		return 2
	default:
		return 0
	}
}

func ucsUnits(r rune) int { return max(utf16.RuneLen(r), 1) }
