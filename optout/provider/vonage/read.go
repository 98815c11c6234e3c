package vonage

import (
	"net/http"
	"strings"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// Read verifies and parses a webhook. A request without any parameter of Vonage's is a check
// of the dashboard, and a Handshake.
func (p *Provider) Read(r *http.Request, body []byte) (provider.Delivery, error) {
	contentType := r.Header.Get("Content-Type")
	isForm := strings.HasPrefix(strings.ToLower(contentType), formType)
	if token, found := bearer(r); found {
		if err := p.verifyJWT(token, body); err != nil {
			return provider.Delivery{}, err
		}
		return p.readBody(body, contentType, isForm)
	}
	var form *wire.Form
	var err error
	switch {
	case r.Method == http.MethodGet:
		form, err = wire.ParseForm(r.URL.RawQuery, "")
	case isForm:
		form, err = wire.ParseForm(string(body), contentType)
	case len(body) == 0:
		form = &wire.Form{}
	default:
		if form, err = wire.ParseJSON(body); err != nil { // of the Messages API, or nonsense
			err = unsigned("no JWT")
		}
	}
	if err != nil {
		return provider.Delivery{}, err
	}
	ownQuery := r.Method == http.MethodGet && !form.Has("sig") && !form.Has("msisdn") // of the URL that was set up
	if ownQuery || len(form.Values()) == 0 {
		return provider.Delivery{Handshake: &provider.Handshake{}}, nil
	}
	if err := p.verifySig(form); err != nil {
		return provider.Delivery{}, err
	}
	return p.readSMS(form)
}

// readBody reads a body that a JWT proves: of the Messages API, or of the SMS API.
func (p *Provider) readBody(body []byte, contentType string, isForm bool) (provider.Delivery, error) {
	if isForm {
		form, err := wire.ParseForm(string(body), contentType)
		if err != nil {
			return provider.Delivery{}, err
		}
		return p.readSMS(form)
	}
	names, err := wire.Names(body)
	if err != nil {
		return provider.Delivery{}, err
	}
	if names["msisdn"] {
		form, err := wire.ParseJSON(body)
		if err != nil {
			return provider.Delivery{}, err
		}
		return p.readSMS(form)
	}
	return p.readMessages(body)
}
