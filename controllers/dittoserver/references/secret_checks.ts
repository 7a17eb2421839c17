// What a value in a Secret must be, so that the server can start with it.
//
// The server ends with an error when a key is too short or a keytab is none, and all that is
// seen then is a pod that does not come up. So each value is looked at before a pod is made
// with it. What is said names what is wrong and what to do, and never the value.

import { authoritiesFault, certificateFault, privateKeyFault } from "./certificates.ts";
import { parseConnectionString, portFault, sslModeFault } from "./connection_string.ts";

/**
 * What a value is looked at for.
 *
 * - `text`: reaches the server as a variable of its environment, such as a password
 * - `line`: such a text of one line, such as the name of a host
 * - `jwtKey`, `adminPassword`: with the lengths that the server demands, in bytes as it counts
 * - `token`: a bearer token, which the server compares without the blanks around it
 * - `certificate`, `privateKey`, `authorities`: PEM
 * - `keytab`, `krb5Conf`: files of Kerberos
 * - `connectionString`, `port`, `sslMode`: the way to a PostgreSQL database
 */
export type CheckKind =
  | "text"
  | "line"
  | "jwtKey"
  | "adminPassword"
  | "token"
  | "certificate"
  | "privateKey"
  | "authorities"
  | "keytab"
  | "krb5Conf"
  | "connectionString"
  | "port"
  | "sslMode";

/**
 * What each check has to say against a value; undefined if nothing. It completes the sentence
 * `"KEY" in Secret "NAME" …`.
 */
export type Faults = Readonly<Record<CheckKind, string | undefined>>;

/** Looks at a value that is not empty, for everything that it could be used for. */
export function faultsOf(bytes: Uint8Array): Faults {
  const text = textOf(bytes);
  const onText = (fault: (text: string) => string | undefined) =>
    text === undefined ? "is not plain text in UTF-8; put it in as text" : fault(text);
  const { length } = bytes;
  return {
    text: onText(() => undefined),
    line: onText(lineFault),
    jwtKey: onText(() =>
      length < 32
        ? "is shorter than the 32 characters that the server demands; put in a longer one"
        : undefined
    ),
    adminPassword: onText(() =>
      length < 8 || length > 72
        ? "has not the 8 to 72 characters that the server demands; put in another one"
        : undefined
    ),
    token: onText(blankFault),
    certificate: onText(certificateFault),
    privateKey: onText(privateKeyFault),
    authorities: onText(authoritiesFault),
    // The format begins with its version, 5.2.
    keytab: bytes[0] === 5 && bytes[1] === 2
      ? undefined
      : "is not a keytab; put the file in as ktutil or ktpass wrote it, base64-encoded only once",
    krb5Conf: onText(blankFault),
    connectionString: onText((text) => parseConnectionString(text).fault),
    port: onText(portFault),
    sslMode: onText(sslModeFault),
  };
}

/** The text that bytes are; undefined if they are none, or none that the environment can hold. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function lineFault(text: string): string | undefined {
  return /[\r\n]/.test(text)
    ? "has a line break; put it in without one (echo -n, or printf)"
    : undefined;
}

function blankFault(text: string): string | undefined {
  return text.trim() === "" ? "is nothing but blanks; put something in" : undefined;
}
