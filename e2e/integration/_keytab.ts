// A Kerberos keytab of version 5.2 with one key, as MIT describes the format.

const AES256 = 18;
const PRINCIPAL = 1;

/** The keytab of a principal, such as `["nfs", "files.example.com"]`, with a key of zeros. */
export function keytab(realm: string, name: readonly string[]): Uint8Array<ArrayBuffer> {
  const entry = [
    ...short(name.length),
    ...counted(new TextEncoder().encode(realm)),
    ...name.flatMap((part) => counted(new TextEncoder().encode(part))),
    ...long(PRINCIPAL),
    ...long(0), // when it was made
    1, // version of the key
    ...short(AES256),
    ...counted(new Uint8Array(32)),
  ];
  return new Uint8Array([5, 2, ...long(entry.length), ...entry]);
}

function counted(bytes: Uint8Array): number[] {
  return [...short(bytes.length), ...bytes];
}

function short(value: number): number[] {
  return [value >> 8 & 255, value & 255];
}

function long(value: number): number[] {
  return [...short(value >>> 16), ...short(value & 65535)];
}
