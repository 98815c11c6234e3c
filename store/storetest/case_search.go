package storetest

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seed-f10031e4/consent/store"
)

func (p *probe) searchOf(q store.SearchQuery) listing[store.State] {
	page := func(ctx context.Context, after store.Cursor, limit int) ([]store.State, store.Cursor, error) {
		q.After, q.Limit = after, limit
		page, err := store.Search(ctx, p.store, q)
		return page.States, page.Next, err
	}
	return listing[store.State]{probe: p, method: "Search", page: page}
}

// prefixed and suffixed are queries of the case's account.
func (p *probe) prefixed(prefix string) store.SearchQuery {
	return store.SearchQuery{Account: p.account, Prefix: prefix}
}

func (p *probe) suffixed(suffix string) store.SearchQuery {
	return store.SearchQuery{Account: p.account, Suffix: suffix}
}

// searches skips the case if the store has no Searcher, and returns a search that finds
// what [probe.populate] makes.
func (p *probe) searches() listing[store.State] {
	search := p.searchOf(p.prefixed("+"))
	if !search.offered() {
		p.skip("the store has no Searcher")
	}
	return search
}

// found returns the states that a search has to find, in its order.
func found(states []store.State, q store.SearchQuery) []store.State {
	var found []store.State
	for _, state := range withStatus(states, q.Status) {
		if strings.HasPrefix(state.Key.Number, q.Prefix) && strings.HasSuffix(state.Key.Number, q.Suffix) {
			found = append(found, state)
		}
	}
	slices.SortFunc(found, func(a, b store.State) int {
		if q.Suffix != "" {
			return strings.Compare(backwards(a.Key.Number), backwards(b.Key.Number))
		}
		return strings.Compare(a.Key.Number, b.Key.Number)
	})
	return found
}

func backwards(text string) string {
	chars := []rune(text)
	slices.Reverse(chars)
	return string(chars)
}

// ends returns the texts with which a number begins, or those with which it ends.
func ends(number string) (prefixes, suffixes []string) {
	for at := range number {
		if at > 0 {
			prefixes = append(prefixes, number[:at])
		}
		suffixes = append(suffixes, number[at:])
	}
	return append(prefixes, number), suffixes
}

