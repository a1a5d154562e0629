package transport_test

import (
	"io"
	"net/http"
	"testing"
	"time"
)

// TestServerTime shows that the date of an answer is the server's time, also
// when a cache has kept the answer for a while.
func TestServerTime(t *testing.T) {
	said := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		date, age string
		want      time.Time
	}{
		{said.Format(http.TimeFormat), "", said},
		{said.Format(http.TimeFormat), "90", said.Add(90 * time.Second)},
		{said.Format(http.TimeFormat), "-5", said},
		{said.Format(http.TimeFormat), "99999999999999999999", said.Add((1<<31 - 1) * time.Second)},
		{"yesterday", "5", time.Time{}},
		{"", "", time.Time{}},
	}
	for _, tt := range tests {
		server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Date"] = nil
			if tt.date != "" {
				w.Header().Set("Date", tt.date)
			}
			if tt.age != "" {
				w.Header().Set("Age", tt.age)
			}
			io.WriteString(w, answer)
		})
		got, err := open(t, server.URL).Get(t.Context(), server.URL)
		if err != nil || !got.Date.Equal(tt.want) {
			t.Errorf("%q, %q: %s, %v", tt.date, tt.age, got.Date, err)
		}
	}
}
