package httpapi

import "time"

// Session is a signed-in person's tokens on the wire.
type Session struct {
	Access    string `json:"access_token"`
	Type      string `json:"token_type"`
	ExpiresIn int    `json:"expires_in"` // seconds
	ID        string `json:"id_token"`
	Refresh   string `json:"refresh_token"`
	SessionID string `json:"session_id"` // always "": clients expect the field
	Expires   Time   `json:"expire_time"`
}

// SessionOf returns the tokens as they are shown; lives is how long the access token does, from now.
func SessionOf(access, identity, refresh string, lives time.Duration) Session {
	return Session{
		Access: access, Type: "Bearer", ExpiresIn: int(lives.Seconds()), ID: identity, Refresh: refresh,
		Expires: Time(time.Now().Add(lives)),
	}
}
