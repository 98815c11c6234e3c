package provider_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout"
	"github.com/seed-f10031e4/consent/optout/provider"
)

func TestAMessageInJSONIsReadBack(t *testing.T) {
	want := provider.Message{
		Message: optout.Message{ID: "SM1\xff", Account: "acme", From: "+14155550123", Text: "Stop\xa0", At: time.Unix(1_767_614_400, 0).UTC()},
		Part:    provider.Part{Ref: "7", Number: 1, Of: 2}, Media: 1, Channel: "sms", Service: "\xfe", ReplyTo: "SM0",
	}
	data, err := json.Marshal(provider.Delivery{Messages: []provider.Message{want, {}}})
	require.NoError(t, err)
	var read provider.Delivery
	require.NoError(t, json.Unmarshal(data, &read))
	require.Equal(t, []provider.Message{want, {}}, read.Messages)

	for _, broken := range []string{`{"media":"1"}`, `{"at":1}`, `{"service_b64":"?"}`, `[]`, "null"} {
		message := want
		_ = json.Unmarshal([]byte(broken), &message)
		require.Zero(t, message, broken)
	}
}
