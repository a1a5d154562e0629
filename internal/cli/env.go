package cli

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/datahub-pat/pat/internal/failure"
	"github.com/datahub-pat/pat/internal/handover"
	"github.com/datahub-pat/pat/internal/render"
)

// kubernetesFlags are of no use to another format.
var kubernetesFlags = []string{"secret-name", "namespace", "token-key", "url-key"}

// gitHubFile is the variable that names the environment file of a job's step.
const gitHubFile = "GITHUB_ENV"

type envOptions struct {
	word       string // the format as given
	format     handover.Format
	show       bool
	kubernetes handover.KubernetesSecret
}

func newEnv(w *world) *cobra.Command {
	o := &envOptions{kubernetes: handover.NewKubernetesSecret()}
	cmd := &cobra.Command{
		Use:   "env [NAME] -o FORMAT",
		Short: "Print the server and a token in a form that another program reads",
		Long: `Print the address of the server and a token in a form that another program reads:
of the token called NAME, which is kept in the keyring, and its own server;
without NAME, of the pair in use. Use it where ` + "`pat exec`" + ` does not fit. On a
terminal the token is shown only with --show. The formats:

  sh, fish, powershell   to be evaluated by a shell
  dotenv                 a .env file
  header                 the request headers, for curl -H @FILE
  recipe                 the sink of an ingestion recipe; the token stays in the
                         environment, as ${DATAHUB_GMS_TOKEN}
  github                 adds the variables to the environment of the later steps of
                         a GitHub Actions job, and prints only the command that
                         hides the token in the log
  json                   an object with server and accessToken
  kubernetes             the manifest of a Secret`,
		Example: `  vars=$(pat env ci -o sh) && eval "$vars"
  pat env ci -o fish | source
  pat env ci -o powershell | Out-String | Invoke-Expression
  curl -H @<(pat env ci -o header) https://datahub.example.com/api/gms/config
  pat env ci -o kubernetes --namespace etl | kubectl apply --server-side -f -`,
		GroupID:     groupPrograms,
		Annotations: seeAlso("exec", "secret", "formatting").prints("env"),
		SuggestFor:  []string{"export"},
		Args:        takes(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := o.check(cmd, w, args); err != nil {
				return err
			}
			return runEnv(cmd.Context(), w, strings.Join(args, ""), o)
		},
	}
	o.bind(cmd)
	return cmd
}

func (o *envOptions) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVarP(&o.word, "output", "o", "", "format: "+handover.FormatList())
	f.BoolVar(&o.show, "show", false, "print the token on a terminal too")
	f.StringVar(&o.kubernetes.Name, "secret-name", o.kubernetes.Name, "with kubernetes: name of the Secret")
	f.StringVar(&o.kubernetes.Namespace, "namespace", "", "with kubernetes: namespace of the Secret (default: none, kubectl's own)")
	f.StringVar(&o.kubernetes.TokenKey, "token-key", o.kubernetes.TokenKey, "with kubernetes: key of the token in the Secret")
	f.StringVar(&o.kubernetes.URLKey, "url-key", o.kubernetes.URLKey, "with kubernetes: key of the server's address in the Secret")
}

// check reads the options, before anything is asked of anybody.
func (o *envOptions) check(cmd *cobra.Command, w *world, args []string) (err error) {
	if len(args) > 0 && args[0] == "" {
		return failure.New(failure.Usage, "the name of the token is empty").WithHint("leave it away to use the pair in use")
	}
	if o.format, err = handover.ParseFormat(o.word); err != nil {
		return err
	}
	for _, name := range kubernetesFlags {
		if cmd.Flags().Changed(name) && o.format != handover.Kubernetes {
			return failure.New(failure.Usage, "--%s goes with -o kubernetes", name)
		}
	}
	if o.format == handover.JSON {
		w.global.output = string(render.JSON)
	}
	if o.format.HoldsSecret() && w.StdoutIsTerminal() && !o.show {
		return failure.New(failure.Usage, "the token would be shown on the terminal").WithHint("pass it on, or add --show")
	}
	if file, _ := w.Env(gitHubFile); file == "" && o.format == handover.GitHub {
		return failure.New(failure.Usage, "%s is not set: this is no step of a GitHub Actions job", gitHubFile).
			WithHint("use another format, or `pat exec`")
	}
	return o.kubernetes.Check()
}

func runEnv(ctx context.Context, w *world, name string, o *envOptions) error {
	ctx, cancel := w.withDeadline(ctx)
	defer cancel()
	out, err := w.output()
	if err != nil {
		return err
	}
	h, err := w.handOver(ctx, name, o.format)
	if err != nil {
		return err
	}
	switch o.format {
	case handover.JSON:
		record, err := h.Record()
		if err != nil {
			return err
		}
		return render.WriteObject(w.Stdout(), out, record)
	case handover.GitHub:
		return w.handToGitHub(h)
	}
	text, err := h.Text(o.format, o.kubernetes)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w.Stdout(), text)
	return err
}

// handToGitHub adds the pair to the environment of a job's later steps, after
// the runner was told to hide the token.
func (w *world) handToGitHub(h handover.Handover) error {
	mask, err := h.Mask()
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintln(w.Stdout(), mask); err != nil {
		return err
	}
	file, _ := w.Env(gitHubFile)
	return h.AppendGitHub(file)
}
