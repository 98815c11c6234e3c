package sqltest_test

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// What a provider knows of the webhook that it calls.
const (
	authToken = "an-auth-token"
	publicURL = "https://example.com"
	hookPath  = "/sms"
)

// form is a webhook of Twilio.
type form url.Values

// inbound is a message that came to us.
func inbound(from, sid, text string) form {
	return form{
		"ToCountry": {"US"}, "ToState": {"CA"}, "SmsMessageSid": {sid}, "NumMedia": {"0"}, "ToCity": {"SAN FRANCISCO"}, "FromZip": {"94105"},
		"SmsSid": {sid}, "FromState": {"CA"}, "SmsStatus": {"received"}, "FromCity": {"SAN FRANCISCO"}, "Body": {text}, "FromCountry": {"US"},
		"To": {ours}, "MessagingServiceSid": {"MG0123456789abcdef0123456789abcdef"}, "ToZip": {"94105"}, "NumSegments": {"1"},
		"MessageSid": {sid}, "AccountSid": {"AC0123456789abcdef0123456789abcdef"}, "From": {from}, "ApiVersion": {"2010-04-01"},
	}
}

// request is the form as it is posted, byte for byte. A forged one has the signature of
// another form.
func (f form) request(forged bool) []byte {
	body, signature := url.Values(f).Encode(), f.signature()
	if forged {
		signature[0] ^= 1
	}
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n"+
		"Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\nX-Twilio-Signature: %s\r\nContent-Length: %d\r\n\r\n%s",
		hookPath, base64.StdEncoding.EncodeToString(signature), len(body), body)
}

// signature is https://www.twilio.com/docs/usage/security.
func (f form) signature() []byte {
	mac := hmac.New(sha1.New, []byte(authToken))
	_, _ = io.WriteString(mac, publicURL+hookPath)
	for _, name := range slices.Sorted(maps.Keys(f)) {
		_, _ = io.WriteString(mac, name)
		_, _ = io.WriteString(mac, f[name][0])
	}
	return mac.Sum(nil)
}

// client is one connection: that of net/http would cost more than what is measured, and
// reads every answer to its end.
type client struct {
	conn     net.Conn
	in       *bufio.Reader
	answer   []byte
	requests [][]byte // what a benchmark posts
}

func newClient(tb testing.TB, address string) *client {
	tb.Helper()
	c := &client{answer: make([]byte, 0, 1024)}
	require.NoError(tb, c.dial(address))
	tb.Cleanup(func() { _ = c.conn.Close() })
	return c
}

func (c *client) dial(address string) (err error) {
	c.conn, err = net.Dial("tcp", address)
	c.in = bufio.NewReader(c.conn)
	return err
}

// post posts a request, and reads the answer to its end. The body is valid until the next
// post.
func (c *client) post(request []byte) (status int, body []byte, err error) {
	if _, err := c.conn.Write(request); err != nil {
		return 0, nil, err
	}
	length := -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, nil, err
		}
		switch {
		case status == 0:
			if status, err = statusOf(line); err != nil {
				return 0, nil, err
			}
			continue
		case len(line) > 2:
			if value, found := bytes.CutPrefix(line, []byte("Content-Length: ")); found {
				length, _ = strconv.Atoi(string(bytes.TrimSpace(value)))
			}
			continue
		case length < 0:
			return 0, nil, errors.New("an answer without a length")
		}
		c.answer = slices.Grow(c.answer[:0], length)[:length]
		_, err = io.ReadFull(c.in, c.answer)
		return status, c.answer, err
	}
}

func statusOf(line []byte) (int, error) {
	text, found := bytes.CutPrefix(line, []byte("HTTP/1.1 "))
	if !found || len(text) < 3 {
		return 0, fmt.Errorf("an answer that begins with %q", line)
	}
	return strconv.Atoi(string(text[:3]))
}

// hangUp posts a request, and closes the connection: at once, or when the answer begins.
func (c *client) hangUp(request []byte, atOnce bool) {
	_, _ = c.conn.Write(request)
	if !atOnce {
		_, _ = c.in.ReadByte()
	}
	_ = c.conn.Close()
}
