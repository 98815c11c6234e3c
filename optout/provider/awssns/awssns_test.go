package awssns_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
	"github.com/seed-f10031e4/consent/optout/provider/awssns"
	"github.com/seed-f10031e4/consent/optout/provider/internal/casetest"
	"github.com/seed-f10031e4/consent/store/memstore"
)

const (
	topic   = "arn:aws:sns:us-east-1:123456789012:sms-inbound"
	certURL = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123.pem"
	stop    = `{"originationNumber":"+14155550101","destinationNumber":"+14155550199","messageBody":"STOP","inboundMessageId":"i1"}`
)

// fetcher is a transport: what SNS answers, without a network.
type fetcher func(*http.Request) (*http.Response, error)

func (f fetcher) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func answer(status int, body []byte) (*http.Response, error) {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body))}, nil
}

func serve(certificate []byte) *http.Client {
	return &http.Client{Transport: fetcher(func(*http.Request) (*http.Response, error) { return answer(http.StatusOK, certificate) })}
}

// signer is a key that stands for SNS's, with its certificate.
var signer = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func certificate(t testing.TB, key crypto.Signer, notAfter time.Time) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: notAfter.AddDate(-1, 0, 0), NotAfter: notAfter}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
}

// valid returns a certificate of the signer that has not expired.
func valid(t testing.TB) []byte {
	t.Helper()
	return certificate(t, signer(), time.Date(2099, time.January, 1, 0, 0, 0, 0, time.UTC))
}

func notification(message string) map[string]any {
	return map[string]any{
		"Type": "Notification", "MessageId": "e1", "TopicArn": topic, "Message": message, "Timestamp": "2026-03-01T12:00:00.317Z",
		"SignatureVersion": "2", "SigningCertURL": certURL,
	}
}

// seal signs an envelope as SNS does, with SHA-256.
func seal(t testing.TB, e map[string]any) []byte {
	t.Helper()
	var signed strings.Builder
	for _, name := range []string{"Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"} {
		if value, ok := e[name].(string); ok {
			fmt.Fprintf(&signed, "%s\n%s\n", name, value)
		}
	}
	sum := sha256.Sum256([]byte(signed.String()))
	signature, err := rsa.SignPKCS1v15(rand.Reader, signer(), crypto.SHA256, sum[:])
	require.NoError(t, err)
	if _, ok := e["Signature"]; !ok {
		e["Signature"] = base64.StdEncoding.EncodeToString(signature)
	}
	body, err := json.Marshal(e)
	require.NoError(t, err)
	return body
}

func newProvider(t testing.TB, client *http.Client) *awssns.Provider {
	t.Helper()
	p, err := awssns.New(awssns.Config{Topics: []string{"arn:aws:sns:us-east-1:123456789012:other", topic}, Client: client})
	require.NoError(t, err)
	return p
}

func read(t testing.TB, p *awssns.Provider, body []byte) (provider.Delivery, error) {
	t.Helper()
	return p.Read(casetest.NewRequest(t, http.MethodPost, "https://example.com/aws", body), body)
}

func suite() casetest.Suite {
	return casetest.Suite{
		Name: "aws",
		New: func(t *testing.T, c casetest.Case) (provider.Provider, error) {
			t.Helper()
			topics := []string{topic}
			var e struct{ TopicArn string }
			if c.Topic != "" {
				topics = []string{c.Topic}
			} else if json.Unmarshal(c.Body(t), &e) == nil && e.TopicArn != "" {
				topics = []string{e.TopicArn}
			}
			cert := []byte(c.Secret)
			if c.Unsigned {
				cert = valid(t)
			}
			return awssns.New(awssns.Config{Topics: topics, Client: serve(cert)})
		},
		Sign: sign,
	}
}

// sign puts the body into a notification that is signed; an envelope is signed as it is.
func sign(t *testing.T, r *http.Request, body []byte) {
	t.Helper()
	e := notification(strings.ToValidUTF8(string(body), "?"))
	var sent map[string]any
	if json.Unmarshal(body, &sent) == nil && sent["Message"] != nil {
		e = sent
		delete(e, "Signature")
		e["TopicArn"], e["SignatureVersion"], e["SigningCertURL"] = topic, "2", certURL
	}
	sealed := seal(t, e)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(sealed)), int64(len(sealed))
}

