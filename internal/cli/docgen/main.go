// Command docgen writes the reference of the commands, as Markdown for people on
// the web and as manual pages, from what the commands say of themselves.
//
//	docgen reference FOLDER      one page for each command and topic, and an index
//	docgen man FOLDER [VERSION]  a manual page for each, dated SOURCE_DATE_EPOCH
//
// Both replace the pages that are in the folder. What they write depends on
// nothing but the commands, the version and that date.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/datahub-pat/pat/internal/cli"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "docgen:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "reference":
		return write(args[1], ".md", reference(cli.Pages()))
	case (len(args) == 2 || len(args) == 3) && args[0] == "man":
		date, err := releaseDate(os.Getenv("SOURCE_DATE_EPOCH"))
		if err != nil {
			return err
		}
		return write(args[1], ".1", manuals(cli.Pages(), date, strings.Join(args[2:], "")))
	}
	return fmt.Errorf("usage: docgen reference FOLDER | docgen man FOLDER [VERSION]")
}

// write makes a folder hold exactly these files, among those that end alike.
func write(folder, ending string, files map[string]string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	old, err := filepath.Glob(filepath.Join(folder, "*"+ending))
	if err != nil {
		return err
	}
	for _, file := range old {
		if _, stays := files[filepath.Base(file)]; !stays {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// fileName is what the page of a command or topic is called, without its ending.
func fileName(p cli.Page) string {
	if p.Topic {
		return "pat-help-" + p.Name
	}
	return strings.ReplaceAll(p.Name, " ", "-")
}

// linkedFile is the same for the page that a link leads to.
func linkedFile(name string) string { return strings.ReplaceAll(name, " ", "-") }

// title is what a page is called.
func title(p cli.Page) string {
	if p.Topic {
		return "pat help " + p.Name
	}
	return p.Name
}
