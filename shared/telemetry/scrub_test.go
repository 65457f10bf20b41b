package telemetry_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"roster/shared/account"
	"roster/shared/id"
	"roster/shared/org"
	"roster/shared/telemetry"
)

func TestScrub(t *testing.T) {
	t.Parallel()
	token := org.NewLink(org.ID(acme), org.MemberID(someone)).Token()
	for _, c := range []struct{ name, in, want string }{
		{"nothing to hide", "store: met another transaction", "store: met another transaction"},
		{"an address", "no mailbox ann@example.com here", "no mailbox <address> here"},
		{"an address with a name", `Ann <Ann.O'Neil+x@example.com>`, `Ann <<address>>`},
		{"a quoted address", `"email":"ann@example.com"`, `"email":"<address>"`},
		{"an address in a key", "item {EMAIL#ann@bücher.example ACCOUNT}", "item {<address> ACCOUNT}"},
		{"an address in a URL", `Get "https://h/v2/addresses/ann%40example.com": EOF`, `Get "https://h/v2/addresses/<address>": EOF`},
		{"an address after a slash", "to/ann@v.example", "to/<address>"},
		{"many at once", "ann@a.example,bob@b.example;c@d", "<address>,<address>;<address>"},
		{"a link's token", "token=" + token, "token=<secret>"},
		{"a token of three parts", "Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6IjEyMyJ9abcdefgh.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIn0x.x", "Bearer <secret>.<secret>.x"},
		{"a UUID", "org " + acme, "org " + acme},
		{"a request id of DynamoDB", "RequestID: 7V4KQ2LD3J5GQ8H1M0N6P9R2S4T6V8W0X2Y4Z6A8B0C2D4E6F8G0", "RequestID: 7V4KQ2LD3J5GQ8H1M0N6P9R2S4T6V8W0X2Y4Z6A8B0C2D4E6F8G0"},
		{"a hash in hexadecimal", strings.Repeat("0a", 32), strings.Repeat("0a", 32)},
		{"a stack trace", "\tgithub.com/aws/aws-sdk-go-v2/service/dynamodb@v1.73.1/api_op_TransactWriteItems.go:12 +0x1d", "\tgithub.com/aws/aws-sdk-go-v2/service/dynamodb@v1.73.1/api_op_TransactWriteItems.go:12 +0x1d"},
		{"nothing at all", "", ""},
	} {
		if got := telemetry.Scrub(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSecretsAreTakenOut(t *testing.T) {
	t.Parallel()
	missed := 0
	for range 2000 {
		s := id.NewSecret()
		for _, text := range []string{string(s.Hash()), org.Link{Org: acme, Member: someone, Secret: s}.Token()} {
			if strings.Contains(telemetry.Scrub("x "+text+" y"), text) {
				missed++
			}
		}
	}
	if missed > 20 { // 256 bits in base64url have no digit once in 1,500 times
		t.Errorf("%d of 4000 were missed", missed)
	}
}

func TestNoAttributeOfALineIsForgotten(t *testing.T) {
	const address = "ann@example.com"
	log := logged(t, func(ctx context.Context) {
		slog.With("with", address).WithGroup("g").ErrorContext(ctx, "to "+address,
			"text", address, "typed", account.Address(address), "error", errors.New(address), "list", []string{address},
			"struct", struct{ Email string }{address}, slog.Group("group", "inner", address), "number", 7)
	})
	if strings.Contains(log, "ann") || strings.Count(log, "<address>")+strings.Count(log, `\u003caddress\u003e`) != 8 || !strings.Contains(log, `"number":7`) {
		t.Error(log)
	}
}
