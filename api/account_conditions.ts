// The conditions of a DittoUser and a DittoGroup, and every reason that they can have.

import {
  type Conditions,
  DIFFERS,
  FAILED,
  INVALID_SPEC,
  NAMES,
  no,
  READING,
  REFUSED,
  SERVER_READY,
  WAITING,
  yes,
} from "./condition_reasons.ts";

const ready = (meaning: string) => ({
  AsWanted: yes(meaning),
  Deleting: no("It is on its way out; the message says what is waited for."),
  InvalidSpec: INVALID_SPEC,
});

const adoptable = no(
  "Somebody else has made one of this name on the server. It is left as it is.",
  "Set spec.adopt to true to take it over, or choose another name.",
);

const numberTaken = (what: string) =>
  no(
    `Another ${what} of the server has the number.`,
    "Choose another number, or give that one another.",
  );

/** The conditions of a DittoUser. */
export const DITTO_USER_CONDITIONS = {
  Ready: ready("The user is on the server, with everything that the spec has."),
  ServerReady: SERVER_READY,
  AccountReady: {
    Made: yes("The user is on the server as the spec has them."),
    Waiting: WAITING,
    NotOurs: adoptable,
    NameTaken: NAMES.NameTaken,
    UIDTaken: numberTaken("user"),
    GroupNotFound: no(
      "A group of the user is not on the server; they are in the others.",
      "Make a DittoGroup of that name, or remove it from spec.groups.",
    ),
    Refused: REFUSED,
    Failed: FAILED,
    Differs: DIFFERS,
  },
  PasswordReady: {
    Set: yes("The password is the one in the Secret."),
    Unknown: yes("The spec names no password, and the user has one that nobody knows."),
    Waiting: WAITING,
    SecretNotFound: no(
      "The Secret with the password does not exist. A password that was set stays.",
      "Create the Secret that the message names, or correct its name in the spec.",
    ),
    SecretKeyMissing: no(
      "The Secret lacks the key with the password. A password that was set stays.",
      "Put the key into the Secret, or correct its name in the spec.",
    ),
    SecretInvalid: no(
      "The Secret has a password that the server would refuse. One that was set stays.",
      "Put a password of 8 to 72 characters into the Secret.",
    ),
    ...READING,
    Refused: REFUSED,
    Failed: FAILED,
  },
} as const satisfies Conditions;

/** The conditions of a DittoGroup. */
export const DITTO_GROUP_CONDITIONS = {
  Ready: ready("The group is on the server, with everything that the spec has."),
  ServerReady: SERVER_READY,
  AccountReady: {
    Made: yes("The group is on the server as the spec has it."),
    Waiting: WAITING,
    NotOurs: adoptable,
    NameTaken: NAMES.NameTaken,
    GIDTaken: numberTaken("group"),
    Refused: REFUSED,
    Failed: FAILED,
    Differs: DIFFERS,
  },
} as const satisfies Conditions;
