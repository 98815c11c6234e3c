package memstore

// IndexBytes returns the size of the index of states.
func (s *Store) IndexBytes() int {
	n := 0
	for i := range s.shards {
		if x := s.shards[i].index.Load(); x != nil {
			n += 64*len(x.buckets) + 8*len(x.filter)
		}
	}
	return n
}
