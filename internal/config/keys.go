package config

// Key is a key of a profile, for help.
type Key struct{ Name, Summary string }

// Keys are the keys that a profile may have: those that people write, then those
// that a sign-in writes down.
func Keys() (written, noted []Key) {
	written = []Key{
		{"server", "the address of DataHub; the only one that is needed"},
		{"frontend", "the address of the web interface, where that is another"},
		{"token_file", "the file that holds the token"},
		{commandKey, "a program with its arguments that prints the token, as a list: [pass, show, datahub]"},
		{"as", "the user to act as, without a token, where the server does not check tokens"},
		{"duration", "how long new tokens last if nothing else is said"},
		{"protected", "true: have the profile's name given for what cannot be undone"},
		{"ca_cert", "a file with the certificates to trust"},
		{"client_cert", "a file with the certificate to show to the server"},
		{"client_key", "a file with that certificate's key"},
		{headersKey, "headers for each request: {NAME: VALUE}"},
	}
	noted = []Key{
		{"token", "which entry of the keyring has the token; never the token itself"},
		{"actor", "whom the token represents"},
		{endsKey, "when it ends, or " + never},
		{"endpoint", "whether server is GMS's address or the web interface's"},
		{"issued", "whether pat issued the token, and may revoke it when it is replaced"},
	}
	return written, noted
}
