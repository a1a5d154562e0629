package report_test

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/datahub-pat/pat/internal/audit"
)

// browser is a Chromium without a window, in a folder of its own, which reaches
// nobody.
type browser struct {
	t       *testing.T
	program string
}

// openBrowser skips the test where there is no Chromium.
func openBrowser(t *testing.T) browser {
	t.Helper()
	if testing.Short() {
		t.Skip("a browser takes seconds to start")
	}
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if program, err := exec.LookPath(name); err == nil {
			return browser{t, program}
		}
	}
	t.Skip("there is no Chromium to look at the page with")
	return browser{}
}

// run opens a page and returns what the browser writes, and what it complains of.
func (b browser) run(page string, flags ...string) (out, complaints string) {
	b.t.Helper()
	folder := b.t.TempDir()
	file := filepath.Join(folder, "page.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		b.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.t.Context(), 2*time.Minute)
	defer cancel()
	flags = append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + filepath.Join(folder, "profile"),
		"--hide-scrollbars", "--force-device-scale-factor=1", "--enable-logging=stderr", "--v=0",
	}, flags...)
	cmd := exec.CommandContext(ctx, b.program, append(flags, "file://"+filepath.ToSlash(file))...)
	cmd.WaitDelay = 10 * time.Second
	cmd.Env = append(os.Environ(), "HOME="+folder, "XDG_CONFIG_HOME="+folder, "XDG_CACHE_HOME="+folder)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		b.t.Fatalf("%v\n%s", err, stderr.String())
	}
	for line := range strings.Lines(stderr.String()) {
		if strings.Contains(line, "CONSOLE") {
			complaints += line
		}
	}
	return stdout.String(), complaints
}

// picture is what one sees of the page in a window of that size.
func (b browser) picture(page string, size string, flags ...string) image.Image {
	b.t.Helper()
	file := filepath.Join(b.t.TempDir(), "page.png")
	b.run(page, append(flags, "--window-size="+size, "--screenshot="+file)...)
	data, err := os.ReadFile(file)
	if err != nil {
		b.t.Fatal(err)
	}
	shown, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		b.t.Fatal(err)
	}
	return shown
}

// A browser shows the hostile names as they are, runs nothing, and has nothing
// to complain of: the page's own rules let its style in.
func TestBrowserReadsThePage(t *testing.T) {
	b := openBrowser(t)
	dom, complaints := b.run(page(t, hostileAudit(t)), "--dump-dom")
	if complaints != "" {
		t.Errorf("it complains: %s", complaints)
	}
	for _, want := range []string{
		"<title>Access token audit, 22 November 2026, 12:00 UTC</title>", "&lt;script&gt;document.title='PWNED'&lt;/script&gt;", "^[]0;P^G",
		`\u{202e}x`, "DataHub does not record it",
	} {
		if !strings.Contains(dom, want) {
			t.Errorf("the browser does not show %q", want)
		}
	}
	for _, bad := range []string{"<script", "<img"} {
		if strings.Contains(dom, bad) {
			t.Errorf("there is an element %s", bad)
		}
	}
}

// It is light or dark as the reader has it, and fits a window and a telephone.
func TestBrowserShowsThePage(t *testing.T) {
	b := openBrowser(t)
	text := page(t, auditOf(t, "", audit.Everybody, append(tokens(40), hostileAudit(t).Sources[0].Tokens...)...))
	cases := []struct {
		size  string
		flags []string
		paper uint8 // the red of the page's background
	}{
		{"1200,1400", nil, 0xf4}, {"500,3000", nil, 0xf4},
		{"1200,1400", []string{"--force-dark-mode", "--blink-settings=preferredColorScheme=0"}, 0x0e},
	}
	for _, c := range cases {
		shown := b.picture(text, c.size, c.flags...)
		colours := map[uint32]bool{}
		width, height := shown.Bounds().Dx(), shown.Bounds().Dy()
		for y := range height {
			// What sticks out to the right would be seen at the edge.
			if red, _, _, _ := shown.At(width-2, y).RGBA(); uint8(red>>8) != c.paper {
				t.Errorf("%s %v: at the edge, in line %d, the red is %#x, want %#x", c.size, c.flags, y, red>>8, c.paper)
				break
			}
			red, green, blue, _ := shown.At(width/3, y).RGBA()
			colours[red>>8<<16|green>>8<<8|blue>>8] = true
		}
		if len(colours) < 8 {
			t.Errorf("%s %v: there are %d colours in it", c.size, c.flags, len(colours))
		}
	}
}
