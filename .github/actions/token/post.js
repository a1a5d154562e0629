// Revokes the job's token when the job ends, however it does. If making it was cut
// off, pat's own notes in the folder say what there is to take back.

"use strict";

const fs = require("node:fs");
const { command, input, mask, pat } = require("./pat.js");

async function main() {
  const { STATE_folder: folder, STATE_id: id } = process.env;
  if (!folder) return; // nothing was begun
  mask(input("token"));
  try {
    await pat(folder, id ? ["revoke", id, "--yes"] : ["recover", "--yes"]);
  } catch (error) {
    // The job's own result stands: the token ends by itself.
    command("warning", `the job's token ${id || ""} may be left; it ends by itself (${input("duration")}). ${error.message}`);
    return;
  }
  fs.rmSync(folder, { recursive: true, force: true });
}

main();
