import type { SignInMessage } from "@matrix-rendezvous/client";
import type { Attempt } from "./attempt.ts";
import type { Device } from "./device/device.ts";
import { capital, otherDevice, PARTY_NAMES } from "./party.ts";

/** What is to be seen at the moment, for people who see it for the first time. */
export interface Caption {
  readonly title: string;
  readonly text: string;
}

const MESSAGES: Readonly<Record<SignInMessage["type"], Caption>> = {
  "m.login.protocols": {
    title: "How to sign in",
    text: "The existing device says where the homeserver is, and which ways to sign in there are.",
  },
  "m.login.protocol": {
    title: "A link to agree to",
    text: "The new device has chosen a way, asked the homeserver, and hands over the link under which the user can agree.",
  },
  "m.login.protocol_accepted": {
    title: "The user is asked",
    text: "The existing device opens the link. Here, the page plays the homeserver, and the user agrees.",
  },
  "m.login.success": {
    title: "An access token",
    text: "The new device is signed in. It can read nothing yet: for that it needs the user’s keys.",
  },
  "m.login.secrets": {
    title: "The keys",
    text: "The existing device hands over the keys that make the new one trusted: the reason why nobody may sit in between.",
  },
  "m.login.failure": { title: "It failed", text: "One device tells the other that it gives up." },
  "m.login.declined": { title: "Declined", text: "The user did not agree." },
};

/** The caption of a sign-in with both devices on this page. */
export function captionOf(attempt: Attempt): Caption {
  const g = attempt.options.shows;
  const [ofG, ofS] = [attempt.devices[g], attempt.devices[otherDevice(g)]];
  const [stateOfG, stateOfS] = [ofG.state.value.name, ofS.state.value.name];
  const [nameG, nameS] = [PARTY_NAMES[ofG.intent], PARTY_NAMES[ofS.intent]];
  if (stateOfG === "failed" || stateOfS === "failed") return failure(ofG, ofS);
  if (stateOfG === "done" && stateOfS === "done") return success(attempt);
  if (stateOfG === "idle" || stateOfG === "starting") {
    return {
      title: "Two devices that have never met",
      text: "One is signed in, one is new. Between them: a server that carries one small message at a time, and that neither of them trusts.",
    };
  }
  if (stateOfG === "offering" && stateOfS === "joining") {
    return {
      title: "The first message",
      text: `${capital(nameS)} has the key from the QR code, so it can seal. It put its own public key into the slot, and a greeting that only the owner of the other key can open.`,
    };
  }
  if (stateOfG === "offering") {
    return {
      title: "A key in a picture",
      text: `${capital(nameG)} made a key pair and asked the server for a session: an empty slot with an ID that cannot be guessed. Public key and ID go from screen to camera, past the server.`,
    };
  }
  if (stateOfG === "confirming" && stateOfS === "joining") {
    return {
      title: "The answer",
      text: `The greeting opened, so somebody has seen the QR code. Who, ${nameG} cannot know. It answers, and will not say another word until it is told a check code.`,
    };
  }
  if (stateOfG === "confirming") {
    return {
      title: "Two digits, carried by hand",
      text: `The answer opened: ${nameS} knows that nobody sits in between, and shows a code that follows from both keys. ${capital(nameG)} knows it once the user types that code.`,
    };
  }
  return lastMessage(attempt) ?? { title: "A secure channel", text: "Both devices know who is at the other end." };
}

/** The caption where one device is on this page, and the other one is not. */
export function captionOfOne({ intent, state, checkCode }: Device): Caption {
  const other = PARTY_NAMES[otherDevice(intent)];
  switch (state.value.name) {
    case "idle":
      return {
        title: `This is ${PARTY_NAMES[intent]}`,
        text: `Open this page as ${other} in another window, or on another machine. One shows the code, the other scans it.`,
      };
    case "starting":
      return { title: "One moment", text: "The server is asked for a session." };
    case "offering":
      return { title: "Scan this", text: `${capital(other)} scans the code with its camera, or from a picture.` };
    case "joining":
      return { title: "Scanned", text: `The first message is on its way. ${capital(other)} has to answer.` };
    case "confirming":
      return {
        title: "Somebody has scanned it",
        text: `Type the code that ${other} shows. It shows none? Then cancel.`,
      };
    case "talking":
      return {
        title: checkCode.value === undefined ? "The code is right" : `Type ${checkCode.value} into ${other}`,
        text: "The channel is secure: what arrives is what the other device sent, and nobody else can read it.",
      };
    case "done":
      return { title: "Signed in", text: "The keys have changed hands, and no server has seen them." };
    case "failed":
      return { title: "It ended", text: state.value.failure.sentence };
  }
}

function lastMessage(attempt: Attempt): Caption | undefined {
  const { plaintext } = attempt.wire.revisions.value.findLast(({ kind }) => kind === "message") ?? {};
  if (plaintext === undefined) return undefined;
  const types = Object.keys(MESSAGES) as SignInMessage["type"][];
  const type = types.find((name) => plaintext.includes(`"type":"${name}"`));
  return type && MESSAGES[type];
}

function success({ wire }: Attempt): Caption {
  const sealed = wire.revisions.value.filter(({ data }) => data !== "").length;
  const text = `${sealed} sealed messages went through one slot in ${wire.exchanges.value.length} requests. The slot is gone, and the server never held anything that it could read.`;
  return { title: "Signed in", text };
}

function failure(...devices: readonly Device[]): Caption {
  const failures = devices.flatMap(({ intent, state: { value: state } }) =>
    state.name === "failed" ? [{ intent, failure: state.failure }] : [],
  );
  // That the session is gone is what a device hears of the other one's reason.
  const first = failures.find(({ failure: { code } }) => code !== "expired") ?? failures[0];
  return { title: "It ended", text: first ? `${capital(PARTY_NAMES[first.intent])}: ${first.failure.sentence}` : "" };
}
