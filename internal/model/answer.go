package model

// answer is what the model knows. The order counts: the least answer is "and", the
// greatest is "or".
type answer uint8

const (
	no answer = iota
	maybe
	yes
)

func (a answer) String() string { return [...]string{"no", "maybe", "yes"}[a] }

func is(b bool) answer {
	if b {
		return yes
	}
	return no
}

func not(a answer) answer { return yes - a }

// blend joins the answers of several possible pasts.
type blend struct {
	answer answer
	filled bool
}

func (b *blend) add(a answer) {
	if b.filled && a != b.answer {
		a = maybe
	}
	b.answer, b.filled = a, true
}
