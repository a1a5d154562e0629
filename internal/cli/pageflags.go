package cli

import "github.com/spf13/pflag"

// valueWords are what help calls the values of flags where their type says
// little.
var valueWords = map[string]string{
	"name": "NAME", "description": "TEXT", "duration": "DURATION", "actor": "USER", "owner": "USER", "user": "USER", "as": "USER",
	"service-account": "ACCOUNT", "to": "DESTINATION", "min-left": "LENGTH", "expiring-within": "LENGTH", "superseded-for": "LENGTH",
	"created-before": "TIME", "created-after": "TIME", "ends-before": "TIME", "sort": "ORDER", "server": "URL", "frontend": "URL",
	"token-file": "FILE", "ca-cert": "FILE", "client-cert": "FILE", "client-key": "FILE", "data": "FILE", "profile": "NAME",
	"output": "FORMAT", "jq": "QUERY", "template": "TEMPLATE", "color": "WHEN", "username": "NAME", "token-command": "COMMAND",
	"header": "HEADER", "secret-name": "NAME", "namespace": "NAME", "token-key": "KEY", "url-key": "KEY", "release": "RELEASE",
	"auth": "on|off", "fault": "FAULT", "base-path": "PATH", "allowed-durations": "DURATIONS", "policy": "FILE", "fail-on": "SEVERITY",
}

// valueOf is what help calls the value of a flag; empty for one that takes none.
func valueOf(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "bool":
		return ""
	case "int":
		return "N"
	case "duration":
		return "TIME"
	}
	if f.Name == "listen" || f.Name == "frontend" && f.DefValue != "" {
		return "ADDRESS"
	}
	if word, ok := valueWords[f.Name]; ok {
		return word
	}
	return "TEXT"
}
