// Package browser holds the portal to what people do with it: its tests drive Chromium through every
// step, on the local cloud, as both roles, and look at each page for what keeps people out. They are
// skipped where there is no Chromium.
package browser
