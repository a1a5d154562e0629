// Command pat administers DataHub Personal Access Tokens.
package main

import (
	"os"

	"github.com/datahub-pat/pat/internal/cli"
	"github.com/datahub-pat/pat/internal/term"
)

func main() { os.Exit(cli.Main(os.Args[1:], term.System())) }