func TestCases(t *testing.T) { casetest.Run(t, suite()) }

func FuzzRead(f *testing.F) { casetest.Fuzz(f, suite()) }

func TestNewNamesTheField(t *testing.T) {
	_, err := awssns.New(awssns.Config{Client: &http.Client{}})
	require.EqualError(t, err, "awssns: Config.Topics is empty")
	_, err = awssns.New(awssns.Config{Topics: []string{topic, ""}, Client: &http.Client{}})
	require.EqualError(t, err, "awssns: Config.Topics[1] is empty")
	_, err = awssns.New(awssns.Config{Topics: []string{topic}})
	require.EqualError(t, err, "awssns: Config.Client is nil")
}

// Nothing is fetched from a URL that is not a certificate of SNS.
func TestSigningCertURL(t *testing.T) {
	var asked atomic.Int32
	cert := valid(t)
	p := newProvider(t, &http.Client{Transport: fetcher(func(*http.Request) (*http.Response, error) {
		asked.Add(1)
		return answer(http.StatusOK, cert)
	})})
	for _, good := range []string{
		certURL, certURL + "#", // an empty fragment is not sent: the same URL
		"https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0.pem", "https://sns.us-gov-west-1.amazonaws.com/a.pem",
	} {
		e := notification(stop)
		e["SigningCertURL"] = good
		_, err := read(t, p, seal(t, e))
		require.NoError(t, err, good)
	}
	require.EqualValues(t, 3, asked.Load())
	for _, bad := range []string{
		"", "a.pem", "//sns.us-east-1.amazonaws.com/a.pem", "http://sns.us-east-1.amazonaws.com/a.pem",
		"ftp://sns.us-east-1.amazonaws.com/a.pem", "https:sns.us-east-1.amazonaws.com/a.pem", "file:///etc/passwd.pem",
		"https://sns.us-east-1.amazonaws.com.evil.com/a.pem", "https://sns.us-east-1.amazonaws.com.cn.evil.com/a.pem",
		"https://evil.com/sns.us-east-1.amazonaws.com/a.pem", "https://sns.evil.com/a.pem", "https://evilsns.us-east-1.amazonaws.com/a.pem",
		"https://a.sns.us-east-1.amazonaws.com/a.pem", "https://sns.a.b.amazonaws.com/a.pem", "https://sns.amazonaws.com/a.pem",
		"https://sns..amazonaws.com/a.pem", "https://sns.us.amazonaws.com/a.pem", "https://sns.us-east-1.amazonaws.org/a.pem",
		"https://sns.us-east-1.amazonaws.com./a.pem", "https://sns.us-east-1.amazonaws.com:443/a.pem",
		"https://sns.us-east-1.amazonaws.com:/a.pem",
		"https://sns.us-east-1.amazonaws.com@evil.com/a.pem", "https://user@sns.us-east-1.amazonaws.com/a.pem",
		"https://:@sns.us-east-1.amazonaws.com/a.pem", `https://sns.us-east-1.amazonaws.com\@evil.com/a.pem`,
		"https://evil.com#@sns.us-east-1.amazonaws.com/a.pem", "https://sns.us-east-1.amazonaws.com#.evil.com/a.pem",
		"https://sns.us-east-1.amazonaws.com?.evil.com/a.pem", "https://sns.us-east-1%2eamazonaws.com/a.pem",
		"https://sns.us-éast-1.amazonaws.com/a.pem", "https://sns.us_east_1.amazonaws.com/a.pem",
		"https://sns.us-east-1.amazonaws.com.cn.cn/a.pem", "https://sns.us-east-1.amazonaws.cn.com/a.pem",
		"https://sns.us-east-1.amazonaws.com", "https://sns.us-east-1.amazonaws.com/.pem", "https://sns.us-east-1.amazonaws.com/a.pem/b",
		"https://sns.us-east-1.amazonaws.com/a.PEM", "https://sns.us-east-1.amazonaws.com/?Action=Publish&x=.pem",
		"https://sns.us-east-1.amazonaws.com/a.pem?x=1", "https://sns.us-east-1.amazonaws.com/a.pem?",
		"https://sns.us-east-1.amazonaws.com/a.pem#x",
		"https://sns.us-east-1.amazonaws.com/a%2epem", "https://sns.us-east-1.amazonaws.com/%3Fx=a.pem",
		"https://sns.us-east-1.amazonaws.com/../a.pem",
		"https://sns.us-east-1.amazonaws.com/a.pem\n", " https://sns.us-east-1.amazonaws.com/a.pem",
		"https://sns.us-east-1.amazonaws.com/a b.pem",
	} {
		e := notification(stop)
		e["SigningCertURL"] = bad
		d, err := read(t, p, seal(t, e))
		require.ErrorIs(t, err, provider.ErrSignature, bad)
		require.Empty(t, d, bad)
	}
	require.EqualValues(t, 3, asked.Load(), "nothing of these is fetched")
}

