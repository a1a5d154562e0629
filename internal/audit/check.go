package audit

// Check is something that is looked for.
type Check string

// The checks, those of the gravest matter first.
const (
	ActorGone     Check = "actor-missing"
	ActorLocked   Check = "actor-suspended"
	NeverExpires  Check = "never-expires"
	LivesTooLong  Check = "lives-too-long"
	NotRotated    Check = "not-rotated"
	ForAnother    Check = "for-another"
	LeftoverName  Check = "leftover-name"
	DuplicateName Check = "duplicate-name"
	ExpiredListed Check = "expired"
	ActorUntold   Check = "actor-unknown"
	ExceptionOver Check = "exception-over"
)

// explanation is what people are told about a check.
type explanation struct {
	check          Check
	title, why, do string
}

var explanations = []explanation{
	{ActorGone, "Represents nobody",
		"DataHub knows no user of that name: they were removed, or never were there. Releases before 0.15 let such a token in all the same; it would come back to life for whoever gets the name next.",
		"Revoke it."},
	{ActorLocked, "Represents a suspended user",
		"The user may not sign in any more. Releases before 0.15 let the token in all the same, and it works again when the suspension ends.",
		"Revoke it, unless the user comes back."},
	{NeverExpires, "Never expires",
		"A token without an end works until somebody revokes it, also after it has leaked and been forgotten.",
		"Have its owner replace it by one that ends: pat rotate ID --duration THREE_MONTHS."},
	{LivesTooLong, "Lives too long",
		"The longer a token lives, the longer a leaked one is of use.",
		"Have its owner replace it by a shorter one, and renew that by a schedule: pat rotate ID --duration ONE_MONTH."},
	{NotRotated, "Not rotated",
		"The token is old, and there is no newer one with its name, actor and owner that could take its place.",
		"Have its owner replace it: pat rotate ID."},
	{ForAnother, "Made for somebody else",
		"Whoever created it saw the secret, and can act as the other person. The other person sees it in no list, and cannot revoke it.",
		"Have the person create their own, or use a service account; then revoke it."},
	{LeftoverName, "Left over by a tool",
		"It is named as tools name tokens that they make by themselves, and that nobody revokes when the tool is done with them.",
		"Ask the owner whether the tool is still in use; else revoke it."},
	{DuplicateName, "Name used twice",
		"Several active tokens of one actor have the same name, so that nobody can tell which one is in use.",
		"Find out which is in use, and revoke the others: pat list --all --superseded-for 1d."},
	{ExpiredListed, "Expired, still listed",
		"It works no more. DataHub never removes it from the list by itself.",
		"Tidy up: pat audit --expired -o id | pat revoke - --yes --max N."},
	{ActorUntold, "Actor not verified",
		"The server does not tell whether whom it represents is still there.",
		"Look the user up in DataHub."},
	{ExceptionOver, "Exception has ended",
		"An exception in the policy is past its date, so that it allows nothing any more.",
		"Renew it with a new date, or remove it from the policy."},
}

// Checks are all checks, those of the gravest matter first.
func Checks() []Check {
	checks := make([]Check, len(explanations))
	for i, e := range explanations {
		checks[i] = e.check
	}
	return checks
}

func (c Check) explained() explanation {
	return explanations[c.rank()]
}

// rank is the check's place among all.
func (c Check) rank() int {
	for i, e := range explanations {
		if e.check == c {
			return i
		}
	}
	return len(explanations) - 1
}

// known reports whether there is such a check.
func (c Check) known() bool { return c.explained().check == c }

// Title is the check in a few words, for people.
func (c Check) Title() string { return c.explained().title }

// Why is why it matters.
func (c Check) Why() string { return c.explained().why }

// Do is what to do about it.
func (c Check) Do() string { return c.explained().do }

// hasLimit reports whether the check compares with a length of time.
func (c Check) hasLimit() bool { return c == LivesTooLong || c == NotRotated }
