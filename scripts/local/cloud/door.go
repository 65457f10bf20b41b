package cloud

import (
	"cmp"
	"context"
	"fmt"
	"net"
	"net/http"
	"time"
)

// farewell is how long requests under way may go on after Close.
const farewell = 2 * time.Second

// A door is an address that is taken already and answers later: everybody's address must be known
// before anybody starts.
type door struct {
	url      string
	listener net.Listener
}

// doors are the addresses of a cloud besides DynamoDB's.
type doors struct{ gateway, cognito, ses, crm, secrets door }

func (c *Cloud) open(gateway string) (d doors, err error) {
	if d.gateway, err = c.listen(cmp.Or(gateway, loopback)); err != nil {
		return d, err
	}
	for _, each := range []*door{&d.cognito, &d.ses, &d.crm, &d.secrets} {
		if *each, err = c.listen(loopback); err != nil {
			return d, err
		}
	}
	return d, nil
}

func (c *Cloud) listen(address string) (door, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return door{}, fmt.Errorf("listen on %s: %w", address, err)
	}
	c.onClose(func() { _ = l.Close() })
	return door{url: "http://" + l.Addr().String(), listener: l}, nil
}

// serve answers at d until the cloud is closed.
func (c *Cloud) serve(d door, h http.Handler) {
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(d.listener) }()
	c.onClose(func() {
		ctx, cancel := context.WithTimeout(context.Background(), farewell)
		defer cancel()
		if server.Shutdown(ctx) != nil {
			_ = server.Close()
		}
	})
}
