package main

import (
	"math"

	"github.com/seed-f10031e4/consent/internal/table"
)

// example is a text to learn from.
type example struct {
	slots  []uint16 // of its pieces
	value  float64  // of each
	asks   float64  // 1 for a request, -1 for another text
	weight float64  // how much an error costs
}

// newExample takes the pieces of a text.
func newExample(text string, asks, weight float64) example {
	folded := table.Fold(nil, text)
	e := example{value: 1 / table.Norm(folded), asks: asks, weight: weight}
	for w := table.WordsOf(folded); w.Next(); {
		e.slots = append(e.slots, w.Slots()...)
	}
	return e
}

// machine is a linear support vector machine: it says "request" above zero.
type machine struct {
	weights []float64
	bias    float64
}

func (m *machine) score(e *example) float64 {
	sum := 0.0
	for _, slot := range e.slots {
		sum += m.weights[slot]
	}
	return float64(sum*e.value) + m.bias
}

// rounds is how often the machine goes through all examples.
const rounds = 15

// learn finds the weights for a squared hinge loss by coordinate descent on its dual (Hsieh
// and others 2008). It uses only arithmetic that is the same on every processor: the
// conversions keep products and sums apart, and there is no exponential, which logistic
// regression would need.
func learn(examples []example) *machine {
	m := &machine{weights: make([]float64, table.Slots)}
	alpha, curve := make([]float64, len(examples)), make([]float64, len(examples))
	order := make([]int, len(examples))
	counts := make([]float64, table.Slots)
	for i := range examples {
		e := &examples[i]
		order[i], curve[i] = i, 1
		for _, slot := range e.slots {
			counts[slot]++
		}
		for _, slot := range e.slots {
			curve[i] += float64(float64(counts[slot]*e.value) * e.value) // counts squared, one by one
		}
		for _, slot := range e.slots {
			counts[slot] = 0
		}
	}
	seed := uint64(1)
	for range rounds {
		for i := len(order) - 1; i > 0; i-- {
			seed = seed*6364136223846793005 + 1442695040888963407
			j := int((seed >> 33) % uint64(i+1)) //nolint:gosec // less than i+1
			order[i], order[j] = order[j], order[i]
		}
		for _, i := range order {
			e := &examples[i]
			soft := 1 / (2 * e.weight)
			gradient := float64(e.asks*m.score(e)) - 1 + float64(alpha[i]*soft)
			next := max(alpha[i]-gradient/(curve[i]+soft), 0)
			step := float64((next - alpha[i]) * e.asks)
			alpha[i] = next
			if step == 0 {
				continue
			}
			m.bias += step
			part := float64(step * e.value)
			for _, slot := range e.slots {
				m.weights[slot] += part
			}
		}
	}
	return m
}

// rounded returns the weights as signed bytes, and what 1 is among them. A weight over half
// of the largest counts as that half, so that no piece decides alone.
func (m *machine) rounded() (weights []int8, one float64) {
	largest := 0.0
	for _, w := range m.weights {
		largest = max(largest, math.Abs(w))
	}
	if largest == 0 {
		return make([]int8, len(m.weights)), 1
	}
	one = 2 * math.MaxInt8 / largest
	for _, w := range m.weights {
		weights = append(weights, int8(math.Round(min(max(float64(w*one), -math.MaxInt8), math.MaxInt8))))
	}
	return weights, one
}

// round makes the weights those of the table.
func (m *machine) round() {
	weights, one := m.rounded()
	for i, w := range weights {
		m.weights[i] = float64(w) / one
	}
}
