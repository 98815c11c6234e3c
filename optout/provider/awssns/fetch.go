package awssns

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

const (
	maxCerts     = 16       // certificates in memory; a region has one at a time
	maxFetching  = 4        // certificates that are fetched at a time
	maxFetched   = 64 << 10 // bytes
	fetchTimeout = 5 * time.Second
)

// certificate returns the certificate of a URL, which is checked before it is fetched. If it
// cannot be fetched, the error wraps provider.ErrRetry.
func (p *Provider) certificate(ctx context.Context, raw string) (*x509.Certificate, error) {
	u, ok := snsURL(raw)
	if !ok || u.RawQuery != "" || u.ForceQuery || !isCertificatePath(u.EscapedPath()) {
		return nil, wire.Unproved("SigningCertURL is not a certificate of SNS")
	}
	key := u.String()
	if cert := p.cached(key); cert != nil {
		return cert, nil
	}
	ctx, cancel := context.WithTimeout(ctx, fetchTimeout)
	defer cancel()
	select {
	case p.fetching <- struct{}{}:
		defer func() { <-p.fetching }()
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: the certificate: %w", provider.ErrRetry, ctx.Err())
	}
	if cert := p.cached(key); cert != nil { // another request has fetched it
		return cert, nil
	}
	body, err := p.get(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("%w: the certificate: %w", provider.ErrRetry, err)
	}
	block, _ := pem.Decode(body)
	if block == nil {
		return nil, fmt.Errorf("%w: the certificate is not PEM", provider.ErrRetry)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("%w: the certificate cannot be read", provider.ErrRetry)
	}
	p.keep(key, cert)
	return cert, nil
}

func (p *Provider) cached(key string) *x509.Certificate {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.certs[key]
}

// keep keeps a certificate in memory, in the place of any other if there are too many.
func (p *Provider) keep(key string, cert *x509.Certificate) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for other := range p.certs {
		if len(p.certs) < maxCerts {
			break
		}
		delete(p.certs, other)
	}
	p.certs[key] = cert
}

// snsURL parses a URL of SNS: https, and a host of SNS in some region, without a user and
// without a port. So do AWS's own libraries:
// https://github.com/aws/aws-php-sns-message-validator/blob/master/src/MessageValidator.php
func snsURL(raw string) (*url.URL, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != "https" || u.User != nil || u.Opaque != "" || u.Fragment != "" {
		return nil, false
	}
	region, sns := strings.CutPrefix(u.Host, "sns.")
	region = strings.TrimSuffix(region, ".cn")
	region, amazon := strings.CutSuffix(region, ".amazonaws.com")
	return u, sns && amazon && len(region) >= 3 && only(region, "-")
}

// isCertificatePath reports whether a path, as it is written, is one of a certificate:
// "/SimpleNotificationService-0123456789abcdef.pem".
func isCertificatePath(path string) bool {
	name, ok := strings.CutSuffix(path, ".pem")
	return ok && strings.HasPrefix(name, "/") && len(name) > 1 && only(name, "-_./") && !strings.Contains(name, "..")
}

// only reports whether a text has only ASCII letters, digits, and these others.
func only(text, others string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		return !letter && (r < '0' || r > '9') && !strings.ContainsRune(others, r)
	})
}

// get fetches a URL of SNS. Its errors do not hold the URL, which may have a token.
func (p *Provider) get(ctx context.Context, address string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, errors.New("awssns: a URL that cannot be fetched")
	}
	answer, err := p.client.Do(r)
	if err != nil {
		if inner, ok := errors.AsType[*url.Error](err); ok {
			err = inner.Err
		}
		return nil, fmt.Errorf("awssns: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("awssns: SNS answered with status %d", answer.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, maxFetched+1))
	if err != nil {
		return nil, fmt.Errorf("awssns: the answer of SNS: %w", err)
	}
	if len(body) > maxFetched {
		return nil, errors.New("awssns: the answer of SNS is too large")
	}
	return body, nil
}
