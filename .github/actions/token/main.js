// Makes the job's token and hands it to the later steps. What is written down for
// the end of the job is its id and a folder, never a secret.

"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { command, input, mask, pat, tell } = require("./pat.js");

// nameOf is the name of the token: who looks at the list shall see where it is from.
function nameOf() {
  const { GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB } = process.env;
  return input("name") || `${GITHUB_REPOSITORY} ${GITHUB_RUN_ID}-${GITHUB_RUN_ATTEMPT} ${GITHUB_JOB}`;
}

async function main() {
  for (const name of ["server", "token"]) {
    if (!input(name)) throw new Error(`the input ${name} is empty: is the secret that it comes from set for this repository and this event?`);
  }
  mask(input("token"));
  const folder = fs.mkdtempSync(path.join(process.env.RUNNER_TEMP, "pat-"));
  // Before there is a token: should this step be cut off, its end knows where to look.
  tell("GITHUB_STATE", "folder", folder);

  const file = path.join(folder, "token");
  const args = ["create", "--name", nameOf(), "--duration", input("duration"), "--to", `file:${file}`, "-o", "id"];
  if (input("actor")) args.push("--actor", input("actor"));
  if (input("service-account")) args.push("--service-account", input("service-account"));
  const id = await pat(folder, args);
  tell("GITHUB_STATE", "id", id);

  try {
    const pair = ["env", "--server", input("server"), "--token-file", file];
    const { server, accessToken } = JSON.parse(await pat(folder, [...pair, "-o", "json"]));
    mask(accessToken);
    if (input("environment") !== "false") await pat(folder, [...pair, "-o", "github"]);
    tell("GITHUB_OUTPUT", "server", server);
    tell("GITHUB_OUTPUT", "token", accessToken);
    tell("GITHUB_OUTPUT", "id", id);
  } finally {
    fs.rmSync(file, { force: true });
  }
}

main().catch((error) => {
  command("error", error.message);
  process.exitCode = 1;
});
