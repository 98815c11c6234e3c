package keywords

import (
	_ "embed" // the packs
	"fmt"
	"strconv"
	"strings"
	"sync"

	"github.com/seed-f10031e4/consent/internal/outline"
)

//go:embed packs.txt
var packsFile string

// packsOnce reads packs.txt, which says what its lines mean. It cannot fail, since
// the tests read it. If it did, there would be no pack, and optout.New would fail for
// the empty Set of ofPack.
var packsOnce = sync.OnceValue(func() []Pack {
	packs, err := parsePacks(packsFile)
	if err != nil {
		return nil
	}
	return packs
})

// packsParser reads lines into packs.
type packsParser struct {
	packs  []Pack
	list   *[]Keyword // of the last pack, that the words are added to
	common Keyword    // what they share
}

func parsePacks(text string) ([]Pack, error) {
	var p packsParser
	if err := outline.Read("keywords: packs.txt", text, &p); err != nil {
		return nil, err
	}
	return p.packs, nil
}

// GoesOn implements [outline.Reader].
func (p *packsParser) GoesOn(string) bool { return false }

// Margin reads "pack fr" or "optional opt-out fr".
func (p *packsParser) Margin(_ outline.Place, text string) error {
	fields := strings.Fields(text)
	if len(fields) == 2 && fields[0] == "pack" {
		p.packs, p.list = append(p.packs, Pack{Name: fields[1]}), nil
		return nil
	}
	if len(fields) != 3 || len(p.packs) == 0 {
		return fmt.Errorf("%q begins no pack and no list of words", fields)
	}
	pack := &p.packs[len(p.packs)-1]
	switch fields[0] {
	case "mandatory":
		p.list = &pack.mandatory
	case "more":
		p.list = &pack.words
	case "optional":
		p.list = &pack.optional
	default:
		return fmt.Errorf("%q is not mandatory, more or optional", fields[0])
	}
	p.common = Keyword{Language: fields[2], Source: pack.Source}
	return p.common.Intent.UnmarshalText([]byte(fields[1]))
}

// Under reads what a pack says of itself, the source of a list, or words of the list.
func (p *packsParser) Under(_ outline.Place, line string) (err error) {
	pack := &p.packs[len(p.packs)-1]
	name, value, isField := strings.Cut(line, ": ")
	switch {
	case isField && name == "source" && p.list != nil:
		p.common.Source = value
	case isField && p.list == nil:
		switch name {
		case "title":
			pack.Title = value
		case "source":
			pack.Source = value
		case "version":
			pack.Version, err = strconv.Atoi(value)
		case "date":
			pack.Date = value
		case "effective":
			pack.Effective = value
		default:
			err = fmt.Errorf("a pack has no %q", name)
		}
	case isField || p.list == nil:
		err = fmt.Errorf("%q is in no list", line)
	default:
		for text := range strings.SplitSeq(line, ",") {
			p.common.Text = strings.TrimSpace(text)
			*p.list = append(*p.list, p.common)
		}
	}
	return err
}
