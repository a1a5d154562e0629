"""Uses DataHub's own Python client against the server that the environment names, and prints what it saw."""

import json

from datahub.ingestion.graph.client import get_default_graph

CREATE = """mutation Create($input: CreateAccessTokenInput!) {
  createAccessToken(input: $input) { accessToken metadata { id name ownerUrn } }
}"""
LIST = """query List($input: ListAccessTokenInput!) {
  listAccessTokens(input: $input) { total tokens { id name } }
}"""
REVOKE = "mutation Revoke($id: String!) { revokeAccessToken(tokenId: $id) }"

graph = get_default_graph()
graph.test_connection()
me = graph.execute_graphql("{ me { corpUser { urn } } }")["me"]["corpUser"]["urn"]
made = graph.execute_graphql(
    CREATE,
    variables={"input": {"type": "PERSONAL", "actorUrn": me, "duration": "ONE_HOUR", "name": "from python"}},
)["createAccessToken"]
mine = {"start": 0, "count": 10, "filters": [{"field": "ownerUrn", "values": [me]}]}
listed = graph.execute_graphql(LIST, variables={"input": mine})["listAccessTokens"]
revoked = graph.execute_graphql(REVOKE, variables={"id": made["metadata"]["id"]})["revokeAccessToken"]
try:
    graph.execute_graphql("{ nothing }")
    refused = ""
except Exception as error:
    refused = str(error)

print(json.dumps({
    "me": me,
    "owner": made["metadata"]["ownerUrn"],
    "listed": [token["name"] for token in listed["tokens"]],
    "revoked": revoked,
    "refused": "Field 'nothing' in type 'Query' is undefined" in refused,
}))
