package doctor

import (
	"slices"
	"strings"

	"github.com/datahub-pat/pat/internal/datahubenv"
	"github.com/datahub-pat/pat/internal/session"
)

// ofInterest are the variables that say which server and which credential are
// used, by pat or by DataHub's own client.
var ofInterest = []string{
	"PAT_PROFILE", "PAT_TOKEN_FILE", "PAT_TO", "PAT_DURATION",
	"DATAHUB_GMS_URL", "DATAHUB_GMS_HOST", "DATAHUB_GMS_PORT", "DATAHUB_GMS_PROTOCOL", "DATAHUB_GMS_BASE_PATH", "DATAHUB_GMS_TOKEN",
	"DATAHUB_CLIENT_CERT_PATH", "DATAHUB_CLIENT_KEY_PATH", "DATAHUB_URL", "DATAHUB_TOKEN",
	"DATAHUB_AUTH_TYPE", "DATAHUB_SKIP_CONFIG", "DATAHUB_SYSTEM_CLIENT_ID", "DATAHUB_SYSTEM_CLIENT_SECRET",
}

// variables is what the environment says, and where pat and DataHub's own client
// understand it differently.
func (e *examination) variables(pair session.Pair, resolving error) Finding {
	look := func(name string) string { return env(e.Sources.Env, name) }
	var set []string
	for _, name := range ofInterest {
		if look(name) != "" {
			set = append(set, name)
		}
	}
	if len(set) == 0 {
		return fine("", "none of pat's or of DataHub's own client's is set")
	}
	f := fine(strings.Join(set, ","), "set: %s", strings.Join(set, ", "))
	if pair.Hidden != "" && resolving == nil {
		f = f.but(pair.ServerSource+" is used, not the current profile "+pair.Hidden,
			"unset what names the server, or give --profile "+pair.Hidden)
	}
	for _, rule := range []func(Finding, func(string) string) Finding{
		e.lonelyToken, e.dressedToken, e.unreadFile, lonelyHost, unreadNames, otherAuthentication, clusterPort, e.systemClient,
	} {
		f = rule(f, look)
	}
	return f
}

// namesServer says whether the environment names a server, as DataHub's own
// client has it.
func namesServer(look func(string) string) bool {
	return slices.ContainsFunc([]string{"DATAHUB_GMS_URL", "DATAHUB_GMS_HOST", "DATAHUB_GMS_PORT"}, func(name string) bool { return look(name) != "" })
}

// lonelyToken is a token of which nobody said where it may go.
func (e *examination) lonelyToken(f Finding, look func(string) string) Finding {
	if look("DATAHUB_GMS_TOKEN") == "" || namesServer(look) {
		return f
	}
	return f.but("DATAHUB_GMS_TOKEN without DATAHUB_GMS_URL: `datahub` ignores it and uses the token in "+datahubenv.Shown,
		"set DATAHUB_GMS_URL to the token's server, or unset DATAHUB_GMS_TOKEN")
}

// dressedToken is a token with something around it that pat takes away.
func (e *examination) dressedToken(f Finding, look func(string) string) Finding {
	const name = "DATAHUB_GMS_TOKEN"
	scheme, _, _ := strings.Cut(look(name), " ")
	if e.Sources.Env == nil || look(name) == "" {
		return f
	}
	if asItIs, _ := e.Sources.Env(name); asItIs == look(name) && !strings.EqualFold(scheme, "bearer") {
		return f
	}
	return f.but(name+" has `Bearer`, spaces or a line break around the token: pat takes them away, `datahub` sends them along",
		"put the token there and nothing else")
}

// lonelyHost is a host that `datahub` takes for a whole address.
func lonelyHost(f Finding, look func(string) string) Finding {
	if host := look("DATAHUB_GMS_HOST"); host == "" || strings.Contains(host, "://") || look("DATAHUB_GMS_PORT")+look("DATAHUB_GMS_URL") != "" {
		return f
	}
	return f.but("DATAHUB_GMS_HOST without DATAHUB_GMS_PORT: `datahub` takes it for a whole address, with http:// or https://",
		"set DATAHUB_GMS_URL instead")
}

// unreadNames are what other programs call these things.
func unreadNames(f Finding, look func(string) string) Finding {
	for _, pair := range [][2]string{{"DATAHUB_URL", "DATAHUB_GMS_URL"}, {"DATAHUB_TOKEN", "DATAHUB_GMS_TOKEN"}} {
		if look(pair[0]) != "" {
			f = f.but(pair[0]+": neither pat nor `datahub` reads it", "the name is "+pair[1])
		}
	}
	return f
}

// unreadFile is a server in the environment that keeps `datahub` from reading
// its file, and so from the token there.
func (e *examination) unreadFile(f Finding, look func(string) string) Finding {
	if !namesServer(look) || look("DATAHUB_GMS_TOKEN") != "" || e.Sources.Home == "" {
		return f
	}
	file, there, err := datahubenv.Read(datahubenv.Path(e.Sources.Home))
	if err != nil || !there || file.Token == "" {
		return f
	}
	return f.but("they name a server and no token: `datahub` does not read "+datahubenv.Shown+" then, and has none",
		"set DATAHUB_GMS_TOKEN too, or unset DATAHUB_GMS_URL")
}

// otherAuthentication is a way to sign in that only DataHub's own client has.
func otherAuthentication(f Finding, look func(string) string) Finding {
	if look("DATAHUB_AUTH_TYPE") == "" {
		return f
	}
	return f.but("DATAHUB_AUTH_TYPE: `datahub` gets a credential that way and ignores the token, pat uses the token",
		"unset it where `datahub` is to use the token")
}

// clusterPort is what Kubernetes sets for a service called datahub-gms.
func clusterPort(f Finding, look func(string) string) Finding {
	if !strings.HasPrefix(look("DATAHUB_GMS_PORT"), "tcp://") {
		return f
	}
	return f.but("DATAHUB_GMS_PORT is what Kubernetes sets for a service of that name, not a port: pat ignores it, `datahub` fails on it",
		"set enableServiceLinks: false in the pod")
}

// systemClient is a credential that is used only where it is asked for.
func (e *examination) systemClient(f Finding, look func(string) string) Finding {
	if look("DATAHUB_SYSTEM_CLIENT_SECRET") == "" || e.Sources.Flags.SystemClient {
		return f
	}
	return f.and("DATAHUB_SYSTEM_CLIENT_ID and _SECRET are used only with --system-client")
}
