package cli

import (
	"cmp"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/sanitize"
)

// occasion is when and where a command is run, and by whom.
type occasion struct {
	command, user, host string
	at                  time.Time
}

// occasionOf is the run of a command here and now. Of its words only the first
// is told, without its folder: the others may be secrets.
func (w *world) occasionOf(command string) occasion {
	o := occasion{command: filepath.Base(command), at: w.now().UTC()}
	if me, err := user.Current(); err == nil {
		o.user = me.Username[strings.LastIndexByte(me.Username, '\\')+1:]
	}
	o.host, _ = os.Hostname()
	for _, part := range []*string{&o.command, &o.user, &o.host} {
		*part = cmp.Or(sanitize.Line(*part), "unknown")
	}
	return o
}

// name is the occasion in as many characters as a token's name may have: each
// part has its share, and what one does not need is another's.
func (o occasion) name() string {
	const shortest = 8
	when := o.at.Format("2006-01-02T15:04:05Z")
	host, _, _ := strings.Cut(o.host, ".")
	left := datahub.MaxName - len(when) - len(" @ ")
	command := cut(o.command, max(shortest, left-length(o.user)-length(host)))
	left -= length(command)
	who := cut(o.user, max(shortest, left-length(host)))
	host = cut(host, left-length(who))
	return fmt.Sprintf("%s %s@%s %s", command, who, host, when)
}

// description is the occasion in whole sentences.
func (o occasion) description() string {
	const most = 100
	return fmt.Sprintf("For one run of %s by %s on %s, begun %s; pat revokes it when the command ends.",
		cut(o.command, most), cut(o.user, most), cut(o.host, most), o.at.Format(time.RFC3339))
}

func length(text string) int { return len([]rune(text)) }

// cut is the beginning of text, with at most so many characters.
func cut(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most-1]) + "…"
}
