package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers/v2"

	"github.com/seed-f10031e4/consent/internal/number/plan"
)

// generator holds the metadata, and what it has made of the metadata so far.
type generator struct {
	metadata  map[string]*phonenumbers.PhoneMetadata // by region
	worldwide map[int]*phonenumbers.PhoneMetadata    // by calling code
	machines  map[string]*machine
	nodes     nodes
}

// generate returns the nodes of the automaton, and the index of the nodes where regions
// start.
func generate(ctx context.Context) (encoded []byte, index string, err error) {
	version, err := version(ctx)
	if err != nil {
		return nil, "", err
	}
	g := generator{
		metadata:  map[string]*phonenumbers.PhoneMetadata{},
		worldwide: map[int]*phonenumbers.PhoneMetadata{},
		machines:  map[string]*machine{},
		nodes:     newNodes(),
	}
	all, err := phonenumbers.MetadataCollection()
	if err != nil {
		return nil, "", fmt.Errorf("metadata: %w", err)
	}
	for _, m := range all.GetMetadata() {
		if m.GetId() == phonenumbers.REGION_CODE_FOR_NON_GEO_ENTITY {
			g.worldwide[int(m.GetCountryCode())] = m
		} else {
			g.metadata[m.GetId()] = m
		}
	}
	codes, err := g.callingCodes()
	if err != nil {
		return nil, "", err
	}
	t := newTable(&g.nodes)
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n", plan.Module, version)
	for _, id := range slices.Sorted(maps.Keys(phonenumbers.GetSupportedRegions())) {
		m := g.metadata[id]
		dialled, err := g.national(m)
		if err != nil {
			return nil, "", err
		}
		shortest, longest, only := bounds(m)
		home := t.node(codes[strconv.Itoa(int(m.GetCountryCode()))])
		fmt.Fprintf(&b, "%s %d %d %d %d %d %d\n", id, m.GetCountryCode(), home, t.node(dialled), shortest, longest, only)
	}
	encoded, err = t.encode(g.international(codes))
	return encoded, b.String(), err
}

// version returns the version of phonenumbers that go.mod selects.
func version(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-json", plan.Module).Output()
	if err != nil {
		return "", fmt.Errorf("go list -m: %w", err)
	}
	var module struct {
		Version string           `json:"Version"`
		Replace *json.RawMessage `json:"Replace"`
	}
	if err := json.Unmarshal(out, &module); err != nil {
		return "", fmt.Errorf("go list -m: %w", err)
	}
	if module.Replace != nil || module.Version == "" {
		return "", errors.New("phonenumbers is replaced: the table would be of a version that has no name")
	}
	return module.Version, nil
}

func (g *generator) machine(pattern string, whole bool) (*machine, error) {
	key := fmt.Sprint(whole, pattern)
	if m := g.machines[key]; m != nil {
		return m, nil
	}
	m, err := newMachine(pattern, whole)
	g.machines[key] = m
	return m, err
}
