// Package awsconfig makes the one AWS configuration that a function's clients share: literal, from
// Lambda's environment, because loading it the general way costs a millisecond of every start
// (AWS.md), with a retryer whose backoff starts at 25 ms instead of a second.
package awsconfig

import (
	"context"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go/middleware"

	"roster/shared/setting"
)

// The patience of a call to AWS: how often it is tried, and how long one try may take.
const (
	attempts    = 4
	tryTimeout  = 3 * time.Second
	dialTimeout = time.Second
)

// New returns the configuration for the service whose endpoint may be set by the SDKs' standard
// variable AWS_ENDPOINT_URL_<service>; unset, it is AWS's own.
func New(service string) aws.Config {
	cfg := aws.Config{
		Region:      setting.Text("AWS_REGION"),
		Credentials: aws.CredentialsProviderFunc(credentials),
		HTTPClient:  client(),
		Retryer:     retryer,
		APIOptions:  []func(*middleware.Stack) error{counting},
	}
	if endpoint := os.Getenv("AWS_ENDPOINT_URL_" + service); endpoint != "" {
		cfg.BaseEndpoint = &endpoint
	}
	return cfg
}

// credentials are the execution role's, which Lambda sets for the life of the process.
func credentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{
		AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
		SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
		SessionToken:    os.Getenv("AWS_SESSION_TOKEN"),
		Source:          "environment",
	}, nil
}

func client() *http.Client {
	return &http.Client{
		Timeout: tryTimeout,
		Transport: clocked{&http.Transport{
			DialContext:         (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext,
			TLSHandshakeTimeout: dialTimeout,
			MaxIdleConnsPerHost: 32,
			IdleConnTimeout:     90 * time.Second,
		}},
	}
}

func retryer() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = attempts
		o.RateLimiter = ratelimit.None
		o.Backoff = retry.BackoffDelayerFunc(func(try int, _ error) (time.Duration, error) {
			return Jitter(max(try-1, 0)), nil // it counts from 1
		})
	})
}

// Jitter is how long to wait before a call is repeated for the try-th time, from 0: any time up to
// 25 ms, doubling with each try up to 400 ms, so that those who collided part.
func Jitter(try int) time.Duration {
	const first, most = 25 * time.Millisecond, 400 * time.Millisecond
	return rand.N(min(first<<min(try, 8), most)) + time.Millisecond
}
