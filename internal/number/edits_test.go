package number

import (
	"flag"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"

	"github.com/nyaruka/phonenumbers/v2"
	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/internal/chance"
)

var edits = flag.Int("edits", 20_000, "how many edited numbers to read")

// editor edits numbers in ways that people and programs do by mistake.
type editor struct {
	*writer
	regions   []string
	readers   map[string]*Reader
	oneLength map[string]bool     // regions all of whose subscriber numbers are as long
	numbers   map[string][]string // of each range of a region, in E.164
}

func newEditor(tb testing.TB, seed uint64) *editor {
	tb.Helper()
	e := &editor{writer: newWriter(seed), readers: readers(tb), oneLength: map[string]bool{}, numbers: map[string][]string{}}
	for _, region := range regions() {
		if region == "" {
			continue
		}
		e.regions = append(e.regions, region)
		m := e.metadata[region]
		lengths := map[int32]bool{}
		for _, desc := range []*phonenumbers.PhoneNumberDesc{m.GetGeneralDesc(), m.GetFixedLine(), m.GetMobile()} {
			for _, length := range desc.GetPossibleLength() {
				lengths[length] = true
			}
		}
		e.oneLength[region] = len(lengths) == 1
	}
	for _, s := range samplesOfTheLibrary(tb, e.Rand) {
		if e.readers[s.region] != nil && e.readers[s.region].Read(s.raw).Valid {
			e.numbers[s.region] = append(e.numbers[s.region], s.raw)
		}
	}
	return e
}

// spelled writes a valid number of a region in one of the usual ways, and returns the
// number that is meant. It reports whether the text has separators and no plus sign.
func (e *editor) spelled(region string) (text string, meant Number, dialled bool) {
	for {
		n := e.examples[region][e.IntN(len(e.examples[region]))]
		e164 := []byte(phonenumbers.Format(n, phonenumbers.E164))
		for range e.IntN(5) { // another number of the same range
			at := len(e164) - 1 - e.IntN(min(5, len(e164)-5))
			e164[at] = byte('0' + e.IntN(10))
		}
		if of := e.numbers[region]; len(of) > 0 && e.IntN(2) == 0 {
			e164 = []byte(of[e.IntN(len(of))])
		}
		n, err := phonenumbers.Parse(string(e164), noRegion)
		if err != nil || !e.readers[region].Read(string(e164)).Valid {
			continue
		}
		text := phonenumbers.Format(n, phonenumbers.PhoneNumberFormat(e.IntN(4)))
		switch e.IntN(8) {
		case 0:
			text = strings.NewReplacer(" ", ".", "-", ".").Replace(text)
		case 1:
			text = strings.ReplaceAll(text, " ", "-")
		case 2:
			text = strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", "/", "", ".", "").Replace(text)
		}
		read := e.readers[region].Read(text)
		if read.Valid {
			return text, read, !strings.Contains(text, "+") && strings.Trim(text, "0123456789") != ""
		}
	}
}

// The characters that stand for a digit that is not known.
var masks = []string{"X", "x", "*", "#", "?", "_", "N", "•", "y", "O", "o", "l", "I", "n", "●", "■", "…", "~", "=", "%", "×"}

// symbol returns a letter, a mark, a symbol, or a number that is no digit, of any script.
func (e *editor) symbol() string {
	for {
		r := rune(e.IntN(0x1fbff))
		if unicode.In(r, unicode.L, unicode.S, unicode.Po, unicode.Mn, unicode.No, unicode.Nl, unicode.Co, unicode.Cc) &&
			!unicode.In(r, unicode.Quotation_Mark) && !strings.ContainsRune("./", r) && !isSeparator(r) {
			return string(r)
		}
	}
}

// isSeparator reports whether the grammar reads a character as a separator, or drops it.
func isSeparator(r rune) bool {
	c, isDigit := asciiOf(r)
	return isDigit || c == dropped || c != 0 && strings.ContainsRune(" -()./", c)
}

