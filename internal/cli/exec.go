package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/failure"
)

func newExec(w *world) *cobra.Command {
	mint := &mintOptions{}
	cmd := &cobra.Command{
		Use:                   "exec [NAME | --mint] -- COMMAND [ARGUMENT]...",
		DisableFlagsInUseLine: true,

		Short: "Run a command with the server and a token in its environment",
		Long: `Run a command with DATAHUB_GMS_URL and DATAHUB_GMS_TOKEN in its environment: of
the token called NAME, which is kept in the keyring, and its own server; without
NAME, of the pair in use. The address is one that DataHub's Python client takes.

Certificates go along in the variables that programs read: REQUESTS_CA_BUNDLE,
CURL_CA_BUNDLE and SSL_CERT_FILE, which hold for every server that the command
talks to, DATAHUB_CLIENT_CERT_PATH and DATAHUB_CLIENT_KEY_PATH. All other
variables by which the command would find another server or credential are
removed.

With --mint a token is issued for this run alone, and revoked when the command
ends, however it does; should pat be killed, ` + "`pat recover`" + ` revokes it. Its name and
description say who runs which command where, without the arguments.

The command takes pat's place, so that signals, the terminal and the exit code
are its own. With --mint pat stays: it passes signals on, and ends with the
command's exit code, or 128 and the number of its signal. Where pat itself fails the exit code is 125, where the command
cannot be run 126, and where there is none 127.

Use it for whatever needs a token: no file and no argument holds it.`,
		Example: `  pat exec -- datahub ingest -c recipe.yml
  pat exec --mint --duration ONE_DAY -- datahub ingest -c recipe.yml
  pat exec ci -- sh -c 'echo "Authorization: Bearer $DATAHUB_GMS_TOKEN" | curl -H @- "$DATAHUB_GMS_URL/config"'`,
		GroupID:     groupPrograms,
		Annotations: seeAlso("env", "secret", "recover", "environment", "exit-codes"),
		SuggestFor:  []string{"run"},
		Args: func(cmd *cobra.Command, args []string) error {
			err := checkExec(cmd, args)
			if err == nil {
				err = mint.check(cmd)
			}
			return ownFailure(err)
		},
		PersistentPreRunE: func(cmd *cobra.Command, args []string) error {
			return ownFailure(cmd.Root().PersistentPreRunE(cmd, args))
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if mint.wanted {
				return ownFailure(runMint(cmd.Context(), w, mint, args))
			}
			name := ""
			if cmd.ArgsLenAtDash() == 1 {
				name = args[0]
			}
			return ownFailure(runExec(cmd.Context(), w, name, args[cmd.ArgsLenAtDash():]))
		},
	}
	mint.bind(cmd)
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return ownFailure(wrongUsage(cmd, err)) })
	return cmd
}

// checkExec refuses arguments of which it is not clear what is the command.
func checkExec(cmd *cobra.Command, args []string) error {
	dash := cmd.ArgsLenAtDash()
	switch {
	case dash < 0:
		return failure.New(failure.Usage, "`%s` needs a -- before the command to run", cmd.CommandPath()).WithHint("usage: %s", cmd.UseLine())
	case dash > 1:
		return failure.New(failure.Usage, "`%s` takes one name before the --, not %q too", cmd.CommandPath(), args[1]).WithHint("usage: %s", cmd.UseLine())
	case dash == 1 && args[0] == "":
		return failure.New(failure.Usage, "the name of the token is empty").WithHint("leave it away to use the pair in use")
	case dash == len(args):
		return failure.New(failure.Usage, "`%s` needs a command to run", cmd.CommandPath()).WithHint("usage: %s", cmd.UseLine())
	}
	return nil
}

func runExec(ctx context.Context, w *world, name string, command []string) error {
	limited, cancel := w.withDeadline(ctx)
	defer cancel()
	program, err := findProgram(command[0])
	if err != nil {
		return err
	}
	h, err := w.handOver(limited, name, "")
	if err != nil {
		return err
	}
	env, err := h.Environment(w.Environ())
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	w.close()
	return w.become(program, command, env)
}

// findProgram is the file of a command. Only one that PATH leads to is taken, or
// one given with its folder: what lies in the current folder by chance gets no
// token.
func findProgram(name string) (string, error) {
	file, err := exec.LookPath(name)
	switch {
	case err == nil:
		return file, nil
	case errors.Is(err, exec.ErrDot):
		return "", noProgram(name, err, "it is in the current folder, which is not searched: name it as "+filepath.Join(".", name))
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, exec.ErrNotFound) && !liesInPath(name):
		return "", noProgram(name, err, "check the name and PATH")
	}
	return "", cannotRun(name, err)
}

// liesInPath says whether PATH leads to a file of that name, which then is one
// that cannot be run.
func liesInPath(name string) bool {
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		if info, err := os.Stat(filepath.Join(folder, name)); name != "" && err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

func noProgram(name string, cause error, hint string) error {
	told := &failure.Error{Kind: failure.NotFound, Message: fmt.Sprintf("there is no command %q", name), Hint: hint, Err: cause}
	return &withCode{codeNoProgram, told}
}

// cannotRun is a program that is there.
func cannotRun(name string, cause error) error {
	told := &failure.Error{Kind: failure.Other, Message: fmt.Sprintf("cannot run %q", name), Err: cause}
	var number syscall.Errno
	switch {
	case errors.Is(cause, exec.ErrNotFound), errors.Is(cause, fs.ErrPermission):
		told.Message += ": it is not executable"
	case errors.As(cause, &number):
		told.Message += ": " + number.Error()
		told.Hint = "a script needs a first line that names its interpreter, such as #!/bin/sh"
	}
	return &withCode{codeCannotRun, told}
}
