package sanitize_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/datahub-pat/pat/internal/sanitize"
)

func encode(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

const claims = `{"actorType":"USER","actorId":"jdoe","type":"PERSONAL","version":"2"}`

func jwt(header string) string {
	return encode(header) + "." + encode(claims) + "." + encode("not really a signature!!!")
}

func TestLooksLikeJWT(t *testing.T) {
	token := jwt(`{"alg":"HS256"}`)
	none := encode(`{"alg":"none"}`) + "." + encode(claims) + "."
	for _, s := range []string{
		token, none, "Bearer " + token, "bearer\t" + token, `"` + token + `"`, "  " + token + "\r\n",
		"Authorization: Bearer " + token, "TOKEN=" + token, "x.y." + token, "prefix" + token,
		jwt(`{ "typ" : "JWT", "alg" : "HS256" }`), jwt("{\n\"alg\":\"RS256\"}"), jwt("{\t\"alg\":\"RS256\"}"),
		token[:len(token)-10], token[:40], token[:30] + "\n" + token[30:], token[:30] + "  \\n"[:2] + token[30:],
		token + "." + encode("four") + "." + encode("five"), base64.URLEncoding.EncodeToString([]byte(`{"alg":"HS256"}`)) + ".x.y",
	} {
		if !sanitize.LooksLikeJWT(s) {
			t.Errorf("not recognised: %q", s)
		}
	}
	for _, s := range []string{
		"", ".", "..", "a.b.c", "ci", "eyJ", "urn:li:corpuser:jdoe", "https://x.example.com/api.v2/e1.e2",
		"3f786850e387550fdab836ed7e6dc881de23001b", encode(`{"alg":"HS256"}`), encode(claims) + "." + encode(claims) + ".x",
		encode(`{"alg":null}`) + ".b.c", encode(`["alg"]`) + ".b.c", encode(`{"alg"`) + ".b.c", encode("null") + ".b.c",
	} {
		if sanitize.LooksLikeJWT(s) {
			t.Errorf("taken for a JWT: %q", s)
		}
	}
}

func TestMessageRemovesSecrets(t *testing.T) {
	token := jwt(`{"alg":"HS256"}`)
	for name, c := range map[string]struct{ in, want string }{
		"alone":       {token, "[secret removed]"},
		"in a header": {"bad header Authorization: Bearer " + token + ", sorry", "bad header Authorization: Bearer [secret removed], sorry"},
		"two":         {token + " and " + token, "[secret removed] and [secret removed]"},
		"in JSON":     {`{"accessToken":"` + token + `"}`, `{"accessToken":"[secret removed]"}`},
		"glued":       {"got\x01" + token + "\x1b", "got^A[secret removed]^["},
		"no end":      {"token " + token[:len(token)-3], "token [secret removed]"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := sanitize.Message(c.in); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestMessageIsOneLineOfBearableLength(t *testing.T) {
	if got := sanitize.Message("\n  Unauthorized to \x1b[2Jperform\nthis  \n"); got != "Unauthorized to ^[[2Jperform^Jthis" {
		t.Errorf("got %q", got)
	}
	exact := strings.Repeat("ü", 500)
	if got := sanitize.Message(exact); got != exact {
		t.Errorf("500 characters came out as %d", utf8.RuneCountInString(got))
	}
	if got := sanitize.Message(exact + "x"); got != exact+"…" {
		t.Errorf("501 characters came out as %d", utf8.RuneCountInString(got))
	}
	page := strings.Repeat("<html>", 1<<20)
	if got := sanitize.Message(page); utf8.RuneCountInString(got) != 501 || !strings.HasSuffix(got, "…") {
		t.Errorf("a page came out as %d characters", utf8.RuneCountInString(got))
	}
}

func TestMessageHidesATokenThatIsCutOff(t *testing.T) {
	token := jwt(`{"alg":"HS256"}`)
	long := token + strings.Repeat("A", 32<<10)
	if got := sanitize.Message("token: " + long); got != "token: [secret removed]…" {
		t.Errorf("got %q", got)
	}
	for pad := range 16 {
		got := sanitize.Message(strings.Repeat(" .", 230+pad) + token)
		if strings.Contains(got, encode(claims)[:12]) {
			t.Errorf("claims in %q", got)
		}
	}
}

func FuzzMessage(f *testing.F) {
	token := jwt(`{"alg":"HS256"}`)
	for _, s := range corpus {
		f.Add(s, "")
		f.Add(s, s)
	}
	f.Add(strings.Repeat("ey", 4000), "e1.")
	f.Add("{", "eyJ")
	f.Fuzz(func(t *testing.T, before, after string) {
		if len(before) > 400 {
			return
		}
		got := sanitize.Message(before + token + after)
		checkSafe(t, "Message", before+after, got, "")
		if strings.Contains(got, encode(claims)) {
			t.Errorf("the token shows in %q", got)
		}
	})
}