func TestEnvelope(t *testing.T) {
	p := newProvider(t, serve(valid(t)))
	change := func(name string, value any) []byte {
		e := notification(stop)
		e[name] = value
		return seal(t, e)
	}
	for _, bad := range [][]byte{
		nil, []byte("null"), []byte("[]"), []byte("{}"), []byte(`"x"`), []byte(stop), // raw message delivery
		change("Type", "Other"), change("Type", nil), change("Type", "notification"), change("TopicArn", nil),
		change("TopicArn", topic+"x"), change("TopicArn", strings.ToUpper(topic)), change("SignatureVersion", "3"),
		change("SignatureVersion", ""),
		change("SignatureVersion", "1"), change("SignatureVersion", 2), change("SignatureVersion", " 2"), change("Signature", ""),
		change("Signature", "!"), change("Signature", base64.StdEncoding.EncodeToString([]byte("x"))), change("Timestamp", "today"),
		change("Message", map[string]any{}), change("Subject", 7), append(seal(t, notification(stop)), '{'),
	} {
		d, err := read(t, p, bad)
		require.ErrorIs(t, err, provider.ErrSignature, "%s", bad)
		require.NotErrorIs(t, err, provider.ErrRetry)
		require.Empty(t, d)
	}
	for _, good := range [][]byte{change("Subject", nil), change("Subject", ""), change("Subject", "STOP"), change("UnsubscribeURL", "x")} {
		d, err := read(t, p, good)
		require.NoError(t, err)
		require.Equal(t, "STOP", d.Messages[0].Text)
	}
	without := change("Subject", "")
	_, err := read(t, p, bytes.Replace(without, []byte(`"Subject":"",`), nil, 1))
	require.ErrorIs(t, err, provider.ErrSignature, "a Subject that is empty is signed, and one that is missing is not")
}

func TestCertificate(t *testing.T) {
	day := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	for name, cert := range map[string][]byte{
		"not RSA":             certificate(t, curve, time.Now().AddDate(1, 0, 0)),
		"another key":         certificate(t, other, time.Now().AddDate(1, 0, 0)),
		"expired before that": certificate(t, signer(), day),
	} {
		d, err := read(t, newProvider(t, serve(cert)), seal(t, notification(stop)))
		require.ErrorIs(t, err, provider.ErrSignature, name)
		require.Empty(t, d)
	}
	_, err = read(t, newProvider(t, serve(certificate(t, signer(), day.AddDate(0, 0, 1)))), seal(t, notification(stop)))
	require.NoError(t, err, "expired since then: a late delivery")
}

