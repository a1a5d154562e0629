package sanitize

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// maxHeader is the longest JWT header, in characters, that is looked into.
// DataHub's has 20.
const maxHeader = 4096

// LooksLikeJWT tells whether s holds a JSON Web Token, alone, behind "Bearer ",
// in quotes, broken over lines by a copy and paste, or in the middle of other
// text. A token counts that lost its end: the header and the start of the claims
// are enough.
func LooksLikeJWT(s string) bool {
	if start, _ := findJWT(s); start >= 0 {
		return true
	}
	joined := strings.Join(strings.Fields(s), "")
	start, _ := findJWT(joined)
	return start >= 0
}

// findJWT is where the first JWT in s starts and ends; -1 where there is none.
func findJWT(s string) (start, end int) {
	for i := 0; i < len(s); {
		if !jwtByte(s[i]) {
			i++
			continue
		}
		end := i
		for end < len(s) && jwtByte(s[end]) {
			end++
		}
		if at := jwtStart(s[i:end]); at >= 0 {
			return i + at, end
		}
		i = end
	}
	return -1, -1
}

// jwtByte tells whether c may stand in a JWT: base64url, dots and padding.
func jwtByte(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return c == '-' || c == '_' || c == '.' || c == '='
}

// jwtStart is where in a run of such characters a JWT starts, -1 for nowhere.
// Anything may stand glued before it, as in TOKEN=eyJ….
func jwtStart(run string) int {
	for from := 0; ; {
		dot := strings.IndexByte(run[from:], '.')
		if dot < 0 || from+dot+1 == len(run) {
			return -1
		}
		if at := headerStart(run[from : from+dot]); at >= 0 {
			return from + at
		}
		from += dot + 1
	}
}

// headerStart is where in part a JOSE header starts that reaches to its end,
// -1 for nowhere.
func headerStart(part string) int {
	part = strings.TrimRight(part, "=")
	for i := max(0, len(part)-maxHeader); i+1 < len(part); i++ {
		// 'e' and one of these are the base64 of a brace.
		if part[i] == 'e' && strings.IndexByte("wxyz0123", part[i+1]) >= 0 && isHeader(part[i:]) {
			return i
		}
	}
	return -1
}

// isHeader tells whether part is the base64url of a JSON object that names an
// algorithm.
func isHeader(part string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return false
	}
	var header struct {
		Alg *json.RawMessage `json:"alg"`
	}
	return json.Unmarshal(raw, &header) == nil && header.Alg != nil
}
