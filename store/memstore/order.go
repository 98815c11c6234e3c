package memstore

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// orders are the numbers of accounts in byte order. They cost nothing until one
// account is listed for the first time.
type orders struct {
	mu  sync.Mutex
	of  map[uint32]*order // by account
	all bool              // all shards are listed
}

// order is the numbers of an account, those that are packed and the others.
type order struct {
	packed runs[uint64]
	other  runs[string]
}

// runs are sorted slices, each less than half as long as the one before, and what
// was added since. None is written again once it is sorted.
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
	defer o.mu.Unlock()
	of := o.of[account]
	if of == nil {
		return nil, nil
	}
	// A number below all packed ones, or above, is other, and compares with their
	// texts; so the packed ones are compared as such.
	packed = of.packed.behind(func(word uint64) int { return strings.Compare(string(appendNumber(nil, word)), after) })
	other = of.other.behind(func(number string) int { return strings.Compare(number, after) })
	return packed, other
}

func (r *runs[T]) behind(compare func(T) int) [][]T {
	r.settle()
	behind := make([][]T, 0, len(r.sorted))
	for _, run := range r.sorted {
		from, found := slices.BinarySearchFunc(run, 0, func(e T, _ int) int { return compare(e) })
		if found {
			from++
		}
		if from < len(run) {
			behind = append(behind, run[from:])
		}
	}
	return behind
}

// settle makes what is recent a run, and merges runs that are too long for their
// places: a number is moved as often as the logarithm of their number.
func (r *runs[T]) settle() {
	if len(r.recent) == 0 {
		return
	}
	run := r.recent
	r.recent = nil
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
