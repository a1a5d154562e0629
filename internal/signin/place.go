package signin

import (
	"errors"

	"github.com/datahub-pat/pat/internal/datahub"
	"github.com/datahub-pat/pat/internal/failure"
)

// Trust is how much is known of a web interface's address before a password
// goes there.
type Trust int

// How a place came to be known, from the least to the most certain.
const (
	Elsewhere Trust = iota // a host that the user did not name: only a person can confirm it
	SameHost               // the host that the user named, at another port or path
	Named                  // the user named it
)

// Place is where a web interface is.
type Place struct {
	Address datahub.Address
	Source  string // how it came to be known, for people
	Trust   Trust
}

// NamedAddress is an address that the user may have given; empty text is none.
type NamedAddress struct {
	Source string // "--frontend" and the like
	Text   string
}

// Locate finds the web interface of the DataHub at an address: where the user
// says that it is; else at the address itself, if that is one; else where the
// server says that it is; else where it usually is. The named ones come by rank.
func Locate(server datahub.Address, said datahub.Description, named ...NamedAddress) (Place, error) {
	for _, n := range named {
		if n.Text == "" {
			continue
		}
		address, err := datahub.ParseFrontend(n.Text)
		if err != nil {
			told := *failure.Of(err)
			told.Message = n.Source + ": " + told.Message
			return Place{}, &told
		}
		return Place{Address: address, Source: n.Source, Trust: Named}, nil
	}
	guess := server.GuessFrontend()
	switch {
	case said.Kind == datahub.EndpointFrontend && guess == server:
		return Place{Address: server, Source: "the address itself", Trust: Named}, nil
	case believable(server, said.Frontend):
		return Place{Address: said.Frontend, Source: "the server says so", Trust: nearness(server, said.Frontend)}, nil
	case said.Kind == datahub.EndpointGMS && guess == server:
		return Place{}, unknown(server)
	}
	return Place{Address: guess, Source: "derived from " + server.String(), Trust: nearness(server, guess)}, nil
}

// ErrUnknown is in the chain of the failure to tell where a web interface is.
var ErrUnknown = errors.New("the web interface's address is unknown")

func unknown(server datahub.Address) error {
	told := failure.New(failure.Usage, "where the web interface of %s is cannot be told from its address", server).
		WithHint("name it with --frontend URL, or in DATAHUB_FRONTEND_URL")
	told.Err = ErrUnknown
	return told
}

// believable reports whether a server can mean what it says of its web
// interface: one that nobody told where that is says "on this machine".
func believable(server, frontend datahub.Address) bool {
	return frontend != datahub.Address{} && (server.IsLoopback() || !frontend.IsLoopback())
}

// nearness is how far an address that nobody named is from the one that was.
func nearness(server, frontend datahub.Address) Trust {
	switch {
	case frontend == server:
		return Named
	case frontend.SameHost(server), frontend.IsLoopback() && server.IsLoopback():
		return SameHost
	}
	return Elsewhere
}