// "Cannot tell now" is not "not proved": SNS delivers again only after a 5xx.
func TestCertificateThatCannotBeFetched(t *testing.T) {
	reply := func(status int, body []byte) fetcher {
		return func(*http.Request) (*http.Response, error) { return answer(status, body) }
	}
	garbled := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte("x")})
	for name, transport := range map[string]fetcher{
		"no network": func(*http.Request) (*http.Response, error) { return nil, errors.New("no network") },
		"404":        reply(http.StatusNotFound, nil),
		"204":        reply(http.StatusNoContent, nil),
		"not PEM":    reply(http.StatusOK, []byte("<html>")),
		"garbled":    reply(http.StatusOK, garbled),
		"too large":  reply(http.StatusOK, append(valid(t), bytes.Repeat([]byte("\n"), 64<<10)...)),
		"redirect": func(r *http.Request) (*http.Response, error) {
			require.Equal(t, "sns.us-east-1.amazonaws.com", r.URL.Host, "no redirect is followed")
			response, err := answer(http.StatusFound, nil)
			response.Header.Set("Location", "https://evil.example/a.pem")
			return response, err
		},
	} {
		follow := func(*http.Request, []*http.Request) error { return nil }
		d, err := read(t, newProvider(t, &http.Client{Transport: transport, CheckRedirect: follow}), seal(t, notification(stop)))
		require.ErrorIs(t, err, provider.ErrRetry, name)
		require.NotErrorIs(t, err, provider.ErrSignature, name)
		require.Empty(t, d)
	}
}

func TestSlowCertificateServer(t *testing.T) {
	p := newProvider(t, &http.Client{Transport: fetcher(func(r *http.Request) (*http.Response, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})})
	body := seal(t, notification(stop))
	asked := casetest.NewRequest(t, http.MethodPost, "https://example.com/aws", body)
	ctx, cancel := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	for range 16 { // more than are fetched at a time
		waiting.Go(func() {
			_, err := p.Read(asked.WithContext(ctx), body)
			if !errors.Is(err, provider.ErrRetry) {
				t.Errorf("not ErrRetry: %v", err)
			}
		})
	}
	cancel()
	waiting.Wait()
}

func TestCertificatesAreCached(t *testing.T) {
	var asked atomic.Int32
	cert, down := valid(t), atomic.Bool{}
	p := newProvider(t, &http.Client{Transport: fetcher(func(*http.Request) (*http.Response, error) {
		asked.Add(1)
		if down.Load() {
			return nil, errors.New("no network")
		}
		return answer(http.StatusOK, cert)
	})})
	body := seal(t, notification(stop))
	down.Store(true)
	_, err := read(t, p, body)
	require.ErrorIs(t, err, provider.ErrRetry)
	down.Store(false)
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			if _, err := p.Read(casetest.NewRequest(t, http.MethodPost, "https://example.com/aws", body), body); err != nil {
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	require.LessOrEqual(t, asked.Load(), int32(5), "a failure, and as many as are fetched at a time")
	before := asked.Load()
	for i := range 100 { // many others: each is fetched, and memory stays bounded
		e := notification(stop)
		e["SigningCertURL"] = fmt.Sprintf("https://sns.us-east-1.amazonaws.com/a%d.pem", i)
		_, err := read(t, p, seal(t, e))
		require.NoError(t, err)
	}
	require.Equal(t, before+100, asked.Load())
}

func TestSubscription(t *testing.T) {
	const subscribeURL = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription&Token=t1&TopicArn=" + topic
	cert, confirmed, status := valid(t), 0, http.StatusServiceUnavailable
	p := newProvider(t, &http.Client{Transport: fetcher(func(r *http.Request) (*http.Response, error) {
		if r.URL.String() != subscribeURL {
			return answer(http.StatusOK, cert)
		}
		if confirmed++; confirmed == 1 {
			return nil, errors.New("no network")
		}
		return answer(status, []byte("<ConfirmSubscriptionResponse/>"))
	})})
	envelope := func(kind, address string) map[string]any {
		e := notification("You have chosen to subscribe to the topic.")
		e["Type"], e["SubscribeURL"], e["Token"] = kind, address, "t1"
		return e
	}
	d, err := read(t, p, seal(t, envelope("SubscriptionConfirmation", subscribeURL)))
	require.NoError(t, err)
	require.Equal(t, subscribeURL, d.Handshake.ConfirmURL)
	require.Zero(t, confirmed, "Read does not confirm")
	err = d.Handshake.Confirm(t.Context())
	require.ErrorContains(t, err, "no network")
	require.NotContains(t, err.Error(), "Token", "the token confirms a subscription")
	require.EqualError(t, d.Handshake.Confirm(t.Context()), "awssns: SNS answered with status 503")
	status = http.StatusOK
	require.NoError(t, d.Handshake.Confirm(t.Context()))

	for _, bad := range []string{
		"", "https://evil.example/", "http://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription",
		"https://sns.us-east-1.amazonaws.com@evil.example/", "https://sns.us-east-1.amazonaws.com.evil.example/",
	} {
		d, err := read(t, p, seal(t, envelope("SubscriptionConfirmation", bad)))
		require.ErrorIs(t, err, provider.ErrSignature, bad)
		require.Empty(t, d)
	}
	changed := envelope("SubscriptionConfirmation", subscribeURL)
	_ = seal(t, changed)
	changed["Token"] = "t2"
	_, err = read(t, p, seal(t, changed))
	require.ErrorIs(t, err, provider.ErrSignature, "SubscribeURL and Token are signed")

	d, err = read(t, p, seal(t, envelope("UnsubscribeConfirmation", subscribeURL)))
	require.NoError(t, err)
	require.NotNil(t, d.Handshake, "the host is told")
	require.Nil(t, d.Handshake.Confirm, "and nobody subscribes again")
	require.Empty(t, d.Handshake.ConfirmURL)
}

// A subscription that could not be confirmed is asked for again.
func TestHandlerConfirms(t *testing.T) {
	cert, fail := valid(t), true
	client := &http.Client{Transport: fetcher(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, ".pem") {
			return answer(http.StatusOK, cert)
		}
		if fail {
			return answer(http.StatusForbidden, nil)
		}
		return answer(http.StatusOK, nil)
	})}
	guard, err := optout.New(memstore.New(), nil)
	require.NoError(t, err)
	h := provider.Handler(guard, newProvider(t, client), &provider.Options{Account: provider.OneAccount("acme")})
	e := notification("subscribe")
	e["Type"], e["Token"] = "SubscriptionConfirmation", "t1"
	e["SubscribeURL"] = "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription"
	body := seal(t, e)
	require.Equal(t, http.StatusServiceUnavailable, post(t, h, body))
	fail = false
	require.Equal(t, http.StatusOK, post(t, h, body))
	require.Equal(t, http.StatusOK, post(t, h, seal(t, notification(stop))))
}

