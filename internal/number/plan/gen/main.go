// Gen compiles the metadata of phonenumbers into the automaton of package plan. `go
// generate` runs it.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
)

func main() {
	nodes, index, err := generate(context.Background())
	if err == nil {
		err = os.WriteFile("nodes.bin", nodes, 0o644)
	}
	if err == nil {
		err = os.WriteFile("index.txt", []byte(index), 0o644)
	}
	if err != nil {
		log.Fatal(fmt.Errorf("plan: %w", err))
	}
}
