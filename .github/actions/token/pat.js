// What making and revoking share: the inputs, and running pat with the pair that
// they name.

"use strict";

const { spawn } = require("node:child_process");
const { randomUUID } = require("node:crypto");
const fs = require("node:fs");

// input is what the workflow says under `with`.
function input(name) {
  return (process.env[`INPUT_${name.toUpperCase()}`] || "").trim();
}

// command tells the runner something, on a line of its own.
function command(name, text) {
  const escaped = String(text).replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
  process.stdout.write(`::${name}::${escaped}\n`);
}

// mask has the runner hide a text in the log.
function mask(text) {
  command("add-mask", text);
}

// tell adds a value to one of the files that the runner reads: GITHUB_STATE or
// GITHUB_OUTPUT. It ends at a line that nobody can foresee.
function tell(file, name, value) {
  const end = `pat_${randomUUID()}`;
  fs.appendFileSync(process.env[file], `${name}<<${end}\n${value}\n${end}\n`);
}

// environment is this process's, with the pair of the inputs in the place of any
// other that pat would find, and a folder of its own for what pat writes down.
function environment(folder) {
  const ours = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^(DATAHUB_|PAT_|INPUT_|STATE_)/i.test(name)) ours[name] = value;
  }
  ours.DATAHUB_GMS_URL = input("server");
  ours.DATAHUB_GMS_TOKEN = input("token");
  ours.XDG_STATE_HOME = folder;
  return ours;
}

// pat runs pat and gives what it prints. Its other words go to the log. A signal
// of the runner's is passed on, and pat takes back what it has begun.
function pat(folder, args) {
  return new Promise((resolve, reject) => {
    const child = spawn("pat", args, { env: environment(folder), stdio: ["ignore", "pipe", "inherit"] });
    const passOn = (signal) => child.kill(signal);
    const signals = ["SIGINT", "SIGTERM"];
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text) => (printed += text));
    signals.forEach((signal) => process.on(signal, passOn));
    const end = (settle, result) => {
      signals.forEach((signal) => process.off(signal, passOn));
      settle(result);
    };
    child.on("error", (error) => {
      const hint = error.code === "ENOENT" ? "pat is not installed: use the action setup before this one" : error.message;
      end(reject, new Error(hint));
    });
    child.on("close", (code, signal) => {
      if (code === 0) end(resolve, printed.trim());
      else end(reject, new Error(`pat ${args[0]} failed (${signal || `exit code ${code}`}): what it says itself stands above`));
    });
  });
}

module.exports = { command, input, mask, pat, tell };
