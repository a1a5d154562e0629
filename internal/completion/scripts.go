package completion

import _ "embed" // the scripts

// The scripts of the shells for which pat has its own: they let the shell
// evaluate nothing of what stands on the command line.
var (
	//go:embed scripts/pat.bash
	bashScript string
	//go:embed scripts/pat.zsh
	zshScript string
	//go:embed scripts/pat.fish
	fishScript string
)

// Bash is the script for bash, from 3.2 on. It needs nothing else.
func Bash() string { return bashScript }

// Zsh is the script for zsh.
func Zsh() string { return zshScript }

// Fish is the script for fish.
func Fish() string { return fishScript }
