package ses

import (
	"context"
	"sync"
	"time"
)

const (
	deliveries = 3 // how often an event is tried, as an asynchronous invocation is
	hearing    = 10 * time.Second
)

// A post hands on events one after the other, in the order in which they came. The zero value is
// ready.
type post struct {
	mu      sync.Mutex
	waiting [][]byte
	busy    bool
	closed  bool
}

// report has events handed on, behind the back of who sent the mail.
func (s *Server) report(events ...[]byte) {
	p := &s.post
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.Publish == nil || p.closed || len(events) == 0 {
		return
	}
	p.waiting = append(p.waiting, events...)
	if !p.busy {
		p.busy = true
		go s.deliverReports()
	}
}

func (s *Server) deliverReports() {
	for event, more := s.post.next(); more; event, more = s.post.next() {
		for range deliveries {
			if s.publish(event) == nil {
				break
			}
		}
	}
}

func (s *Server) publish(event []byte) error {
	ctx, cancel := context.WithTimeout(context.Background(), hearing)
	defer cancel()
	_, err := s.Publish(ctx, event)
	return err
}

func (p *post) next() (event []byte, more bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.busy = len(p.waiting) > 0; !p.busy {
		return nil, false
	}
	event, p.waiting = p.waiting[0], p.waiting[1:]
	return event, true
}

// Settled waits until everything that became of the mails so far was handed on. The error is ctx's.
func (s *Server) Settled(ctx context.Context) error {
	for s.post.isBusy() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Millisecond):
		}
	}
	return nil
}

func (p *post) isBusy() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.busy
}

// Close forgets the events that still wait, and takes no more.
func (s *Server) Close() {
	s.post.mu.Lock()
	defer s.post.mu.Unlock()
	s.post.closed, s.post.waiting = true, nil
}
