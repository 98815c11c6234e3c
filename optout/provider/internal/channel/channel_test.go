package channel_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-f10031e4/consent/optout/provider/internal/channel"
)

func TestAddress(t *testing.T) {
	for _, c := range []struct{ channel, raw, want string }{
		{"", "6591234567", "6591234567"},
		{"SMS", "6591234567", "6591234567"},
		{"whatsapp", "US.1234", "US.1234"},
		{"VIBERBM", "6591234567", "6591234567"},
		{"TELEGRAM", "6591234567", "telegram:6591234567"},
		{"messenger", "7746490198930851", "messenger:7746490198930851"},
		{"messenger", "messenger:7746490198930851", "messenger:7746490198930851"},
		{"telegram", "+6591234567", "+6591234567"},
		{"telegram", "", ""},
	} {
		require.Equal(t, c.want, channel.Address(c.channel, c.raw))
	}
}
