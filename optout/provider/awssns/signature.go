package awssns

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // a signature of version 1 is RSA with SHA-1
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/seed-f10031e4/consent/optout/provider/internal/wire"
)

// The types of an envelope.
const (
	typeNotification = "Notification"
	typeSubscribe    = "SubscriptionConfirmation"
	typeUnsubscribe  = "UnsubscribeConfirmation"
)

// envelope is what SNS posts. The names match without case: Lambda spells SigningCertUrl.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
type envelope struct {
	Type      string  `json:"Type"`
	MessageID string  `json:"MessageId"`
	TopicArn  string  `json:"TopicArn"`
	Subject   *string `json:"Subject"` // null is not signed
	Message   string  `json:"Message"`
	Timestamp string  `json:"Timestamp"`

	SubscribeURL string `json:"SubscribeURL"` // of a confirmation
	Token        string `json:"Token"`        // of a confirmation

	SignatureVersion string `json:"SignatureVersion"`
	Signature        string `json:"Signature"`
	SigningCertURL   string `json:"SigningCertURL"`
}

// open reads an envelope and checks its signature. No text of a request that is not proved
// gets out: a body that is no envelope has no signature either.
// https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html
func (p *Provider) open(ctx context.Context, body []byte) (*envelope, error) {
	var e *envelope
	if json.Unmarshal(body, &e) != nil || e == nil {
		return nil, wire.Unproved("no message of SNS; raw message delivery is not signed")
	}
	signed := e.signed()
	if signed == "" {
		return nil, wire.Unproved("no Type of SNS")
	}
	if !slices.Contains(p.topics, e.TopicArn) {
		return nil, wire.Unproved("TopicArn is not in Config.Topics")
	}
	signature, err := base64.StdEncoding.DecodeString(e.Signature)
	if err != nil || len(signature) == 0 {
		return nil, wire.Unproved("no Signature")
	}
	hash, sum := e.digest(signed)
	if hash == 0 {
		return nil, wire.Unproved("SignatureVersion is not 1 or 2")
	}
	at := e.at()
	if at.IsZero() {
		return nil, wire.Unproved("Timestamp is no time")
	}
	cert, err := p.certificate(ctx, e.SigningCertURL)
	if err != nil {
		return nil, err
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, wire.Unproved("the certificate has no RSA key")
	}
	if rsa.VerifyPKCS1v15(key, hash, sum, signature) != nil {
		return nil, wire.Unproved("Signature does not fit")
	}
	if at.After(cert.NotAfter) { // a key that leaked cannot sign what is newer
		return nil, wire.Unproved("the certificate expired before the Timestamp")
	}
	return e, nil
}

// signed returns the text that is signed, or "" for a type that is not known: each field
// that is there, by name.
func (e *envelope) signed() string {
	var b strings.Builder
	write := func(name, value string) { b.WriteString(name + "\n" + value + "\n") }
	switch e.Type {
	case typeNotification:
		write("Message", e.Message)
		write("MessageId", e.MessageID)
		if e.Subject != nil {
			write("Subject", *e.Subject)
		}
	case typeSubscribe, typeUnsubscribe:
		write("Message", e.Message)
		write("MessageId", e.MessageID)
		write("SubscribeURL", e.SubscribeURL)
	default:
		return ""
	}
	write("Timestamp", e.Timestamp)
	if e.Type != typeNotification {
		write("Token", e.Token)
	}
	write("TopicArn", e.TopicArn)
	write("Type", e.Type)
	return b.String()
}

// digest returns the hash of a version of the signature, or 0 if there is no such version.
func (e *envelope) digest(signed string) (crypto.Hash, []byte) {
	switch e.SignatureVersion {
	case "1":
		sum := sha1.Sum([]byte(signed)) //nolint:gosec // a topic has version 1 by default
		return crypto.SHA1, sum[:]
	case "2":
		sum := sha256.Sum256([]byte(signed))
		return crypto.SHA256, sum[:]
	default:
		return 0, nil
	}
}

func (e *envelope) at() time.Time { return wire.Time(e.Timestamp, time.RFC3339) }
