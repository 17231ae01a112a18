import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { additionalData } from "../src/channel/lib/binding.ts";
import { expected, play } from "./repeat.ts";
import { bindingOf, fromHex, PROFILES, transcripts } from "./vectors.ts";

for (const profile of PROFILES) {
  for (const transcript of transcripts(profile)) {
    for (const side of ["G", "S"] as const) {
      test(`${profile}: "${transcript.name}", as ${side}, byte for byte`, async () => {
        assert.deepEqual(await play(transcript, side, profile), expected(transcript, side));
      });
    }

    test(`${profile}: "${transcript.name}" authenticates what it says`, () => {
      for (const message of transcript.messages) {
        assert.deepEqual(additionalData(bindingOf(transcript), message.token), fromHex(message.aad_hex));
      }
    });
  }
}
