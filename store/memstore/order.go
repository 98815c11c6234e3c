package memstore

import (
	"cmp"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
)

// orders are the numbers of accounts in byte order. They cost nothing until one
// account is listed for the first time.
type orders struct {
	made atomic.Bool // of all that the store has

	mu sync.Mutex // of what is recent; Append waits for it
	of map[uint32]*order
}

// order is the numbers of an account, those that are packed and the others.
type order struct {
	mu     sync.Mutex // of what is sorted
	packed runs[uint64]
	other  runs[string]
}

// runs are sorted slices, each more than twice as long as the next, and what was
// added since. None is written again once it is sorted.
type runs[T cmp.Ordered] struct {
	sorted [][]T
	recent []T
}

func (o *orders) add(account uint32, packed uint64, number string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.of == nil {
		o.of = make(map[uint32]*order)
	}
	of := o.of[account]
	if of == nil {
		of = new(order)
		o.of[account] = of
	}
	if packed != 0 {
		of.packed.recent = append(of.packed.recent, packed)
	} else {
		of.other.recent = append(of.other.recent, strings.Clone(number))
	}
}

// behind returns the runs of an account, each from the first number behind after.
func (o *orders) behind(account uint32, after string) (packed [][]uint64, other [][]string) {
	o.mu.Lock()
	of := o.of[account]
	o.mu.Unlock()
	if of == nil {
		return nil, nil
	}
	of.mu.Lock()
	defer of.mu.Unlock()
	o.mu.Lock()
	recentPacked, recentOther := of.packed.takeRecent(), of.other.takeRecent()
	o.mu.Unlock()
	of.packed.settle(recentPacked)
	of.other.settle(recentOther)
	packed = of.packed.behind(func(word uint64) int { return strings.Compare(string(appendNumber(nil, word)), after) })
	other = of.other.behind(func(number string) int { return strings.Compare(number, after) })
	return packed, other
}

func (r *runs[T]) behind(compare func(T) int) [][]T {
	behind := make([][]T, 0, len(r.sorted))
	for _, run := range r.sorted {
		from := sort.Search(len(run), func(i int) bool { return compare(run[i]) > 0 })
		if from < len(run) {
			behind = append(behind, run[from:])
		}
	}
	return behind
}

func (r *runs[T]) takeRecent() []T {
	recent := r.recent
	r.recent = nil
	return recent
}

// settle makes what was recent a run, and merges runs that are too long for their
// places: a number is moved as often as the logarithm of their number.
func (r *runs[T]) settle(run []T) {
	if len(run) == 0 {
		return
	}
	slices.Sort(run)
	for len(r.sorted) > 0 {
		last := r.sorted[len(r.sorted)-1]
		if len(last) > 2*len(run) {
			break
		}
		run = merge(last, run)
		r.sorted = r.sorted[:len(r.sorted)-1]
	}
	r.sorted = append(r.sorted, run)
}

func merge[T cmp.Ordered](a, b []T) []T {
	all := make([]T, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] < b[0] {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return append(append(all, a...), b...)
}

// first takes the least of the runs.
func first[T cmp.Ordered](runs [][]T) (least T, run int) {
	run = -1
	for i := range runs {
		if len(runs[i]) > 0 && (run < 0 || runs[i][0] < least) {
			least, run = runs[i][0], i
		}
	}
	return least, run
}
