package list

import (
	"bufio"
	"bytes"
	"container/heap"
	"encoding/binary"
	"errors"
	"io"
	"iter"
	"slices"
	"time"
)

// TempFile is an empty file that Compare may fill: an *os.File.
type TempFile interface {
	io.Writer
	io.ReaderAt
	io.Closer
}

const (
	runSize   = 8 << 20  // bytes of rows that are sorted at once
	runBuffer = 16 << 10 // bytes read ahead from each run
)

// sorter sorts rows by their keys, in runs that are merged. The rows of a run are in memory,
// and the runs in a file if there is one.
type sorter struct {
	temp func() (TempFile, error)

	arena   []byte  // entries, one after the other
	entries []place // of the entries in arena
	file    TempFile
	written int64
	runs    []*run
	order   runHeap
	last    []byte // the key that next returned
}

// place is where an entry is in the arena.
type place struct{ start, key, end int }

// entry is a row as it is kept: the lengths of its parts, its key and its fields.
type entry struct {
	key, fields []byte
}

// fill sorts rows. refused gets each RowError. more is false if refused wants no more.
func (s *sorter) fill(rows iter.Seq2[Row, error], key func(Row) string, refused func(error) bool) (more bool, err error) {
	for row, err := range rows {
		if err != nil {
			if !isRow(err) {
				return false, err
			}
			if !refused(err) {
				return false, nil
			}
			continue
		}
		s.add(key(row), row)
		if len(s.arena) >= runSize {
			if err := s.flush(); err != nil {
				return false, err
			}
		}
	}
	err = s.flush()
	s.arena, s.entries = nil, nil
	return true, err
}

func (s *sorter) add(key string, row Row) {
	p := place{start: len(s.arena)}
	s.arena = append(s.arena, key...)
	p.key = len(s.arena)
	s.arena = appendRow(s.arena, row)
	p.end = len(s.arena)
	s.entries = append(s.entries, p)
}

// flush sorts what is in the arena, and makes a run of it.
func (s *sorter) flush() error {
	if len(s.entries) == 0 {
		return nil
	}
	slices.SortStableFunc(s.entries, func(a, b place) int {
		return bytes.Compare(s.arena[a.start:a.key], s.arena[b.start:b.key])
	})
	var memory bytes.Buffer
	var out io.Writer = &memory
	if s.temp == nil {
		memory.Grow(len(s.arena) + 4*len(s.entries))
	} else {
		if s.file == nil {
			file, err := s.temp()
			if err != nil {
				return wrapTemp(err)
			}
			s.file = file
		}
		out = s.file
	}
	w := &counter{w: bufio.NewWriterSize(out, runBuffer)}
	for _, p := range s.entries {
		var head [2 * binary.MaxVarintLen64]byte
		n := binary.PutUvarint(head[:], uint64(p.key-p.start))
		n += binary.PutUvarint(head[n:], uint64(p.end-p.key))
		w.write(head[:n])
		w.write(s.arena[p.start:p.end])
	}
	if err := w.flush(); err != nil {
		return wrapTemp(err)
	}
	var in io.Reader = &memory
	if s.file != nil {
		in = io.NewSectionReader(s.file, s.written, w.n)
	}
	s.written += w.n
	s.runs = append(s.runs, &run{in: in, place: len(s.runs)})
	s.arena, s.entries = s.arena[:0], s.entries[:0]
	return nil
}

// counter writes, and keeps the first error.
type counter struct {
	w   *bufio.Writer
	n   int64
	err error
}

func (c *counter) write(p []byte) {
	if c.err == nil {
		_, c.err = c.w.Write(p)
		c.n += int64(len(p))
	}
}

func (c *counter) flush() error { return errors.Join(c.err, c.w.Flush()) }

// begin opens the runs.
func (s *sorter) begin() error {
	for _, r := range s.runs {
		r.reader = bufio.NewReaderSize(r.in, runBuffer)
		more, err := r.advance()
		if err != nil {
			return wrapTemp(err)
		}
		if more {
			s.order = append(s.order, r)
		}
	}
	heap.Init(&s.order)
	return nil
}

// next returns the next entry, the first one of its key. It is good until the next call.
func (s *sorter) next() (e entry, more bool, err error) {
	for len(s.order) > 0 {
		r := s.order[0]
		e = entry{bytes.Clone(r.head.key), bytes.Clone(r.head.fields)}
		more, err := r.advance()
		if err != nil {
			return entry{}, false, wrapTemp(err)
		}
		if more {
			heap.Fix(&s.order, 0)
		} else {
			heap.Pop(&s.order)
		}
		if s.last != nil && bytes.Equal(e.key, s.last) {
			continue
		}
		s.last = append(s.last[:0], e.key...)
		return e, true, nil
	}
	return entry{}, false, nil
}