func TestMessage(t *testing.T) {
	p := newProvider(t, serve(valid(t)))
	for _, bad := range []string{"", "Hello world", "null", "[]", "{}", `{"originationNumber":7}`, `{"messageBody":"STOP"}`, `{"detail":7}`} {
		d, err := read(t, p, seal(t, notification(bad)))
		require.ErrorIs(t, err, provider.ErrMalformed, bad)
		require.Empty(t, d)
	}
	for text, want := range map[string]bool{
		"STOP": true, " stop now": true, "Opt-Out": true, "HELP?": true, "STOPPING": false, "please stop": false, "OPT OUT": false, "": false,
		"START": false, "TDx": false, "ARRÊT": false,
	} {
		d, err := read(t, p, seal(t, notification(strings.Replace(stop, "STOP", text, 1))))
		require.NoError(t, err)
		require.Equal(t, want, d.Messages[0].AnsweredByDefault, text)
	}
	for text, want := range map[string]bool{"STOP": true, "UNSTOP": true, "CANCEL": false, "STOP now": false} {
		d, err := read(t, p, seal(t, notification(strings.NewReplacer("STOP", text, "+14155550199", "+18885550199").Replace(stop))))
		require.NoError(t, err)
		require.Equal(t, want, d.Messages[0].AnsweredByDefault, "toll-free: "+text)
	}
	p, err := awssns.New(awssns.Config{Topics: []string{topic}, Client: serve(valid(t)), AnsweredWords: []string{}})
	require.NoError(t, err)
	d, err := read(t, p, seal(t, notification(stop)))
	require.NoError(t, err)
	require.False(t, d.Messages[0].AnsweredByDefault, "self-managed opt-outs")
}

