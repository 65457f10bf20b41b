package customer

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// earlier is how long before its end a token is not used any more, or half its life if that is
// shorter.
const earlier = time.Minute

// fetchToken trades an OAuth client's credentials for an access token. ServiceNow says 401 to ones it
// does not know, OAuth's own error codes come with 400.
func (c *Client) fetchToken(ctx context.Context, with credential) (grant, error) {
	form := url.Values{
		"grant_type": {"client_credentials"}, "client_id": {with.ClientID}, "client_secret": {with.ClientSecret},
	}
	asked := time.Now()
	answer, err := c.send(ctx, http.MethodPost, c.base+"/oauth_token.do", "application/x-www-form-urlencoded", "", []byte(form.Encode()))
	if err != nil {
		return grant{}, fmt.Errorf("token: %w", err)
	}
	switch answer.status {
	case http.StatusOK:
	case http.StatusBadRequest, http.StatusUnauthorized:
		return grant{}, errRefused
	default:
		return grant{}, fmt.Errorf("token: the CRM answers with status %d", answer.status)
	}
	var token struct {
		Access string      `json:"access_token"`
		Lives  json.Number `json:"expires_in"` // seconds
	}
	if err := json.Unmarshal(answer.body, &token); err != nil || token.Access == "" {
		return grant{}, errors.New("token: the CRM's answer is no token")
	}
	seconds, _ := token.Lives.Int64() // absent or odd: the token is not kept
	lives := time.Duration(seconds) * time.Second
	return grant{header: "Bearer " + token.Access, until: asked.Add(lives - min(earlier, lives/2))}, nil
}