// edited returns a text after an edit, or "" if the edit does not count there.
func (e *editor) edited(text, region string, dialled bool) string {
	at := e.IntN(len(text) + 1)
	for at < len(text) && text[at]&0xc0 == 0x80 {
		at++
	}
	insert := func(s string) string { return text[:at] + s + text[at:] }
	switch e.IntN(9) {
	case 0: // a character that is no digit and no separator
		s := e.pick("a", "E", "x", "X", "l", "O", "é", "Ж", "#", "*", "=", "@", ":", ";", ",", "?", "!", "&", "%", "$",
			"_", "|", "\\", "~", "+", "<", "{",
			"\x00", "\n", "\t", "\u202e", "🙂", "•", "·", "№", "'", "\"",
			"½", "²", "①", "Ⅷ", "٤", "４", "o", "I", "`", ">", "°", "…", e.symbol(), e.symbol())
		if s == "+" && at == 0 {
			return ""
		}
		return insert(s)
	case 1:
		if e.IntN(4) == 0 && !strings.Contains(text, ".") { // a number that has full stops can go on
			return text + e.pick(".", ",") + e.digits(2)
		}
		return text + e.pick(".0", ",0", ".00", ",00", ".000", "E8", "E+09", "e10", ".0E9", ".5", ",5",
			",123", ".5E+9", "E0", " E8", ".0.0", ",0,0")
	case 2:
		return text + e.pick(" ", "-", ".", "/", " / ", " - ", "–") + e.digits(1)
	case 3:
		return text + e.pick(" (", "(", " [") + e.digits(1+e.IntN(4)) + e.pick(")", "]", "", ") "+e.digits(1+e.IntN(4)))
	case 4:
		second, _, _ := e.spelled(region)
		if e.IntN(4) == 0 {
			_, abroad, _ := e.spelled(e.regions[e.IntN(len(e.regions))])
			second = abroad.Key
		}
		first := strings.TrimLeft(second, "(")[0]
		if strings.Contains(text, "+") && !e.oneLength[region] && '1' <= first && first <= '9' {
			return "" // without its trunk prefix it can be the rest of a longer number
		}
		return text + e.pick(" ", ", ", ",", "; ", ";", " / ", "/", " or ", " und ", "\n", " + ", "|",
			" - ", "-", "//", "\t", " & ", "&", " y ", ":", "  ") + second
	case 5:
		if e.IntN(4) == 0 {
			return text + e.pick("ext", " x", " Local", "poste", ";ext=", ",,", "#", " ext. 5") // a label, and no digits but the last
		}
		return insert(e.pick(" home", " (Axel)", "mob", " 24h", "Axel ", "tel", "call ", " cell", " fax", "(neu)", "n/a", " & ",
			" 2nd", "1st ", " (h)", " [w]", " - work", "дом", " 家", "m.", "c/o ", " (2x)", " no", " #"))
	case 6:
		return e.pick("telegram:", "user-", "id=", "order ", "ext:", "messenger:", "x:", "#", "@", "No. ", "tg://user?id=", "line:", "fb:",
			"callto:", "skype:", "signal:", "viber:", "user:", "u", "ID ", "facebook:", "tg:", "0x",
			"$", "№", "1) ", "2. ", "1: ", "=", "='", "*", "*67") + text
	case 7:
		b, mask := []byte(text), e.pick(masks...)
		masked := strings.Builder{}
		from, many := e.IntN(len(b)), 1+e.IntN(4)
		if e.IntN(2) == 0 {
			from = len(b) - many
		}
		done := 0
		for i, c := range b {
			if i >= from && done < many && isDigit(c) {
				masked.WriteString(mask)
				done++
			} else {
				masked.WriteByte(c)
			}
		}
		if done == 0 {
			return ""
		}
		return masked.String()
	default: // a digit more or less
		if !dialled || !e.oneLength[region] {
			return ""
		}
		if e.IntN(2) == 0 {
			return insert(e.digits(1))
		}
		if at == len(text) || !isDigit(text[at]) {
			return ""
		}
		return text[:at] + text[at+1:]
	}
}

// another returns the number that a text is read as, if it is another one than was meant.
func another(n, meant Number) string {
	switch {
	case n.Valid && n.Key != meant.Key:
		return n.Key
	case n.Other != "" && n.Other != meant.Key && n.Other != meant.Other:
		return n.Other
	default:
		return ""
	}
}

// TestAnEditedNumberIsNobodyElses edits valid numbers of every region. What comes of it is
// read as the number that was meant, or refused, and never as another number.
func TestAnEditedNumberIsNobodyElses(t *testing.T) {
	seed := uint64(1)
	if *stress {
		seed = chance.Seed()
	}
	e := newEditor(t, seed)
	refused, read, wrong := 0, 0, 0
	for i := 0; refused+read < chance.Rounds(*edits); i++ {
		region := e.regions[i%len(e.regions)]
		text, meant, dialled := e.spelled(region)
		edited := e.edited(text, region, dialled)
		if edited == "" {
			continue
		}
		n := e.readers[region].Read(edited)
		if to := another(n, meant); to != "" {
			if wrong++; wrong < 60 {
				t.Errorf("seed %d: %q in %s, an edit of %q, is read as %s, and not as %s", seed, edited, region, text, to, meant.Key)
			}
		}
		if n.Valid {
			read++
		} else {
			refused++
		}
	}
	t.Logf("seed %d: %d edited numbers are refused, and %d read as the number that was meant; %d wrong", seed, refused, read, wrong)
	require.Positive(t, read)
}

// FuzzAnEditedNumberIsNobodyElses does the same, from seeds of the fuzzer.
func FuzzAnEditedNumberIsNobodyElses(f *testing.F) {
	e := newEditor(f, 1)
	for i := range e.regions {
		f.Add(uint64(i), uint16(i))
	}
	f.Fuzz(func(t *testing.T, seed uint64, at uint16) {
		one := *e
		w := *e.writer
		w.Rand = rand.New(rand.NewPCG(seed, 1))
		one.writer = &w
		region := e.regions[int(at)%len(e.regions)]
		text, meant, dialled := one.spelled(region)
		if edited := one.edited(text, region, dialled); edited != "" {
			require.Empty(t, another(e.readers[region].Read(edited), meant), "%q in %s, an edit of %q", edited, region, text)
		}
	})
}