func (s *sorter) close() {
	if s.file != nil {
		_ = s.file.Close() // what was read of it is good
	}
}

// run is sorted entries.
type run struct {
	in     io.Reader
	reader *bufio.Reader
	place  int // among the runs: an earlier one has the earlier rows
	head   entry
}

func (r *run) advance() (more bool, err error) {
	key, err := binary.ReadUvarint(r.reader)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, err //nolint:wrapcheck // next wraps it
	}
	fields, err := binary.ReadUvarint(r.reader)
	if err != nil {
		return false, cutShort(err)
	}
	if key > maxEntry || fields > maxEntry {
		return false, errDamaged
	}
	r.head.key = resize(r.head.key, int(key))
	r.head.fields = resize(r.head.fields, int(fields))
	if _, err := io.ReadFull(r.reader, r.head.key); err != nil {
		return false, cutShort(err)
	}
	if _, err := io.ReadFull(r.reader, r.head.fields); err != nil {
		return false, cutShort(err)
	}
	return true, nil
}

// maxEntry is more than a row can have.
const maxEntry = 64 << 20

var errDamaged = errors.New("the file does not have what was written to it")

func cutShort(err error) error { return errors.Join(errDamaged, err) }

func resize(b []byte, n int) []byte {
	if cap(b) < n {
		return make([]byte, n)
	}
	return b[:n]
}

// runHeap has the run with the smallest key first.
type runHeap []*run

// Len implements [heap.Interface].
func (h *runHeap) Len() int { return len(*h) }

// Less implements [heap.Interface].
func (h *runHeap) Less(i, j int) bool {
	a, b := (*h)[i], (*h)[j]
	if order := bytes.Compare(a.head.key, b.head.key); order != 0 {
		return order < 0
	}
	return a.place < b.place
}

// Swap implements [heap.Interface].
func (h *runHeap) Swap(i, j int) { (*h)[i], (*h)[j] = (*h)[j], (*h)[i] }

// Push implements [heap.Interface]. Nothing is pushed.
func (h *runHeap) Push(any) {}

// Pop implements [heap.Interface].
func (h *runHeap) Pop() any {
	last := len(*h) - 1
	popped := (*h)[last]
	*h = (*h)[:last]
	return popped
}

// appendRow appends the fields of a row.
func appendRow(to []byte, row Row) []byte {
	consent := int64(0)
	if row.Consent {
		consent = 1
	}
	for _, n := range [...]int64{int64(row.Line), consent, micros(row.At), micros(row.RecordedAt)} {
		to = binary.AppendVarint(to, n)
	}
	dateErr := ""
	if row.DateErr != nil {
		dateErr = row.DateErr.Error()
	}
	for _, text := range [...]string{row.Number, row.Day, dateErr, row.Source, row.Provider, row.Reason, row.EventID} {
		to = binary.AppendUvarint(to, uint64(len(text)))
		to = append(to, text...)
	}
	return to
}

// row reads what appendRow wrote.
func (e entry) row() (Row, error) {
	f := fieldReader{from: e.fields}
	row := Row{Line: int(f.number()), Consent: f.number() == 1, At: f.time(), RecordedAt: f.time(), Number: f.text(), Day: f.text()}
	if text := f.text(); text != "" {
		row.DateErr = errors.New(text)
	}
	row.Source, row.Provider, row.Reason, row.EventID = f.text(), f.text(), f.text(), f.text()
	if f.bad || len(f.from) > 0 {
		return Row{}, wrapTemp(errDamaged)
	}
	return row, nil
}

// fieldReader reads the fields of a row.
type fieldReader struct {
	from []byte
	bad  bool
}

func (f *fieldReader) number() int64 {
	n, size := binary.Varint(f.from)
	if size <= 0 {
		f.bad, f.from = true, nil
		return 0
	}
	f.from = f.from[size:]
	return n
}

func (f *fieldReader) time() time.Time { return fromMicros(f.number()) }

func (f *fieldReader) text() string {
	n, size := binary.Uvarint(f.from)
	if size <= 0 || n > uint64(len(f.from)-size) {
		f.bad, f.from = true, nil
		return ""
	}
	text := string(f.from[size : size+int(n)])
	f.from = f.from[size+int(n):]
	return text
}
