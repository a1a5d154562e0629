package mockhub_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/datahub-pat/pat/internal/mockhub"
)

const (
	datahubURN = "urn:li:corpuser:datahub"
	jdoeURN    = "urn:li:corpuser:jdoe"
	noprivURN  = "urn:li:corpuser:nopriv"
	hour       = time.Hour
	day        = 24 * hour
	noon       = 1788264000000 // the fixed clock, in milliseconds
)

const (
	meDoc       = `{ me { corpUser { urn } } }`
	metadataDoc = `query($token: String!) { getAccessTokenMetadata(token: $token) { id name } }`
	durationDoc = `mutation($input: CreateAccessTokenInput!) { createAccessToken(input: $input) { metadata { createdAt expiresAt } } }`
	accountDoc  = `mutation($input: CreateServiceAccountInput!) { createServiceAccount(input: $input) { urn type name displayName description createdBy createdAt } }`
	getAccount  = `query($urn: String!) { getServiceAccount(urn: $urn) { urn type name displayName description createdBy createdAt updatedAt } }`
	listAccount = `query($input: ListServiceAccountsInput!) { listServiceAccounts(input: $input) { start count total serviceAccounts { name displayName } } }`
)

// cases is what the hub must do, fact by fact.
var cases = []conformance{
	// --- 0: the version matrix

	{source: "0", name: "getAccessTokenMetadata is new in 0.13", until: "0.13",
		ask:  asking("datahub", `{ getAccessTokenMetadata(token: "x") { id } }`, nil),
		want: []check{invalid("Validation error (FieldUndefined@[getAccessTokenMetadata]) : Field 'getAccessTokenMetadata' in type 'Query' is undefined")}},
	{source: "0", name: "service accounts are new in 1.4", until: "1.4",
		ask:  asking("datahub", `mutation { createServiceAccount(input: {}) { urn } }`, nil),
		want: []check{invalid("Validation error (FieldUndefined@[createServiceAccount]) : Field 'createServiceAccount' in type 'Mutation' is undefined")}},
	{source: "0", name: "SERVICE_ACCOUNT as a variable before 1.4", until: "1.4",
		ask: asking("datahub", createDoc, vars{"input": vars{"type": "SERVICE_ACCOUNT", "actorUrn": jdoeURN, "name": "n", "duration": "ONE_HOUR"}}),
		want: []check{invalid("Variable 'input' has an invalid value: Invalid input for enum 'AccessTokenType'. " +
			"No value found for name 'SERVICE_ACCOUNT'")}},
	{source: "0", name: "owner is new in 1.4", until: "1.4",
		ask:  asking("datahub", `{ listAccessTokens(input: {start: 0, count: 1}) { tokens { owner { urn } } } }`, nil),
		want: []check{invalid("Validation error (FieldUndefined@[listAccessTokens/tokens/owner]) : Field 'owner' in type 'AccessTokenMetadata' is undefined")}},
	{source: "0", name: "owner is the user who made the token", since: "1.4",
		ask: func(s *scene) reply {
			return s.token("jdoe", "t", hour).as("datahub").ask(`{ listAccessTokens(input: {start: 0, count: 1}) { tokens { owner { urn username properties { displayName } } } } }`, nil)
		},
		want: []check{ok, holds("John Doe", "listAccessTokens", "tokens", 0, "owner", "properties", "displayName")}},
	{source: "0", name: "a filter has value before 1.6", until: "1.6",
		ask: func(s *scene) reply {
			return s.token("jdoe", "t", hour).as("datahub").ask(listDoc, page(0, 9, vars{"field": "name", "value": "t"}))
		},
		want: []check{names("t")}},
	{source: "0", name: "a filter has no value from 1.6", since: "1.6",
		ask: asking("datahub", listDoc, page(0, 9, vars{"field": "name", "value": "t"})),
		want: []check{invalid("The variables input contains a field name 'value' that is not defined for input object type 'FacetFilterInput' "),
			bodyHas(`"errors":[{"message":"The variables input`, `","extensions":{`)}},
	{source: "0", name: "start and count must be sent before 1.2", until: "1.2",
		ask:  asking("datahub", listDoc, vars{"input": vars{}}),
		want: []check{fails(500, "An unknown error occurred."), dataIs("null")}},
	{source: "0; 2.3", name: "start and count have defaults from 1.2", since: "1.2", options: mockhub.Options{Tokens: 30},
		ask:  asking("datahub", listDoc, vars{"input": vars{}}),
		want: []check{ok, holds(0.0, "listAccessTokens", "start"), holds(20.0, "listAccessTokens", "count"), total(30)}},
	{source: "0; 2.2", name: "ONE_WEEK fails before 1.3", until: "1.3",
		ask:  asking("jdoe", createDoc, createInput("jdoe", "t", "ONE_WEEK")),
		want: []check{failsInside("Unrecognized access token duration ONE_WEEK provided"), dataIs(`{"createAccessToken":null}`)}},
	{source: "0; 2.2", name: "ONE_WEEK is seven days from 1.3", since: "1.3",
		ask:  asking("jdoe", durationDoc, createInput("jdoe", "t", "ONE_WEEK")),
		want: []check{ok, holds(noon+604800000.0, "createAccessToken", "metadata", "expiresAt")}},
	{source: "0", name: "durationIso is the newest's", until: "newest",
		ask: asking("jdoe", createDoc, vars{"input": vars{"type": "PERSONAL", "actorUrn": jdoeURN, "name": "t", "durationIso": "PT1H"}}),
		want: []check{invalid("The variables input contains a field name 'durationIso' that is not defined for input object type " +
			"'CreateAccessTokenInput' ")}},
	{source: "0", name: "EXISTS is new in 0.11", until: "0.11",
		ask:  asking("datahub", listDoc, page(0, 9, vars{"field": "name", "condition": "EXISTS"})),
		want: []check{invalid("Variable 'input' has an invalid value: Invalid input for enum 'FilterOperator'. No value found for name 'EXISTS'")}},
	{source: "0", name: "EXISTS finds what has an end", since: "0.13",
		ask: func(s *scene) reply {
			s.token("jdoe", "ends", hour).token("jdoe", "never", 0)
			return s.as("datahub").ask(listDoc, page(0, 9, vars{"field": "expiresAt", "condition": "EXISTS"}))
		},
		want: []check{names("ends")}},
	{source: "0", name: "ranges are new in 0.12", until: "0.12",
		ask:  asking("datahub", listDoc, page(0, 9, vars{"field": "expiresAt", "values": []string{"1"}, "condition": "GREATER_THAN"})),
		want: []check{invalid("Variable 'input' has an invalid value: Invalid input for enum 'FilterOperator'. No value found for name 'GREATER_THAN'")}},
	{source: "0", name: "ranges find nothing in 0.12", since: "0.12", until: "0.13",
		ask: func(s *scene) reply {
			return s.token("jdoe", "t", hour).as("datahub").ask(listDoc, page(0, 9, vars{"field": "expiresAt", "values": []string{"1"}, "condition": "GREATER_THAN"}))
		},
		want: []check{names(), total(0)}},
	{source: "0; 2.4", name: "ranges are right from 0.13 and leave out what never ends", since: "0.13",
		ask: func(s *scene) reply {
			s.token("jdoe", "hour", hour).token("jdoe", "day", day).token("jdoe", "month", 30*day).token("jdoe", "never", 0)
			return s.as("datahub").ask(listDoc, page(0, 9,
				vars{"field": "expiresAt", "values": []string{fmt.Sprint(noon + hour.Milliseconds())}, "condition": "GREATER_THAN"},
				vars{"field": "expiresAt", "values": []string{fmt.Sprint(noon + (30 * day).Milliseconds())}, "condition": "LESS_THAN_OR_EQUAL_TO"}))
		},
		want: []check{names("month", "day")}},
	{source: "0", name: "a filter on the urn finds nothing in 0.10.0", until: "0.10.1",
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour)
			return s.as("datahub").ask(listDoc, page(0, 9, only("urn", "urn:li:dataHubAccessToken:"+s.id)))
		},
		want: []check{names()}},
	{source: "0", name: "a filter on the urn is right from 0.10.1", since: "0.10.1",
		ask: func(s *scene) reply {
			s.token("jdoe", "other", hour).token("jdoe", "t", hour)
			return s.as("datahub").ask(listDoc, page(0, 9, only("urn", "urn:li:dataHubAccessToken:"+s.id)))
		},
		want: []check{names("t")}},
	{source: "0", name: "filters on names are for the whole and by case",
		ask: func(s *scene) reply {
			s.token("jdoe", "Deploy", hour).token("jdoe", "deploy 2", hour).token("jdoe", "deploy", hour)
			return s.as("datahub").ask(listDoc, page(0, 9, only("name", "deploy")))
		},
		want: []check{names("deploy")}},
	{source: "0; 8", name: "the description is not searchable",
		ask: func(s *scene) reply {
			in := createInput("jdoe", "t", "ONE_HOUR")
			in["input"].(vars)["description"] = "findme"
			s.as("jdoe").ask(createDoc, in)
			return s.as("datahub").ask(listDoc, page(0, 9, only("description", "findme")))
		},
		want: []check{names(), total(0)}},
	{source: "issue #8469", name: "IN is in the schema and fails",
		ask:  asking("datahub", listDoc, page(0, 9, vars{"field": "name", "values": []string{"t"}, "condition": "IN"})),
		want: []check{failsInside("Failed to list access tokens", "Unsupported condition: IN"), dataIs("null")}},

	// --- 1: the schema

	{source: "1.1", name: "a token has type ACCESS_TOKEN and no description unless given",
		ask: func(s *scene) reply {
			return s.token("jdoe", "t", 0).as("datahub").ask(`{ listAccessTokens(input: {start: 0, count: 1}) { tokens { __typename type description expiresAt } } }`, nil)
		},
		want: []check{dataIs(`{"listAccessTokens":{"tokens":[{"__typename":"AccessTokenMetadata","type":"ACCESS_TOKEN","description":null,"expiresAt":null}]}}`)}},
	{source: "1.1", name: "duration must be given before the newest", until: "newest",
		ask: asking("jdoe", createDoc, vars{"input": vars{"type": "PERSONAL", "actorUrn": jdoeURN, "name": "t"}}),
		want: []check{invalid("Variable 'input' has an invalid value: Field 'duration' has coerced Null value for NonNull type " +
			"'AccessTokenDuration!'")}},
	{source: "1.1", name: "a token has no kind and no last use",
		ask: asking("datahub", `{ listAccessTokens(input: {start: 0, count: 1}) { tokens { id lastUsed } } }`, nil),
		want: []check{invalid("Validation error (FieldUndefined@[listAccessTokens/tokens/lastUsed]) : Field 'lastUsed' in type " +
			"'AccessTokenMetadata' is undefined")}},
	{source: "1.3", name: "the allowed durations are the newest's", until: "newest",
		ask: asking("jdoe", `{ appConfig { authConfig { allowNoExpiry } } }`, nil),
		want: []check{invalid("Validation error (FieldUndefined@[appConfig/authConfig/allowNoExpiry]) : Field 'allowNoExpiry' in type " +
			"'AuthConfig' is undefined")}},
	{source: "1.3; 1.4", name: "the newest tells its durations", since: "newest",
		ask: asking("jdoe", `{ appConfig { authConfig { tokenAuthEnabled allowNoExpiry allowedAccessTokenDurations } } }`, nil),
		want: []check{dataIs(`{"appConfig":{"authConfig":{"tokenAuthEnabled":true,"allowNoExpiry":false,` +
			`"allowedAccessTokenDurations":["PT1H","P1D","P7D","P30D","P90D","P180D","P365D"]}}}`)}},
	{source: "1.3", name: "token authentication that is off is told", options: mockhub.Options{AuthOff: true},
		ask:  asking("jdoe", `{ appConfig { authConfig { tokenAuthEnabled } } }`, nil),
		want: []check{holds(false, "appConfig", "authConfig", "tokenAuthEnabled")}},

	// --- 1.4: the newest's policy for durations

	{source: "1.4", name: "neither duration nor durationIso", since: "newest",
		ask: asking("jdoe", createDoc, vars{"input": vars{"type": "PERSONAL", "actorUrn": jdoeURN, "name": "t"}}),
		want: []check{fails(400, "Exactly one of duration or durationIso must be provided when creating an access token"),
			dataIs(`{"createAccessToken":null}`)}},
	{source: "1.4", name: "both, where the ISO one is blank", since: "newest",
		ask:  asking("jdoe", createDoc, iso("", "ONE_HOUR")),
		want: []check{fails(400, "Exactly one of duration or durationIso must be provided when creating an access token")}},
	{source: "1.4", name: "a blank ISO duration", since: "newest",
		ask:  asking("jdoe", createDoc, iso("  ", "")),
		want: []check{fails(400, "Access token duration must not be blank")}},
	{source: "1.4", name: "no ISO duration", since: "newest",
		ask:  asking("jdoe", createDoc, iso("1 day", "")),
		want: []check{fails(400, "Invalid ISO-8601 access token duration: 1 day")}},
	{source: "1.4", name: "an ISO duration of nothing", since: "newest",
		ask:  asking("jdoe", createDoc, iso("PT0S", "")),
		want: []check{fails(400, "Access token duration must be positive: PT0S")}},
	{source: "1.4", name: "an ISO duration that is not on the list", since: "newest",
		ask: asking("jdoe", createDoc, iso("P2D", "")),
		want: []check{fails(400, "Access token duration 'P2D' is not allowed. Choose a value from ACCESS_TOKEN_ALLOWED_DURATIONS "+
			"(currently: [PT1H, P1D, P7D, P30D, P90D, P180D, P365D]).")}},
	{source: "1.4", name: "an ISO duration as long as one on the list", since: "newest",
		ask:  asking("jdoe", durationDoc, iso("p1m", "")),
		want: []check{ok, holds(noon+2592000000.0, "createAccessToken", "metadata", "expiresAt")}},
	{source: "1.4", name: "a named duration that is not on the list", since: "newest", options: mockhub.Options{AllowedDurations: []string{"PT1H", "P14D"}},
		ask: asking("jdoe", createDoc, createInput("jdoe", "t", "ONE_YEAR")),
		want: []check{fails(400, "Access token duration ONE_YEAR is not allowed. Choose a value from ACCESS_TOKEN_ALLOWED_DURATIONS "+
			"(currently: [PT1H, P14D]).")}},
	{source: "1.4", name: "NO_EXPIRY on the newest", since: "newest",
		ask: asking("jdoe", createDoc, createInput("jdoe", "t", "NO_EXPIRY")),
		want: []check{fails(400, "Never-expiring access tokens (NO_EXPIRY) cannot be created because ACCESS_TOKEN_ALLOW_NO_EXPIRY is false. "+
			"Use a finite duration from ACCESS_TOKEN_ALLOWED_DURATIONS (currently: [PT1H, P1D, P7D, P30D, P90D, P180D, P365D]), or set "+
			"ACCESS_TOKEN_ALLOW_NO_EXPIRY=true to allow NO_EXPIRY. Existing never-expire tokens continue to work.")}},
	{source: "1.4", name: "NO_EXPIRY where it is allowed", options: mockhub.Options{AllowNoExpiry: true},
		ask:  asking("jdoe", durationDoc, createInput("jdoe", "t", "NO_EXPIRY")),
		want: []check{ok, holds(nil, "createAccessToken", "metadata", "expiresAt")}},

	// --- 1.6: service accounts

	{source: "1.6", name: "createServiceAccount gives the whole name, who and when", since: "1.4",
		ask: asking("datahub", accountDoc, vars{"input": vars{"displayName": "CI", "description": "for builds"}}),
		want: []check{ok, holds("CI", "createServiceAccount", "displayName"), holds("for builds", "createServiceAccount", "description"),
			holds("CORP_USER", "createServiceAccount", "type"), holds(datahubURN, "createServiceAccount", "createdBy"),
			holds(float64(noon), "createServiceAccount", "createdAt"), bodyHas(`"urn":"urn:li:corpuser:service_`, `"name":"service_`)}},
	{source: "1.6", name: "getServiceAccount gives the name without its prefix, and neither who nor when", since: "1.4",
		ask: func(s *scene) reply {
			return s.as("datahub").ask(getAccount, vars{"urn": s.account("CI")})
		},
		want: []check{ok, bodyHas(`"urn":"urn:li:corpuser:service_`), holds(nil, "getServiceAccount", "createdBy"),
			holds(nil, "getServiceAccount", "createdAt"), holds("CI", "getServiceAccount", "displayName"),
			func(_ *scene, r reply) error {
				return differ("prefixed", strings.HasPrefix(fmt.Sprint(r.at("getServiceAccount", "name")), "service_"), false)
			}}},
	{source: "1.6", name: "getServiceAccount of nobody", since: "1.4",
		ask:  asking("datahub", getAccount, vars{"urn": "urn:li:corpuser:service_none"}),
		want: []check{ok, holds(nil, "getServiceAccount")}},
	{source: "1.6", name: "getServiceAccount of a person", since: "1.4",
		ask:  asking("datahub", getAccount, vars{"urn": jdoeURN}),
		want: []check{fails(400, "The specified URN is not a service account: "+jdoeURN), dataIs(`{"getServiceAccount":null}`)}},
	{source: "1.6", name: "deleteServiceAccount of nobody", since: "1.4",
		ask:  asking("datahub", `mutation { deleteServiceAccount(urn: "urn:li:corpuser:service_none") }`, nil),
		want: []check{fails(400, "Service account not found: urn:li:corpuser:service_none"), dataIs("null")}},
	{source: "1.6", name: "deleteServiceAccount of a person", since: "1.4",
		ask:  asking("datahub", `mutation { deleteServiceAccount(urn: "urn:li:corpuser:jdoe") }`, nil),
		want: []check{fails(400, "The specified URN is not a service account: "+jdoeURN)}},
	{source: "1.6", name: "a deleted service account is gone, its tokens are listed and do not work", since: "1.4",
		ask: func(s *scene) reply {
			urn := s.account("CI")
			secret := s.accountToken(urn)
			s.as("datahub").ask(`mutation($urn: String!) { deleteServiceAccount(urn: $urn) }`, vars{"urn": urn})
			if r := with(s.t, s.Server, secret).send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`); r.status != 401 {
				s.t.Errorf("the token of a deleted account got %d", r.status)
			}
			return s.as("datahub").ask(listDoc, page(0, 9, only("actorUrn", urn)))
		},
		want: []check{names("sa"), holds(datahubURN, "listAccessTokens", "tokens", 0, "ownerUrn")}},
	{source: "1.6", name: "a token of a service account acts as it", since: "1.4",
		ask: func(s *scene) reply {
			return with(s.t, s.Server, s.accountToken(s.account("CI"))).ask(meDoc, nil)
		},
		want: []check{ok, bodyHas("urn:li:corpuser:service_")}},
	{source: "1.6; 3", name: "a token of a service account says so", since: "1.4",
		ask: func(s *scene) reply {
			s.secret = s.accountToken(s.account("CI"))
			return s.own().ask(meDoc, nil)
		},
		want: []check{ok, func(s *scene, _ reply) error {
			c := claimsOf(s, s.secret)
			return first(differ("type", c["type"], any("SERVICE_ACCOUNT")), differ("actorType", c["actorType"], any("USER")))
		}}},
	{source: "1.6", name: "listServiceAccounts has ten to a page", since: "1.4",
		ask: func(s *scene) reply {
			for i := range 12 {
				s.account(fmt.Sprintf("CI %d", i))
			}
			return s.as("datahub").ask(listAccount, vars{"input": vars{}})
		},
		want: []check{ok, holds(10.0, "listServiceAccounts", "count"), holds(12.0, "listServiceAccounts", "total"),
			holds("CI 9", "listServiceAccounts", "serviceAccounts", 9, "displayName")}},
	{source: "1.6", name: "listServiceAccounts without the privilege", since: "1.4",
		ask:  asking("jdoe", listAccount, vars{"input": vars{}}),
		want: []check{fails(403, "Unauthorized to list service accounts. Please contact your DataHub administrator."), dataIs("null")}},
	{source: "1.6", name: "createServiceAccount without the privilege", since: "1.4",
		ask:  asking("jdoe", accountDoc, vars{"input": vars{}}),
		want: []check{fails(403, "Unauthorized to create service accounts. Please contact your DataHub administrator."), dataIs("null")}},
	{source: "1.6", name: "managing tokens is not managing service accounts", since: "1.4",
		ask: func(s *scene) reply {
			s.must(s.AddUser(mockhub.User{Name: "manager", Privileges: []string{mockhub.ManageAccessTokens}}))
			return s.as("manager").ask(createDoc, accountInput(s.account("CI")))
		},
		want: []check{notAllowed, dataIs(`{"createAccessToken":null}`)}},
	{source: "1.6; 2.1", name: "whether it is a service account is asked before who asks", since: "1.4",
		ask:  asking("nopriv", createDoc, accountInput(jdoeURN)),
		want: []check{fails(400, "The specified URN is not a service account: "+jdoeURN)}},
	{source: "1.6", name: "a personal token for a service account is not refused", since: "1.4",
		ask: func(s *scene) reply {
			in := accountInput(s.account("CI"))
			in["input"].(vars)["type"] = "PERSONAL"
			return s.as("datahub").ask(createDoc, in)
		},
		want: []check{ok}},
	{source: "UpdateServiceAccountDefaultViewResolver", name: "a default view can be cleared, and none set", since: "1.4",
		ask: func(s *scene) reply {
			const doc = `mutation($input: UpdateServiceAccountDefaultViewInput!) { updateServiceAccountDefaultView(input: $input) }`
			urn := s.account("CI")
			if r := s.as("datahub").ask(doc, vars{"input": vars{"urn": urn}}); r.at("updateServiceAccountDefaultView") != true {
				s.t.Errorf("clearing: %s", r.body)
			}
			return s.as("datahub").ask(doc, vars{"input": vars{"urn": urn, "defaultView": "urn:li:dataHubView:x"}})
		},
		want: []check{fails(400, "View urn:li:dataHubView:x does not exist.")}},

	// --- 2.1: createAccessToken

	{source: "2.1", name: "a user makes own tokens",
		ask: asking("jdoe", createDoc, createInput("jdoe", "t", "ONE_HOUR")),
		want: []check{ok, holds(jdoeURN, "createAccessToken", "metadata", "actorUrn"), holds(jdoeURN, "createAccessToken", "metadata", "ownerUrn"),
			holds("t", "createAccessToken", "metadata", "name"), holds(float64(noon), "createAccessToken", "metadata", "createdAt"),
			holds(noon+3600000.0, "createAccessToken", "metadata", "expiresAt")}},
	{source: "2.1", name: "a user makes none for others",
		ask:  asking("jdoe", createDoc, createInput("datahub", "t", "ONE_HOUR")),
		want: []check{notAllowed, dataIs(`{"createAccessToken":null}`)}},
	{source: "2.1", name: "the caller's URN is compared letter by letter",
		ask:  asking("jdoe", createDoc, createInput("JDOE", "t", "ONE_HOUR")),
		want: []check{notAllowed}},
	{source: "2.1", name: "without the privilege there are no own tokens",
		ask:  asking("nopriv", createDoc, createInput("nopriv", "t", "ONE_HOUR")),
		want: []check{notAllowed}},
	{source: "2.1", name: "a manager makes one for somebody and owns it",
		ask:  asking("datahub", createDoc, createInput("jdoe", "t", "ONE_HOUR")),
		want: []check{ok, holds(jdoeURN, "createAccessToken", "metadata", "actorUrn"), holds(datahubURN, "createAccessToken", "metadata", "ownerUrn")}},
	{source: "2.1", name: "nothing is asked of the name, and it may be there twice",
		ask: func(s *scene) reply {
			s.as("jdoe").ask(createDoc, createInput("jdoe", "", "ONE_HOUR"))
			s.as("jdoe").ask(createDoc, createInput("jdoe", "", "ONE_HOUR"))
			return s.as("jdoe").ask(listDoc, page(0, 9, only("ownerUrn", jdoeURN)))
		},
		want: []check{ok, total(2)}},
	{source: "2.1", name: "a token for nobody is made",
		ask:  asking("datahub", createDoc, createInput("ghost", "t", "ONE_HOUR")),
		want: []check{ok, holds("urn:li:corpuser:ghost", "createAccessToken", "metadata", "actorUrn")}},
	{source: "2.1", name: "whatever kind of URN, its id becomes a user",
		ask: asking("datahub", createDoc, vars{"input": vars{"type": "PERSONAL", "actorUrn": "urn:li:corpGroup:admins", "name": "t",
			"duration": "ONE_HOUR"}}),
		want: []check{ok, holds("urn:li:corpuser:admins", "createAccessToken", "metadata", "actorUrn")}},
	{source: "2.1", name: "a manager's mistake for a URN",
		ask:  asking("datahub", createDoc, vars{"input": vars{"type": "PERSONAL", "actorUrn": "jdoe", "name": "t", "duration": "ONE_HOUR"}}),
		want: []check{failsInside("Failed to retrieve entity with urn jdoe, invalid urn")}},
	{source: "2.1; 4.5", name: "tokens are made while authentication is off", options: mockhub.Options{AuthOff: true},
		ask: func(s *scene) reply {
			return with(s.t, s.Server, "").ask(createDoc, createInput("jdoe", "t", "ONE_HOUR"))
		},
		want: []check{ok, holds("urn:li:corpuser:__datahub_system", "createAccessToken", "metadata", "ownerUrn")}},
	{source: "2.2", name: "a month is 30 days",
		ask:  asking("jdoe", durationDoc, createInput("jdoe", "t", "ONE_MONTH")),
		want: []check{holds(noon+2592000000.0, "createAccessToken", "metadata", "expiresAt")}},
	{source: "2.2", name: "a year is 365 days",
		ask:  asking("jdoe", durationDoc, createInput("jdoe", "t", "ONE_YEAR")),
		want: []check{holds(noon+31536000000.0, "createAccessToken", "metadata", "expiresAt")}},

	// --- 2.3: listAccessTokens

	{source: "2.3", name: "a manager lists everybody's, the latest end first, never-ending ones last",
		ask: func(s *scene) reply {
			s.token("jdoe", "never", 0).token("jdoe", "hour", hour).token("nopriv", "month", 30*day).token("datahub", "day", day)
			return s.as("datahub").ask(listDoc, page(0, 9))
		},
		want: []check{names("month", "day", "hour", "never"), total(4)}},
	{source: "2.3", name: "the URN breaks ties",
		ask: func(s *scene) reply {
			for range 9 {
				s.token("jdoe", "same", hour)
			}
			return s.as("datahub").ask(listDoc, page(0, 9))
		},
		want: []check{ok, func(_ *scene, r reply) error {
			last := ""
			for i := range 9 {
				urn := fmt.Sprint(r.at("listAccessTokens", "tokens", i, "urn"))
				if urn <= last {
					return fmt.Errorf("%s after %s", urn, last)
				}
				last = urn
			}
			return nil
		}}},
	{source: "2.3", name: "count is the page's size, not how many came",
		ask: func(s *scene) reply {
			return s.token("jdoe", "t", hour).as("datahub").ask(listDoc, page(0, 50))
		},
		want: []check{ok, holds(50.0, "listAccessTokens", "count"), total(1)}},
	{source: "2.3", name: "pages follow one another",
		ask: func(s *scene) reply {
			s.token("jdoe", "3", 3*hour).token("jdoe", "2", 2*hour).token("jdoe", "1", hour)
			return s.as("datahub").ask(listDoc, page(1, 1))
		},
		want: []check{names("2"), holds(1.0, "listAccessTokens", "start"), total(3)}},
	{source: "2.3", name: "others must ask for their own",
		ask: func(s *scene) reply {
			s.token("datahub", "theirs", hour).token("jdoe", "mine", hour)
			return s.as("jdoe").ask(listDoc, page(0, 9, only("ownerUrn", jdoeURN)))
		},
		want: []check{names("mine")}},
	{source: "2.3", name: "without a filter others may not list",
		ask:  asking("jdoe", listDoc, page(0, 9)),
		want: []check{notAllowed, dataIs("null")}},
	{source: "2.3; PR #5140", name: "a filter on the actor does not do",
		ask:  asking("jdoe", listDoc, page(0, 9, only("actorUrn", jdoeURN))),
		want: []check{notAllowed}},
	{source: "2.3", name: "nor one on two owners",
		ask:  asking("jdoe", listDoc, page(0, 9, only("ownerUrn", jdoeURN, datahubURN))),
		want: []check{notAllowed}},
	{source: "2.3", name: "nor on another owner",
		ask:  asking("jdoe", listDoc, page(0, 9, only("ownerUrn", datahubURN))),
		want: []check{notAllowed}},
	{source: "2.3", name: "one that is negated does",
		ask: func(s *scene) reply {
			s.token("datahub", "theirs", hour).token("jdoe", "mine", hour)
			return s.as("jdoe").ask(listDoc, page(0, 9, vars{"field": "ownerUrn", "values": []string{jdoeURN}, "negated": true}))
		},
		want: []check{names("theirs")}},
	{source: "2.3", name: "value alone makes it fail for others", until: "1.6",
		ask: asking("jdoe", listDoc, page(0, 9, vars{"field": "ownerUrn", "value": jdoeURN})),
		want: []check{func(s *scene, r reply) error {
			_, code, _ := r.failure()
			return first(differ("code", code, 500), dataIs("null")(s, r))
		}}},
	{source: "2.3", name: "without the privilege there is no list",
		ask:  asking("nopriv", listDoc, page(0, 9, only("ownerUrn", noprivURN))),
		want: []check{notAllowed}},
	{source: "2.3", name: "a token made by somebody else is not in one's own list",
		ask: func(s *scene) reply {
			s.as("datahub").ask(createDoc, createInput("jdoe", "gift", "ONE_HOUR"))
			return s.as("jdoe").ask(listDoc, page(0, 9, only("ownerUrn", jdoeURN)))
		},
		want: []check{names(), total(0)}},
	{source: "2.3", name: "values widen and filters narrow",
		ask: func(s *scene) reply {
			s.token("jdoe", "a", hour).token("nopriv", "b", hour).token("datahub", "a", hour)
			return s.as("datahub").ask(listDoc, page(0, 9, only("ownerUrn", jdoeURN, noprivURN), only("name", "a")))
		},
		want: []check{names("a"), total(1), holds(jdoeURN, "listAccessTokens", "tokens", 0, "ownerUrn")}},
	{source: "2.3", name: "a field nobody knows matches nothing",
		ask: func(s *scene) reply {
			return s.token("jdoe", "t", hour).as("datahub").ask(listDoc, page(0, 9, only("colour", "red")))
		},
		want: []check{names(), total(0)}},
	{source: "1.5", name: "CONTAIN finds parts",
		ask: func(s *scene) reply {
			s.token("jdoe", "nightly-build", hour).token("jdoe", "deploy", hour)
			return s.as("datahub").ask(listDoc, page(0, 9, vars{"field": "name", "values": []string{"ly-bu"}, "condition": "CONTAIN"}))
		},
		want: []check{names("nightly-build")}},

	// --- 2.4: limits

	{source: "2.4", name: "a page beyond the window fails", options: mockhub.Options{Tokens: 5},
		ask: asking("datahub", listDoc, page(9_990, 20)),
		want: []check{dataIs("null"), func(s *scene, r reply) error {
			message, code, _ := r.failure()
			shown := s.release.Before(1, 4, 0) || strings.Contains(message, "Result window is too large, from + size must be less than or "+
				"equal to: [10000] but was [10010].")
			return first(differ("code", code, 500), differ("told", shown, true))
		}}},
	{source: "2.4", name: "the last page of the window does not", options: mockhub.Options{Tokens: 5},
		ask:  asking("datahub", listDoc, page(9_980, 20)),
		want: []check{names(), total(5)}},
	{source: "2.4", name: "total counts no further than 10,000", options: mockhub.Options{Tokens: 10_050},
		ask:  asking("datahub", listDoc, page(0, 1)),
		want: []check{ok, total(10_000)}},
	{source: "2.4", name: "filters count no further either", options: mockhub.Options{Tokens: 10_050, Users: 1},
		ask:  asking("datahub", listDoc, page(0, 1, only("actorUrn", "urn:li:corpuser:user00001"))),
		want: []check{ok, total(10_000)}},
	{source: "2.4", name: "a count beyond the limit becomes 5,000", since: "1.2", options: mockhub.Options{Tokens: 5},
		ask:  asking("datahub", listDoc, page(0, 10_001)),
		want: []check{ok, holds(5000.0, "listAccessTokens", "count")}},
	{source: "2.4", name: "so does a negative one", since: "1.2", options: mockhub.Options{Tokens: 5},
		ask:  asking("datahub", listDoc, page(0, -1)),
		want: []check{ok, holds(5000.0, "listAccessTokens", "count")}},
	{source: "2.4", name: "a count beyond the window fails before 1.2", until: "1.2", options: mockhub.Options{Tokens: 5},
		ask:  asking("datahub", listDoc, page(0, 10_001)),
		want: []check{fails(500, "An unknown error occurred."), dataIs("null")}},
	{source: "2.4", name: "a strict limit refuses", since: "1.2", options: mockhub.Options{StrictLimits: true},
		ask:  asking("datahub", listDoc, page(0, 10_001)),
		want: []check{fails(400, "Result count exceeds limit of 10000"), dataIs("null")}},
	{source: "2.4", name: "what is no number in a filter on a number", since: "0.14",
		ask:  asking("datahub", listDoc, page(0, 9, only("createdAt", "today"))),
		want: []check{fails(400, `For input string: "today"`)}},
	{source: "2.4; 5.3", name: "what is no number, before its exception was known", since: "0.13", until: "0.14",
		ask:  asking("datahub", listDoc, page(0, 9, only("createdAt", "today"))),
		want: []check{fails(500, "An unknown error occurred.")}},

	// --- 2.5: revokeAccessToken

	{source: "2.5", name: "the owner revokes",
		ask: func(s *scene) reply {
			return s.token("jdoe", "t", hour).as("jdoe").ask(revokeDoc, vars{"id": s.id})
		},
		want: []check{dataIs(`{"revokeAccessToken":true}`)}},
	{source: "2.5", name: "a manager revokes",
		ask: func(s *scene) reply {
			return s.token("jdoe", "t", hour).as("datahub").ask(revokeDoc, vars{"id": s.id})
		},
		want: []check{dataIs(`{"revokeAccessToken":true}`)}},
	{source: "2.5", name: "whom the token is for may not",
		ask: func(s *scene) reply {
			made := s.as("datahub").ask(createDoc, createInput("jdoe", "t", "ONE_HOUR"))
			return s.as("jdoe").ask(revokeDoc, vars{"id": made.at("createAccessToken", "metadata", "id")})
		},
		want: []check{notAllowed, dataIs("null")}},
	{source: "2.5; 5.3", name: "a manager revokes what is not there",
		ask:  asking("datahub", revokeDoc, vars{"id": "unknown"}),
		want: []check{failsInside("Failed to revoke access token", "Access token no longer exists"), dataIs("null")}},
	{source: "2.5", name: "anybody else may not, and does not learn that",
		ask:  asking("jdoe", revokeDoc, vars{"id": "unknown"}),
		want: []check{notAllowed, dataIs("null")}},
	{source: "2.5", name: "the URN is not the id",
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour)
			return s.as("datahub").ask(revokeDoc, vars{"id": "urn:li:dataHubAccessToken:" + s.id})
		},
		want: []check{failsInside("Failed to revoke access token", "Access token no longer exists")}},
	{source: "2.5", name: "revoking twice fails the second time",
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour).as("datahub").ask(revokeDoc, vars{"id": s.id})
			return s.as("datahub").ask(revokeDoc, vars{"id": s.id})
		},
		want: []check{failsInside("Failed to revoke access token", "Access token no longer exists")}},
	{source: "2.5; client notes", name: "one failure of several nulls all, and the others have happened",
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour)
			r := s.as("datahub").ask(`mutation($id: String!) { a: revokeAccessToken(tokenId: $id) b: revokeAccessToken(tokenId: "no") }`, vars{"id": s.id})
			if left := s.as("datahub").ask(listDoc, page(0, 9)); left.at("listAccessTokens", "total") != 0.0 {
				s.t.Errorf("left: %s", left.body)
			}
			return r
		},
		want: []check{dataIs("null"), bodyHas(`"path":["b"]`)}},

	// --- 2.6, 2.7: the two other operations

	{source: "2.6", name: "a manager asks what a secret is", since: "0.13",
		ask: func(s *scene) reply {
			return s.token("jdoe", "t", hour).as("datahub").ask(metadataDoc, vars{"token": s.secret})
		},
		want: []check{ok, holds("t", "getAccessTokenMetadata", "name")}},
	{source: "2.6", name: "nobody else, even of one's own", since: "0.13",
		ask: func(s *scene) reply {
			return s.token("jdoe", "t", hour).own().ask(metadataDoc, vars{"token": s.secret})
		},
		want: []check{notAllowed, dataIs("null")}},
	{source: "2.6", name: "of one that is not there", since: "0.13",
		ask:  asking("datahub", metadataDoc, vars{"token": "x"}),
		want: []check{classified("NullValueInNonNullableField"), dataIs("null")}},
	{source: "2.7", name: "getAccessToken gives one that is in no list",
		ask: func(s *scene) reply {
			r := s.as("jdoe").ask(`{ getAccessToken(input: {type: PERSONAL, actorUrn: "urn:li:corpuser:jdoe", duration: ONE_HOUR}) { accessToken metadata { id } } }`, nil)
			secret, _ := r.at("getAccessToken", "accessToken").(string)
			if claims := claimsOf(s, secret); claims["version"] != "1" {
				s.t.Errorf("claims %v", claims)
			}
			if me := with(s.t, s.Server, secret).ask(meDoc, nil); me.at("me", "corpUser", "urn") != jdoeURN {
				s.t.Errorf("it does not work: %s", me.body)
			}
			return s.as("datahub").ask(listDoc, page(0, 9))
		},
		want: []check{names(), total(0)}},
	{source: "2.7", name: "getAccessToken is for oneself only",
		ask:  asking("datahub", `{ getAccessToken(input: {type: PERSONAL, actorUrn: "urn:li:corpuser:jdoe", duration: ONE_HOUR}) { accessToken } }`, nil),
		want: []check{notAllowed}},

	// --- 2.8, 2.10: the index and the store

	{source: "2.10", name: "a new token is not in the list at once", options: mockhub.Options{IndexLag: time.Minute},
		ask: func(s *scene) reply {
			return s.token("jdoe", "t", hour).as("datahub").ask(listDoc, page(0, 9))
		},
		want: []check{names(), total(0)}},
	{source: "2.1; 2.10", name: "what createAccessToken gives does not wait for the index", options: mockhub.Options{IndexLag: time.Minute},
		ask: func(s *scene) reply {
			r := s.as("jdoe").ask(createDoc, createInput("jdoe", "t", "ONE_HOUR"))
			s.secret, _ = r.at("createAccessToken", "accessToken").(string)
			if me := s.own().ask(meDoc, nil); me.status != 200 {
				s.t.Errorf("the token does not work: %d", me.status)
			}
			return r
		},
		want: []check{ok, holds("t", "createAccessToken", "metadata", "name")}},
	{source: "2.10", name: "it is when the index has learnt", options: mockhub.Options{IndexLag: time.Minute},
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour).Advance(time.Minute)
			return s.as("datahub").ask(listDoc, page(0, 9))
		},
		want: []check{names("t")}},
	{source: "2.8", name: "a revoked token makes its page shorter and is counted", options: mockhub.Options{IndexLag: time.Minute},
		ask: func(s *scene) reply {
			s.token("jdoe", "stays", day).token("jdoe", "goes", hour).Advance(time.Minute)
			s.as("datahub").ask(revokeDoc, vars{"id": s.id})
			return s.as("datahub").ask(listDoc, page(0, 2))
		},
		want: []check{names("stays"), total(2), holds(2.0, "listAccessTokens", "count")}},
	{source: "2.8", name: "one that dies in between spoils the page",
		ask: func(s *scene) reply {
			s.fault("listAccessTokens:vanish")
			return s.token("jdoe", "t", hour).as("datahub").ask(listDoc, page(0, 9))
		},
		want: []check{dataIs("null"), classified("NullValueInNonNullableField"), bodyHas(`"path":["listAccessTokens","tokens",0]`,
			"The field at path '/listAccessTokens/tokens[0]' was declared as a non null type, but the code involved in retrieving data has "+
				"wrongly returned a null value.")}},

	// --- 2.9: privileges

	{source: "2.9; PR #10853", name: "managing includes own tokens from 0.14", since: "0.14",
		ask: func(s *scene) reply {
			s.must(s.AddUser(mockhub.User{Name: "manager", Privileges: []string{mockhub.ManageAccessTokens}}))
			return s.as("manager").ask(createDoc, createInput("manager", "t", "ONE_HOUR"))
		},
		want: []check{ok}},
	{source: "2.9; issue #10620", name: "managers are refused from 0.13.1 until 0.14", since: "0.13.1", until: "0.14",
		ask: func(s *scene) reply {
			s.must(s.AddUser(mockhub.User{Name: "manager", Privileges: []string{mockhub.ManageAccessTokens}}))
			return s.as("manager").ask(listDoc, page(0, 9))
		},
		want: []check{notAllowed}},
	{source: "issue #10620", name: "but not the root user",
		ask:  asking("datahub", listDoc, page(0, 9)),
		want: []check{names()}},
	{source: "2.9", name: "a grant acts late", options: mockhub.Options{PrivilegeLag: 2 * time.Minute},
		ask: func(s *scene) reply {
			s.must(s.Grant("nopriv", mockhub.GeneratePersonalAccessTokens))
			s.Advance(time.Minute)
			if r := s.as("nopriv").ask(createDoc, createInput("nopriv", "t", "ONE_HOUR")); len(r.Errors) == 0 {
				s.t.Errorf("it acts at once: %s", r.body)
			}
			s.Advance(time.Minute)
			return s.as("nopriv").ask(createDoc, createInput("nopriv", "t", "ONE_HOUR"))
		},
		want: []check{ok}},
	{source: "2.9", name: "so does taking it away", options: mockhub.Options{PrivilegeLag: 2 * time.Minute},
		ask: func(s *scene) reply {
			s.must(s.Withdraw("jdoe", mockhub.GeneratePersonalAccessTokens))
			if r := s.as("jdoe").ask(createDoc, createInput("jdoe", "t", "ONE_HOUR")); len(r.Errors) > 0 {
				s.t.Errorf("it acts at once: %s", r.body)
			}
			s.Advance(2 * time.Minute)
			return s.as("jdoe").ask(createDoc, createInput("jdoe", "t", "ONE_HOUR"))
		},
		want: []check{notAllowed}},

	// --- 3: tokens

	{source: "3", name: "an id is the base64 of a SHA-256, and the URN has it as it is",
		ask: func(s *scene) reply {
			return s.token("jdoe", "t", hour).as("datahub").ask(listDoc, page(0, 9))
		},
		want: []check{ok, holdsText(func(s *scene) string { return s.id }, "listAccessTokens", "tokens", 0, "id"),
			holdsText(func(s *scene) string { return "urn:li:dataHubAccessToken:" + s.id }, "listAccessTokens", "tokens", 0, "urn"),
			func(s *scene, _ reply) error {
				sum, err := base64.StdEncoding.DecodeString(s.id)
				return first(err, differ("length", len(s.id), 44), differ("bytes", len(sum), 32))
			}}},
	{source: "3", name: "a secret is a JWT with the server's claims",
		ask: func(s *scene) reply { return s.token("jdoe", "t", hour).own().ask(meDoc, nil) },
		want: []check{ok, func(s *scene, _ reply) error {
			c := claimsOf(s, s.secret)
			return first(differ("actorType", c["actorType"], any("USER")), differ("actorId", c["actorId"], any("jdoe")),
				differ("type", c["type"], any("PERSONAL")), differ("version", c["version"], any("2")), differ("sub", c["sub"], any("jdoe")),
				differ("iss", c["iss"], any("datahub-metadata-service")), differ("exp", c["exp"], any(float64(noon/1000+3600))),
				differ("jti", len(fmt.Sprint(c["jti"])), 36), differ("claims", len(c), 8))
		}}},
	{source: "3", name: "one that never ends has no exp",
		ask: func(s *scene) reply { return s.token("jdoe", "t", 0).own().ask(meDoc, nil) },
		want: []check{ok, func(s *scene, _ reply) error {
			_, has := claimsOf(s, s.secret)["exp"]
			return differ("exp", has, false)
		}}},
	{source: "3", name: "an expired token stays listed until somebody presents it",
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour).Advance(2 * hour)
			if r := s.as("datahub").ask(listDoc, page(0, 9)); r.at("listAccessTokens", "total") != 1.0 {
				s.t.Errorf("gone by itself: %s", r.body)
			}
			s.own().send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`)
			return s.as("datahub").ask(listDoc, page(0, 9))
		},
		want: []check{names(), total(0)}},
	{source: "3; 4.1", name: "expiry is told apart, once, before 1.2", until: "1.2",
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour).Advance(2 * hour)
			c := s.own()
			c.header.Set("Accept", "application/json")
			once := c.send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`)
			if told := strings.Contains(once.body, "Failed to validate DataHub token. Token has expired."); told != s.release.Before(1, 0, 0) {
				s.t.Errorf("first: %s", once.body) // from 1.0 the page has no message
			}
			return c.send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`)
		},
		want: []check{status(401), func(s *scene, r reply) error {
			return differ("told again", strings.Contains(r.body, "expired"), false)
		}}},
	{source: "3", name: "a revoked token may still be good elsewhere", options: mockhub.Options{RevocationLag: 5 * time.Minute},
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour).as("datahub").ask(revokeDoc, vars{"id": s.id})
			s.Advance(4 * time.Minute)
			if r := s.own().ask(meDoc, nil); r.at("me", "corpUser", "urn") != jdoeURN {
				s.t.Errorf("it is not: %s", r.body)
			}
			s.Advance(time.Minute)
			return s.own().send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`)
		},
		want: []check{status(401)}},
	{source: "3", name: "another signing key ends every token",
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour)
			s.must(s.RotateSigningKey())
			return s.own().send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`)
		},
		want: []check{status(401)}},

	// --- 4: authentication at GMS

	{source: "4.1; 4.3", name: "nobody is refused, by the container", until: "1.0",
		ask: func(s *scene) reply {
			return with(s.t, s.Server, "").send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`)
		},
		want: []check{status(401), header("Content-Type", "text/html;charset=iso-8859-1"), bodyHas("Unauthorized to perform this action.")}},
	{source: "4.2; 4.3", name: "nobody is refused, by Spring", since: "1.0",
		ask: func(s *scene) reply {
			return with(s.t, s.Server, "").send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`)
		},
		want: []check{status(401), header("Content-Type", "application/json"),
			bodyIs(`{"timestamp":"2026-09-01T12:00:00.000+00:00","status":401,"error":"Unauthorized","path":"/api/graphql"}`)}},
	{source: "4.4", name: "other casings of Bearer are not known",
		ask: func(s *scene) reply {
			c := s.token("jdoe", "t", hour).own()
			c.header.Set("Authorization", "bearer "+s.secret)
			if r := c.ask(meDoc, nil); r.status != 200 {
				s.t.Errorf("bearer is not known: %d", r.status)
			}
			c.header.Set("Authorization", "BEARER "+s.secret)
			return c.send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`)
		},
		want: []check{status(401)}},
	{source: "4.4", name: "health and config are for anybody",
		ask: func(s *scene) reply {
			c := with(s.t, s.Server, "")
			if r := c.send("GET", "/health", ""); r.status != 200 || r.body != "" {
				s.t.Errorf("health: %d %s", r.status, r.body)
			}
			return c.send("GET", "/config", "")
		},
		want: []check{status(200), bodyHas(`"noCode":"true"`, `"versions":{"acryldata/datahub":{`)}},
	{source: "4.4", name: "a suspended user's token is accepted before 0.15", until: "0.15",
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour)
			s.must(s.Suspend("jdoe"))
			return s.own().ask(`{ me { corpUser { status properties { active } } } }`, nil)
		},
		want: []check{ok, holds(false, "me", "corpUser", "properties", "active")}},
	{source: "4.4", name: "a suspended user's token is answered 403 from 0.15", since: "0.15", until: "1.2",
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour)
			s.must(s.Suspend("jdoe"))
			return s.own().send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`)
		},
		want: []check{status(403), bodyIs(`{"error":"Actor is not active"}`)}},
	{source: "4.4", name: "a suspended user's token is answered 401 from 1.2", since: "1.2",
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour)
			s.must(s.Suspend("jdoe"))
			return s.own().send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`)
		},
		want: []check{status(401)}},
	{source: "4.4", name: "a token of a user who is gone", since: "1.2",
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour)
			s.must(s.RemoveUser("jdoe"))
			return s.own().send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`)
		},
		want: []check{status(401)}},
	{source: "4.4", name: "a token of a user who is gone is accepted before 0.15", until: "0.15",
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour)
			s.must(s.RemoveUser("jdoe"))
			return s.own().ask(`{ me { corpUser { urn properties { active } } } }`, nil)
		},
		want: []check{dataIs(`{"me":{"corpUser":{"urn":"urn:li:corpuser:jdoe","properties":null}}}`)}},
	{source: "4.4", name: "a token for nobody is answered 403 from 0.15", since: "0.15", until: "1.2",
		ask: func(s *scene) reply {
			made := s.as("datahub").ask(createDoc, createInput("ghost", "t", "ONE_HOUR"))
			s.secret, _ = made.at("createAccessToken", "accessToken").(string)
			return s.own().send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`)
		},
		want: []check{status(403), bodyIs(`{"error":"Actor is not active"}`)}},
	{source: "4.4", name: "a softly deleted user's token is answered 401 from 1.2", since: "1.2",
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour)
			s.must(s.SoftDelete("jdoe"))
			return s.own().send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`)
		},
		want: []check{status(401)}},
	{source: "4.4", name: "a suspended user comes back",
		ask: func(s *scene) reply {
			s.token("jdoe", "t", hour)
			s.must(s.Suspend("jdoe"))
			s.must(s.Resume("jdoe"))
			return s.own().ask(meDoc, nil)
		},
		want: []check{ok, holds(jdoeURN, "me", "corpUser", "urn")}},
	{source: "4.5", name: "with authentication off the header says who it is", options: mockhub.Options{AuthOff: true},
		ask: func(s *scene) reply {
			c := with(s.t, s.Server, "nonsense")
			c.header.Set("X-DataHub-Actor", jdoeURN)
			return c.ask(meDoc, nil)
		},
		want: []check{ok, holds(jdoeURN, "me", "corpUser", "urn")}},
	{source: "4.5", name: "without the header it is the system", options: mockhub.Options{AuthOff: true},
		ask:  func(s *scene) reply { return with(s.t, s.Server, "").ask(meDoc, nil) },
		want: []check{ok, holds("urn:li:corpuser:__datahub_system", "me", "corpUser", "urn")}},
	{source: "4.5", name: "a header that is no URN fails", options: mockhub.Options{AuthOff: true},
		ask: func(s *scene) reply {
			c := with(s.t, s.Server, "")
			c.header.Set("X-DataHub-Actor", "jdoe")
			return c.send("POST", "/api/graphql", `{"query":"{me{corpUser{urn}}}"}`)
		},
		want: []check{status(401)}},
	{source: "4.5", name: "with authentication on the header says nothing",
		ask: func(s *scene) reply {
			c := s.as("jdoe")
			c.header.Set("X-DataHub-Actor", datahubURN)
			return c.ask(meDoc, nil)
		},
		want: []check{ok, holds(jdoeURN, "me", "corpUser", "urn")}},

	// --- 5.1: HTTP at GMS

	{source: "5.1", name: "answers are JSON in UTF-8",
		ask:  asking("jdoe", meDoc, nil),
		want: []check{ok, header("Content-Type", "application/json;charset=utf-8")}},
	{source: "5.1", name: "GET is not for GraphQL before 1.0", until: "1.0",
		ask:  func(s *scene) reply { return s.as("jdoe").send("GET", "/api/graphql", "") },
		want: []check{status(405)}},
	{source: "5.1", name: "GET is not for GraphQL from 1.0", since: "1.0",
		ask:  func(s *scene) reply { return s.as("jdoe").send("GET", "/api/graphql", "") },
		want: []check{status(500), bodyIs(`{"error":"Internal server error occurred"}`)}},
	{source: "5.1", name: "a body that is no JSON",
		ask:  func(s *scene) reply { return s.as("jdoe").send("POST", "/api/graphql", "{") },
		want: []check{status(400), bodyIs("")}},
	{source: "5.1", name: "a body without a query",
		ask:  func(s *scene) reply { return s.as("jdoe").send("POST", "/api/graphql", `{"variables":{}}`) },
		want: []check{status(400), bodyIs("")}},
	{source: "5.1", name: "there is no /api/v2/graphql at GMS",
		ask:  func(s *scene) reply { return s.as("jdoe").send("POST", "/api/v2/graphql", `{"query":"{__typename}"}`) },
		want: []check{status(404)}},
	{source: "5.1", name: "a syntax error is an answer before 0.13.1", until: "0.13.1",
		ask:  func(s *scene) reply { return s.as("jdoe").ask("{ me {", nil) },
		want: []check{fails(0, "Invalid syntax with offending token '<EOF>' at line 1 column 7"), classified("InvalidSyntax"), dataIs("null")}},
	{source: "5.1", name: "a syntax error is a 500 from 0.13.1", since: "0.13.1", until: "1.3",
		ask:  func(s *scene) reply { return s.as("jdoe").ask("{ me {", nil) },
		want: []check{status(500)}},
	{source: "5.1; GlobalControllerExceptionHandler", name: "a syntax error is a 400 from 1.3", since: "1.3", until: "newest",
		ask:  func(s *scene) reply { return s.as("jdoe").ask("{ me {", nil) },
		want: []check{status(400), bodyIs(`{"error":"Invalid GraphQL syntax","message":"Invalid syntax with offending token '<EOF>' at line 1 column 7"}`)}},
	{source: "5.1", name: "a syntax error is an answer where the operation is named", since: "0.14",
		ask: func(s *scene) reply {
			return s.as("jdoe").send("POST", "/api/graphql", `{"query":"{ me {","operationName":"Me"}`)
		},
		want: []check{status(200), bodyHas(`"classification":"InvalidSyntax"`)}},
	{source: "5.1", name: "the operation's name is not looked at before 0.14", until: "0.14",
		ask: func(s *scene) reply {
			return s.as("jdoe").send("POST", "/api/graphql", `{"query":"query A { __typename } query B { me { corpUser { urn } } }","operationName":"B"}`)
		},
		want: []check{status(200), bodyHas("Must provide operation name if query contains multiple operations.")}},
	{source: "5.1", name: "the operation's name chooses from 0.14", since: "0.14",
		ask: func(s *scene) reply {
			return s.as("jdoe").send("POST", "/api/graphql", `{"query":"query A { __typename } query B { me { corpUser { urn } } }","operationName":"B"}`)
		},
		want: []check{status(200), bodyIs(`{"data":{"me":{"corpUser":{"urn":"urn:li:corpuser:jdoe"}}},"extensions":{}}`)}},
	{source: "5.1", name: "introspection is on",
		ask:  asking("jdoe", `{ __type(name: "AccessTokenDuration") { enumValues { name } } }`, nil),
		want: []check{ok, holds("NO_EXPIRY", "__type", "enumValues", 7, "name")}},
	{source: "5.1; NoIntrospectionGraphqlFieldVisibility", name: "introspection can be off", options: mockhub.Options{IntrospectionOff: true},
		ask:  asking("jdoe", `{ __schema { types { name } } }`, nil),
		want: []check{invalid("Validation error (FieldUndefined@[__schema/types]) : Field 'types' in type '__Schema' is undefined")}},

	// --- 5.2: the shape of errors

	{source: "5.2; issue #6167", name: "a field that is not there, as it was reported",
		ask: func(s *scene) reply {
			return s.as("jdoe").send("POST", "/api/graphql", `{"query":"{ createAccessToken }"}`)
		},
		want: []check{status(200), bodyIs(`{"errors":[{"message":"Validation error (FieldUndefined@[createAccessToken]) : Field ` +
			`'createAccessToken' in type 'Query' is undefined","locations":[{"line":1,"column":3}],"extensions":{"classification":"ValidationError"}}],` +
			`"data":null,"extensions":{}}`)}},
	{source: "5.2; issue #10620", name: "what one may not do, as it was reported",
		ask: func(s *scene) reply {
			return s.as("nopriv").send("POST", "/api/graphql", `{"query":"{ listAccessTokens(input: {start: 0, count: 1}) { total } }"}`)
		},
		want: []check{status(200), bodyIs(`{"errors":[{"message":"Unauthorized to perform this action. Please contact your DataHub administrator.",` +
			`"locations":[{"line":1,"column":3}],"path":["listAccessTokens"],"extensions":{"code":403,"type":"UNAUTHORIZED",` +
			`"classification":"DataFetchingException"}}],"data":null,"extensions":{}}`)}},
	{source: "5.2", name: "an alias is in the path, and the place is the alias'",
		ask:  asking("nopriv", "{\n  mine: listAccessTokens(input: {start: 0, count: 1}) { total }\n}", nil),
		want: []check{notAllowed, bodyHas(`"path":["mine"]`, `"locations":[{"line":2,"column":3}]`)}},

	// --- graphql-java's words (Validation.properties, Scalars.properties, ValuesResolverConversion)

	{source: "Validation.properties", name: "an argument that is not there",
		ask:  asking("jdoe", `{ me(x: 1) { corpUser { urn } } }`, nil),
		want: []check{invalid("Validation error (UnknownArgument@[me]) : Unknown field argument 'x'")}},
	{source: "Validation.properties", name: "an argument that is missing",
		ask:  asking("jdoe", `{ listAccessTokens { total } }`, nil),
		want: []check{invalid("Validation error (MissingFieldArgument@[listAccessTokens]) : Missing field argument 'input'")}},
	{source: "Validation.properties", name: "an object without a selection, before graphql-java 21", until: "0.13.1",
		ask:  asking("jdoe", `{ me }`, nil),
		want: []check{invalid("Validation error (SubSelectionRequired@[me]) : Subselection required for type 'AuthenticatedUser' of field 'me'")}},
	{source: "Validation.properties", name: "an object without a selection", since: "0.13.1",
		ask:  asking("jdoe", `{ me }`, nil),
		want: []check{invalid("Validation error (SubselectionRequired@[me]) : Subselection required for type 'AuthenticatedUser' of field 'me'")}},
	{source: "Validation.properties", name: "a leaf with a selection", since: "0.13.1",
		ask:  asking("jdoe", `{ me { corpUser { urn { x } } } }`, nil),
		want: []check{invalid("Validation error (SubselectionNotAllowed@[me/corpUser/urn]) : Subselection not allowed on leaf type 'String!' of field 'urn'")}},
	{source: "Validation.properties", name: "a variable that is not declared",
		ask:  asking("jdoe", `{ entityExists(urn: $urn) }`, nil),
		want: []check{invalid("Validation error (UndefinedVariable@[entityExists]) : Undefined variable 'urn'")}},
	{source: "Validation.properties", name: "a variable that is not used",
		ask:  asking("jdoe", `query($urn: String) { me { corpUser { urn } } }`, nil),
		want: []check{invalid("Validation error (UnusedVariable) : Unused variable 'urn'")}},
	{source: "Validation.properties", name: "a variable of another type",
		ask: asking("jdoe", `query($urn: Int) { entityExists(urn: $urn) }`, nil),
		want: []check{invalid("Validation error (VariableTypeMismatch@[entityExists]) : Variable 'urn' of type 'Int' used in position " +
			"expecting type 'String!'")}},
	{source: "Validation.properties", name: "a fragment that is not there",
		ask:  asking("jdoe", `{ me { ...F } }`, nil),
		want: []check{invalid("Validation error (UndefinedFragment@[me]) : Undefined fragment 'F'")}},
	{source: "Validation.properties", name: "a type that is not there",
		ask:  asking("jdoe", `query($x: Nothing) { me { corpUser { urn } } }`, nil),
		want: []check{bodyHas("Validation error (UnknownType) : Unknown type 'Nothing'"), dataIs("null")}},
	{source: "Validation.properties", name: "a literal of another enum", until: "1.4",
		ask: asking("jdoe", `mutation { createAccessToken(input: {type: SERVICE_ACCOUNT, actorUrn: "x", name: "n", duration: ONE_HOUR}) { accessToken } }`, nil),
		want: []check{invalid("Validation error (WrongType@[createAccessToken]) : argument 'input.type' with value " +
			"'EnumValue{name='SERVICE_ACCOUNT'}' is not a valid 'AccessTokenType' - Literal value not in allowable values for enum " +
			"'AccessTokenType' - 'EnumValue{name='SERVICE_ACCOUNT'}'")}},
	{source: "Validation.properties", name: "a literal with a field too many", until: "newest",
		ask: asking("jdoe", `mutation { createAccessToken(input: {type: PERSONAL, actorUrn: "x", name: "n", duration: ONE_HOUR, durationIso: "PT1H"}) { accessToken } }`, nil),
		want: []check{bodyHas("Validation error (WrongType@[createAccessToken]) : argument 'input' with value 'ObjectValue{objectFields=[",
			"contains a field not in 'CreateAccessTokenInput': 'durationIso'")}},
	{source: "Validation.properties", name: "a literal that lacks a field",
		ask: asking("jdoe", `mutation { createAccessToken(input: {type: PERSONAL, actorUrn: "x", duration: ONE_HOUR}) { accessToken } }`, nil),
		want: []check{bodyHas("Validation error (WrongType@[createAccessToken]) : argument 'input' with value 'ObjectValue{objectFields=[",
			"is missing required fields '[name]'")}},
	{source: "NonNullableValueCoercedAsNullException", name: "a variable that is missing",
		ask:  asking("jdoe", revokeDoc, nil),
		want: []check{invalid("Variable 'id' has coerced Null value for NonNull type 'String!'")}},
	{source: "ValuesResolverConversion", name: "a variable that lacks a field",
		ask:  asking("jdoe", listDoc, page(0, 9, vars{"values": []string{"x"}})),
		want: []check{invalid("Variable 'input' has an invalid value: Field 'field' has coerced Null value for NonNull type 'String!'")}},
	{source: "ValuesResolverConversion", name: "a variable that should be an object",
		ask: asking("jdoe", listDoc, vars{"input": "x"}),
		want: []check{invalid("Variable 'input' has an invalid value: Expected type 'Map' but was 'String'. Variables for input objects must " +
			"be an instance of type 'Map'.")}},
	{source: "Scalars.properties", name: "a text for a number", since: "0.13.1",
		ask: asking("jdoe", listDoc, vars{"input": vars{"start": "0", "count": 9}}),
		want: []check{invalid("Variable 'input' has an invalid value: Expected a value that can be converted to type 'Int' but it was a " +
			"'String'")}},
	{source: "Scalars.properties", name: "a number for a text", since: "0.13.1",
		ask:  asking("jdoe", revokeDoc, vars{"id": 7}),
		want: []check{invalid("Variable 'id' has an invalid value: Expected a String input, but it was a 'Integer'")}},
	{source: "Scalars.properties", name: "texts and numbers were converted before graphql-java 21", until: "0.13.1",
		ask:  asking("datahub", listDoc, vars{"input": vars{"start": "0", "count": "9", "filters": vars{"field": "name", "values": 7}}}),
		want: []check{names(), holds(9.0, "listAccessTokens", "count")}},

	// --- 5.4: the frontend

	{source: "5.4", name: "the frontend's ways to GraphQL",
		ask: func(s *scene) reply {
			c := s.token("jdoe", "t", hour).own()
			c.url = s.FrontendURL
			for _, path := range []string{"/api/graphql", "/api/gms/api/graphql"} {
				if r := c.send("POST", path, `{"query":"{me{corpUser{urn}}}"}`); !strings.Contains(r.body, jdoeURN) {
					s.t.Errorf("%s: %d %s", path, r.status, r.body)
				}
			}
			return c.send("POST", "/api/v2/graphql", `{"query":"{me{corpUser{urn}}}"}`)
		},
		want: []check{status(200), bodyIs(`{"data":{"me":{"corpUser":{"urn":"urn:li:corpuser:jdoe"}}},"extensions":{}}`)}},
	{source: "5.4", name: "with a query string the way is not mapped",
		ask: func(s *scene) reply {
			c := s.token("jdoe", "t", hour).own()
			c.url = s.FrontendURL
			return c.send("POST", "/api/v2/graphql?x=1", `{"query":"{me{corpUser{urn}}}"}`)
		},
		want: []check{status(404)}},
	{source: "5.4", name: "nothing goes through without a header or a session",
		ask:  func(s *scene) reply { return s.front("").send("POST", "/api/graphql", `{"query":"{__typename}"}`) },
		want: []check{status(401), bodyIs("")}},
	{source: "5.4", name: "any header goes through, and GMS refuses it",
		ask: func(s *scene) reply {
			return s.front("nonsense").send("POST", "/api/graphql", `{"query":"{__typename}"}`)
		},
		want: []check{status(401), func(_ *scene, r reply) error { return differ("empty", r.body == "", false) }}},
	{source: "5.4", name: "with the frontend's authentication off a header is not enough", options: mockhub.Options{FrontendAuthOff: true},
		ask: func(s *scene) reply {
			return s.front(s.token("jdoe", "t", hour).secret).send("POST", "/api/graphql", `{"query":"{__typename}"}`)
		},
		want: []check{status(401), bodyIs("")}},
	{source: "5.4", name: "the session goes before the header",
		ask: func(s *scene) reply {
			c := s.signIn("jdoe")
			c.header.Set("Authorization", "Bearer nonsense")
			return c.ask(meDoc, nil)
		},
		want: []check{ok, holds(jdoeURN, "me", "corpUser", "urn")}},
	{source: "5.4", name: "a session needs both its cookies",
		ask: func(s *scene) reply {
			c := s.signIn("jdoe")
			both := c.header["Cookie"][0]
			c.header.Set("Cookie", strings.Split(both, "; ")[0])
			return c.send("POST", "/api/graphql", `{"query":"{__typename}"}`)
		},
		want: []check{status(401)}},
	{source: "5.4", name: "the frontend says who it is, not the client", options: mockhub.Options{AuthOff: true},
		ask: func(s *scene) reply {
			c := s.signIn("jdoe")
			c.header.Set("X-DataHub-Actor", datahubURN)
			return c.ask(meDoc, nil)
		},
		want: []check{ok, holds(jdoeURN, "me", "corpUser", "urn")}},
	{source: "5.4", name: "any other path is the web application",
		ask:  func(s *scene) reply { return s.front("").send("GET", "/no/such/page", "") },
		want: []check{status(200), header("Content-Type", "text/html; charset=UTF-8"), bodyHas("<title>DataHub</title>")}},
	{source: "5.4", name: "but not for POST",
		ask:  func(s *scene) reply { return s.front("").send("POST", "/no/such/page", "") },
		want: []check{status(404)}},
	{source: "5.4; SanitizedErrorHandler", name: "which the newest says in JSON", since: "newest",
		ask:  func(s *scene) reply { return s.front("").send("POST", "/no/such/page", "") },
		want: []check{status(404), bodyIs(`{"error":"Not Found","status":404}`)}},
	{source: "5.4", name: "the frontend is well",
		ask:  func(s *scene) reply { return s.front("").send("GET", "/health", "") },
		want: []check{status(200), bodyIs("GOOD")}},
	{source: "5.4", name: "the frontend compresses for those who ask",
		ask: func(s *scene) reply {
			c := s.front("")
			c.http = &http.Client{Transport: &http.Transport{DisableCompression: true}}
			c.header.Set("Accept-Encoding", "gzip")
			return c.send("GET", "/config", "")
		},
		want: []check{status(200), header("Content-Encoding", "gzip")}},

	// --- 5.5: signing in

	{source: "5.5", name: "a password makes a session",
		ask: func(s *scene) reply {
			return s.front("").send("POST", "/logIn", `{"username":"jdoe","password":"jdoe"}`)
		},
		want: []check{status(200), bodyIs(""), func(_ *scene, r reply) error {
			cookies := (&http.Response{Header: r.header}).Cookies()
			if len(cookies) != 2 {
				return fmt.Errorf("%d cookies", len(cookies))
			}
			return first(differ("first", cookies[0].Name, "PLAY_SESSION"), differ("second", cookies[1].Name, "actor"),
				differ("age", cookies[0].MaxAge, 86400), differ("http only", cookies[0].HttpOnly, true),
				differ("actor http only", cookies[1].HttpOnly, false), differ("lax", cookies[0].SameSite, http.SameSiteLaxMode))
		}}},
	{source: "5.5", name: "a session makes tokens",
		ask: func(s *scene) reply {
			return s.signIn("jdoe").ask(createDoc, createInput("jdoe", "t", "ONE_HOUR"))
		},
		want: []check{ok, holds(jdoeURN, "createAccessToken", "metadata", "ownerUrn")}},
	{source: "5.5", name: "a wrong password",
		ask:  func(s *scene) reply { return s.front("").send("POST", "/logIn", `{"username":"jdoe","password":"x"}`) },
		want: []check{status(400), bodyIs(`{"message":"Invalid Credentials"}`)}},
	{source: "5.5", name: "no name",
		ask:  func(s *scene) reply { return s.front("").send("POST", "/logIn", `{"username":" ","password":"x"}`) },
		want: []check{status(400), bodyIs(`{"message":"User name must not be empty."}`)}},
	{source: "5.5", name: "no passwords at all", options: mockhub.Options{SSO: true},
		ask: func(s *scene) reply {
			return s.front("").send("POST", "/logIn", `{"username":"jdoe","password":"jdoe"}`)
		},
		want: []check{status(400), bodyIs(`{"message":"Neither JAAS nor native authentication is enabled on the server."}`)}},
	{source: "5.5", name: "a form in place of JSON",
		ask: func(s *scene) reply {
			c := s.front("")
			c.contentType = "application/x-www-form-urlencoded"
			return c.send("POST", "/logIn", "username=jdoe&password=jdoe")
		},
		want: []check{status(500)}},
	{source: "5.5", name: "a suspended user's password is good before 1.2", since: "0.15", until: "1.2",
		ask: func(s *scene) reply {
			s.must(s.Suspend("jdoe"))
			return s.front("").send("POST", "/logIn", `{"username":"jdoe","password":"jdoe"}`)
		},
		want: []check{status(200)}},
	{source: "5.5", name: "GMS denies a suspended user the session from 1.2", since: "1.2",
		ask: func(s *scene) reply {
			s.must(s.Suspend("jdoe"))
			return s.front("").send("POST", "/logIn", `{"username":"jdoe","password":"jdoe"}`)
		},
		want: []check{status(500)}},
	{source: "5.5", name: "a session token is a credential at GMS",
		ask: asking("jdoe", meDoc, nil),
		want: []check{ok, func(s *scene, _ reply) error {
			secret, err := s.SignIn("jdoe")
			return first(err, differ("type", claimsOf(s, secret)["type"], any("SESSION")))
		}}},

	// --- 6: who am I, and what is the server

	{source: "6", name: "me has the user and what the user may do",
		ask: asking("jdoe", `{ me { corpUser { urn username status properties { displayName fullName email active } } platformPrivileges { generatePersonalAccessTokens manageTokens managePolicies manageIdentities } } }`, nil),
		want: []check{dataIs(`{"me":{"corpUser":{"urn":"urn:li:corpuser:jdoe","username":"jdoe","status":"ACTIVE","properties":{"displayName":"John Doe",` +
			`"fullName":"John Doe","email":"jdoe@example.test","active":true}},"platformPrivileges":{"generatePersonalAccessTokens":true,` +
			`"manageTokens":false,"managePolicies":false,"manageIdentities":false}}}`)}},
	{source: "6; 2.9", name: "a manager who may not generate is said to generate none",
		ask: func(s *scene) reply {
			s.must(s.AddUser(mockhub.User{Name: "manager", Privileges: []string{mockhub.ManageAccessTokens}}))
			return s.as("manager").ask(`{ me { platformPrivileges { generatePersonalAccessTokens manageTokens } } }`, nil)
		},
		want: []check{dataIs(`{"me":{"platformPrivileges":{"generatePersonalAccessTokens":false,"manageTokens":true}}}`)}},
	{source: "6", name: "manageServiceAccounts is new in 1.4", until: "1.4",
		ask: asking("jdoe", `{ me { platformPrivileges { manageServiceAccounts } } }`, nil),
		want: []check{invalid("Validation error (FieldUndefined@[me/platformPrivileges/manageServiceAccounts]) : Field " +
			"'manageServiceAccounts' in type 'PlatformPrivileges' is undefined")}},
	{source: "6", name: "the server tells its version",
		ask:  asking("jdoe", `{ appConfig { appVersion } }`, nil),
		want: []check{ok, bodyHas(`"appVersion":"v`)}},
	{source: "6", name: "the frontend's config is its own",
		ask:  func(s *scene) reply { return s.front("").send("GET", "/config", "") },
		want: []check{status(200), bodyHas(`"status":"ok"`, `"application":"datahub-frontend"`)}},
	{source: "6", name: "GMS' config is behind it for those who have a header",
		ask:  func(s *scene) reply { return s.front("any").send("GET", "/api/gms/config", "") },
		want: []check{status(200), bodyHas(`"noCode":"true"`)}},
	{source: "6", name: "a light whoami from 1.1", since: "1.1",
		ask: func(s *scene) reply {
			return s.as("jdoe").send("GET", "/openapi/operations/identity/user/urn?skipCache=true", "")
		},
		want: []check{status(200), bodyIs(`{"urn":"urn:li:corpuser:jdoe"}`)}},
	{source: "issue #19073; PR #4128", name: "a user nobody knows is a stub",
		ask:  asking("jdoe", `{ entityExists(urn: "urn:li:corpuser:ghost") corpUser(urn: "urn:li:corpuser:ghost") { urn username status properties { active } } }`, nil),
		want: []check{dataIs(`{"entityExists":false,"corpUser":{"urn":"urn:li:corpuser:ghost","username":"ghost","status":null,"properties":null}}`)}},
	{source: "PR #5102", name: "entityExists tells",
		ask: func(s *scene) reply {
			s.must(s.SoftDelete("nopriv"))
			return s.as("jdoe").ask(`{ a: entityExists(urn: "urn:li:corpuser:datahub") b: entityExists(urn: "urn:li:corpuser:nopriv") c: entityExists(urn: "urn:li:corpGroup:datahub") }`, nil)
		},
		want: []check{dataIs(`{"a":true,"b":true,"c":false}`)}},
	{source: "EntityExistsResolver", name: "entityExists of what is no URN",
		ask:  asking("jdoe", `{ entityExists(urn: "jdoe") }`, nil),
		want: []check{fails(500, "An unknown error occurred."), dataIs(`{"entityExists":null}`)}},
	{source: "MaxQueryComplexityInstrumentation", name: "an operation asks for too much", options: mockhub.Options{ComplexityLimit: 3},
		ask:  asking("jdoe", `{ me { corpUser { urn ...F } } } fragment F on CorpUser { username }`, nil),
		want: []check{dataIs("null"), fails(0, "maximum query complexity exceeded 4 > 3")}},
	{source: "MaxQueryComplexityInstrumentation", name: "an operation asks for as much as it may", options: mockhub.Options{ComplexityLimit: 4},
		ask:  asking("jdoe", `{ me { corpUser { urn ...F } } } fragment F on CorpUser { username }`, nil),
		want: []check{dataIs(`{"me":{"corpUser":{"urn":"urn:li:corpuser:jdoe","username":"jdoe"}}}`)}},
	{source: "CorpUserType", name: "corpUser of what is no URN",
		ask:  asking("jdoe", `{ corpUser(urn: "jdoe") { urn } }`, nil),
		want: []check{failsInside("Failed to batch load Datasets", "Failed to retrieve entity with urn jdoe, invalid urn"), dataIs(`{"corpUser":null}`)}},
	{source: "CorpUserStatus", name: "a suspended user's status from 0.15", since: "0.15",
		ask: func(s *scene) reply {
			s.must(s.Suspend("nopriv"))
			return s.as("jdoe").ask(`{ corpUser(urn: "urn:li:corpuser:nopriv") { status properties { active } } }`, nil)
		},
		want: []check{dataIs(`{"corpUser":{"status":"SUSPENDED","properties":{"active":true}}}`)}},
}