func TestEvents(t *testing.T) {
	p := newProvider(t, serve(valid(t)))
	for event, want := range map[string]provider.Kind{
		"TEXT_BLOCKED": provider.KindBlocked, "TEXT_CARRIER_BLOCKED": provider.KindBlocked, "MEDIA_BLOCKED": provider.KindBlocked,
		"TEXT_PROTECT_BLOCKED": provider.KindBlocked, "TEXT_INVALID": provider.KindInvalidNumber, "TEXT_SPAM": provider.KindFiltered,
		"TEXT_UNREACHABLE": provider.KindUnreachable, "TEXT_CARRIER_UNREACHABLE": provider.KindUnreachable,
		"TEXT_TTL_EXPIRED": provider.KindUnreachable, "TEXT_INVALID_MESSAGE": provider.KindNone, "TEXT_UNKNOWN": provider.KindNone,
		"TEXT_SOMETHING_NEW": provider.KindNone,
	} {
		inner := fmt.Sprintf(`{"eventType":%q,"eventTimestamp":1686975103470,"messageId":"o1",
			"originationPhoneNumber":"12345","destinationPhoneNumber":"+14155550101"}`, event)
		for _, message := range []string{inner, `{"detail-type":"Text Message Delivery Status Updated","detail":` + inner + `}`} {
			d, err := read(t, p, seal(t, notification(message)))
			require.NoError(t, err)
			require.Len(t, d.Reports, 1, event)
			r := d.Reports[0]
			require.Equal(t, want, r.Kind, event)
			require.Equal(t, event, r.Code)
			require.Equal(t, []string{"o1", "+14155550101", "12345"}, []string{r.ID, r.Number, r.Sender})
			require.EqualValues(t, 1686975103470, r.At.UnixMilli())
		}
	}
	for _, event := range []string{"TEXT_DELIVERED", "TEXT_SENT", "TEXT_QUEUED", "TEXT_PENDING", "RCS_READ", "VOICE_FAILED", "REGISTRATION"} {
		d, err := read(t, p, seal(t, notification(`{"eventType":"`+event+`"}`)))
		require.NoError(t, err)
		require.Empty(t, d, event)
	}
}

// conflict looks like *types.ConflictException of AWS's SDK for Go.
type conflict struct {
	Message *string
	Reason  string
}

func (c *conflict) Error() string     { return "ConflictException: " + c.Reason }
func (c *conflict) ErrorCode() string { return "ConflictException" }

func TestRefusal(t *testing.T) {
	p := newProvider(t, serve(nil))
	for body, want := range map[string]provider.Report{
		`{"__type":"ConflictException","Reason":"DESTINATION_PHONE_NUMBER_OPTED_OUT"}`: {
			Kind: provider.KindOptedOut, Scope: provider.ScopeList, Code: "DESTINATION_PHONE_NUMBER_OPTED_OUT",
		},
		`{"__type":"ConflictException","Reason":"DESTINATION_PHONE_NUMBER_NOT_VERIFIED"}`: {Code: "DESTINATION_PHONE_NUMBER_NOT_VERIFIED"},
		`{"__type":"a.b#ThrottlingException:http://x#y"}`:                                 {Code: "ThrottlingException"},
		`<html>`: {Code: "InternalServerException"},
	} {
		r, ok := p.Refusal(provider.Refused{
			Header: http.Header{"X-Amzn-Errortype": {"InternalServerException:http://x"}}, Body: []byte(body), To: "+14155550101",
		})
		want.Number = "+14155550101"
		require.Equal(t, want, r, body)
		require.Equal(t, want.Kind != provider.KindNone, ok)
	}
	err := provider.SendError(p, provider.Refused{
		Err: fmt.Errorf("operation error: %w", &conflict{Reason: "DESTINATION_PHONE_NUMBER_OPTED_OUT"}), To: "+14155550101",
	})
	var refused *optout.RefusedError
	require.ErrorAs(t, err, &refused)
	require.True(t, refused.OptedOut, "an error of AWS's SDK, without the body")
	_, ok := p.Refusal(provider.Refused{Err: &conflict{Reason: "RESOURCE_NOT_ACTIVE"}})
	require.False(t, ok)
}

func post(t *testing.T, h http.Handler, body []byte) int {
	t.Helper()
	r := casetest.NewRequest(t, http.MethodPost, "https://example.com/aws", body)
	r.Header.Set("Content-Type", "text/plain; charset=UTF-8")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code
}
