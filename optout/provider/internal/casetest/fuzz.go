package casetest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/store/memstore"
)

// Fuzz posts bodies to a Handler over a provider, signed and not signed. Nothing panics;
// an unsigned request is refused whole (or is a handshake that needs no proof), and no
// message of it reaches the Guard.
func Fuzz(f *testing.F, s Suite) {
	f.Helper()
	for _, c := range Cases(f, s.Name) {
		for i := range 3 {
			f.Add(c.Body(f), uint8(i))
		}
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType uint8) {
		p, err := s.New(t, Case{Provider: s.Name, Secret: Secret, Unsigned: true})
		require.NoError(t, err)
		for _, method := range p.Facts().Methods {
			for _, signed := range []bool{false, true} {
				s.post(t, p, method, body, int(contentType), signed)
			}
		}
		_, ok := p.Refusal(provider.Refused{Status: int(contentType), Body: body})
		_ = ok
	})
}

func (s Suite) post(t *testing.T, p provider.Provider, method string, body []byte, contentType int, signed bool) {
	t.Helper()
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	status := 0
	h := provider.Handler(guard, p, &provider.Options{
		Account: provider.OneAccount("acme"),
		Observe: func(_ context.Context, e provider.Event) {
			require.NotContains(t, e.String(), "+1415")
			if !signed {
				refused := e.Kind == provider.EventRefused && e.Status >= http.StatusBadRequest
				require.True(t, refused || e.Kind == provider.EventHandshake, "of a request that is not proved: %v", e)
			}
			status = e.Status
		},
	})
	r := NewRequest(t, method, "https://example.com/hook", body)
	if types := p.Facts().ContentTypes; method == http.MethodPost && len(types) > 0 {
		r.Header.Set("Content-Type", types[contentType%len(types)])
	}
	if signed {
		s.Sign(t, r, body)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if !signed {
		require.NotZero(t, status, "a request that is not proved, and nobody was told")
	}
}