// searchTexts are texts with which the numbers begin, or end, and some that are patterns
// elsewhere.
func (p *probe) searchTexts(numbers []string) []string {
	texts := []string{"%", "_", "A%", "A_", "Ab%", "Ab*", "%b", "_b", "*", "?", "[A-z]", "^A", ".", ".*", "+", "1$", "\\", "\\%", "\U0010ffff"}
	for _, number := range numbers {
		prefixes, suffixes := ends(number)
		texts = append(texts, prefixes[p.rand.IntN(len(prefixes))], suffixes[p.rand.IntN(len(suffixes))], number, number+"1")
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

func searchEqualsGets(p *probe) {
	p.searches()
	highest := strings.Repeat("\U0010ffff", (store.MaxKeyLen-2)/utf8.UTFMax)
	numbers := append(p.contacts(), "Ab"+highest, highest+"Ab", "Az\x01", "\x01Az", "A\U0010ffff", "A\ue000b", "A\ud7ffb", "ÿAb", "ĀAb")
	for _, number := range numbers[len(numbers)-9:] {
		p.add(store.Key{Account: p.account, Number: number}, out(1))
	}
	p.add(store.Key{Account: p.account, Number: "Ab asked"}, ask(1)) // Unknown, with a history
	p.add(store.Key{Account: p.otherAccount(), Number: "Ab"}, out(1))
	states := p.gets(p.account, numbers)
	for i, text := range append([]string{"Ab", "Ab", "Ab", "Ab"}, p.searchTexts(numbers)...) {
		for _, q := range []store.SearchQuery{p.prefixed(text), p.suffixed(text)} {
			q.Status = statuses()[i%4]
			limit := []int{0, 3}[i/4%2]
			p.samef(diffs(found(states, q), p.searchOf(q).all(limit)), "Prefix %s, Suffix %s, status %v, pages of %d",
				quote(q.Prefix), quote(q.Suffix), q.Status, limit)
		}
	}
	p.samef(diffs(nil, p.searchOf(store.SearchQuery{Account: p.otherAccount(), Prefix: "A"}).all(0)), "of an account without numbers")
}

func searchNow(p *probe) {
	p.searches()
	key := p.key()
	tail := key.Number[len(key.Number)-3:]
	for i, a := range []arrival{out(1), in(2), held(3), in(4), ask(5), out(6)} {
		now := p.add(key, a).State
		for _, status := range statuses() {
			for _, q := range []store.SearchQuery{p.prefixed(key.Number[:3]), p.suffixed(tail)} {
				q.Status = status
				p.samef(diffs(found([]store.State{now}, q), p.searchOf(q).all(0)), "status %v, after event %d", status, i+1)
			}
		}
	}
}

func searchInvalid(p *probe) {
	p.searches()
	p.invalidf(p.searchOf(p.prefixed("")).read(p.ctx), "Search without Prefix and Suffix")
	p.invalidf(p.searchOf(store.SearchQuery{Account: p.account, Prefix: "+", Suffix: "1"}).read(p.ctx), "Search with Prefix and Suffix")
	for _, text := range badTexts() {
		p.invalidf(p.searchOf(store.SearchQuery{Account: text, Prefix: "+"}).read(p.ctx), "Search of the account %s", quote(text))
		p.invalidf(p.searchOf(p.prefixed(text)).read(p.ctx), "Search with the Prefix %s", quote(text))
		p.invalidf(p.searchOf(p.suffixed(text)).read(p.ctx), "Search with the Suffix %s", quote(text))
	}
}

func searchCancelled(p *probe) {
	search := p.searches()
	state := p.add(p.key(), out(1)).State
	p.needsContext("Search", search.read)
	for _, q := range []store.SearchQuery{p.prefixed(state.Key.Number[:2]), p.suffixed(state.Key.Number[2:])} {
		read := p.searchOf(q).differs([]store.State{state})
		p.withFuses(func(ctx context.Context, look int) {
			difference, err := read(ctx)
			p.checkf(err != nil || difference == "", "Search, cancelled at look %d at its context: no error, and %s", look, difference)
		})
	}
}

func searchLimit(p *probe) {
	p.searches()
	states := p.populate(p.account, 12)
	for _, number := range []string{"1+", "2", "+ "} { // are not found
		p.add(store.Key{Account: p.account, Number: number + "x"}, out(1))
	}
	for _, status := range statuses()[:3] {
		for _, q := range []store.SearchQuery{p.prefixed("+1"), p.suffixed(states[0].Key.Number[len(states[0].Key.Number)-1:])} {
			q.Status = status
			p.searchOf(q).hasLimits(found(states, q))
		}
	}
}

func searchThousand(p *probe) {
	search := p.searches()
	states := p.populateAtOnce(p.account, p.thousand())
	search.hasLargestPages(states)
	q := p.suffixed("5")
	p.samef(diffs(found(states, q), p.searchOf(q).all(0)), "Suffix %s", q.Suffix)
}

func searchStable(p *probe) {
	p.searches()
	for i, q := range []store.SearchQuery{{Prefix: "+1"}, {Suffix: "1"}} {
		for _, q.Status = range []store.Status{store.Unknown, store.OptedOut} {
			q.Account = p.otherAccount()
			p.stableSearch(q, i)
		}
	}
}

// stableSearch adds numbers between the pages of a search, before and after what it has
// found, and changes some that are there.
func (p *probe) stableSearch(q store.SearchQuery, round int) {
	key := func(middle string) store.Key { return store.Key{Account: q.Account, Number: "+1" + middle + "1"} }
	var stay, change []string
	for i, middle := range strings.Split("bcdefghijklmnopq", "") {
		p.add(key(middle), out(i))
		if i%3 == 0 && q.Status != store.Unknown {
			change = append(change, key(middle).Number)
		} else {
			stay = append(stay, key(middle).Number)
		}
	}
	page := 0
	listed := numbersOf(p.searchOf(q).pages(2, func([]store.State) {
		if page++; page > 5 { // the search comes to its end
			return
		}
		for _, middle := range []string{"a", "f5", "5f", "z"} {
			p.add(key(middle+strconv.Itoa(page)+middle), turn(page))
		}
		for i, number := range change {
			p.add(store.Key{Account: q.Account, Number: number}, turn(100+page+i+round))
		}
	}))
	p.listedOnce(listed, stay)
}

func searchCursor(p *probe) {
	search := p.searches()
	states := p.populate(p.account, 8)
	good := search.refusesBroken()
	number := states[0].Key.Number
	digit := number[len(number)-1:]
	other := p.otherAccount()
	p.populate(other, 4)
	p.searchOf(store.SearchQuery{Account: other, Prefix: "+"}).refuses(good, "the cursor of another account")
	p.searchOf(p.prefixed("+1")).refuses(good, "the cursor of another Prefix")
	p.searchOf(p.suffixed("+")).refuses(good, "the cursor of a Prefix")
	p.searchOf(p.suffixed(digit)).refuses(good, "the cursor of a Prefix")
	only := p.prefixed("+")
	only.Status = store.OptedOut
	p.searchOf(only).refuses(good, "the cursor of another status")
	search.refuses(p.searchOf(only).next(), "the cursor of another status")
	if list := p.listOf(p.account, store.Unknown); list.offered() {
		search.refuses(list.next(), "a cursor of List")
		list.refuses(good, "a cursor of Search")
	}
}

func searchSlice(p *probe) {
	search := p.searches()
	states := p.populate(p.account, 6)
	search.isCallers()
	p.samef(diffs(states, p.gets(p.account, numbersOf(states))), "the page was written to, and Get has it")
}
