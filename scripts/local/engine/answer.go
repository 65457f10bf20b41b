package engine

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"
)

// errEnded means that the process ended before it answered; most likely another one has its port.
var errEnded = errors.New("it ended before it answered")

// answers waits until something speaks HTTP at endpoint, ctx is over, or ended is closed. An answer
// counts only from a process that is still there, or it could be that of the port's other taker.
func answers(ctx context.Context, endpoint string, ended <-chan struct{}) error {
	for {
		err := knock(ctx, endpoint)
		select {
		case <-ended:
			return errEnded
		default:
		}
		if err == nil {
			return nil
		}
		select {
		case <-ended:
			return errEnded
		case <-ctx.Done():
			return fmt.Errorf("no answer: %w", err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func knock(ctx context.Context, endpoint string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, endpoint+"/", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	return response.Body.Close()
}

func freePort() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	port := listener.Addr().(*net.TCPAddr).Port
	return strconv.Itoa(port), listener.Close()
}
