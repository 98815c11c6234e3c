package optout

// NumberByLibrary is Number without the table.
func NumberByLibrary(g *Guard, raw string) (string, error) {
	a := g.addressByLibrary(raw)
	if !a.valid {
		return a.key, errNumber(raw)
	}
	return a.key, nil
}
