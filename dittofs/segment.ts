// Names in URLs, escaped exactly as Go's net/url would escape them.
//
// The server's router takes a segment as it stands in the URL, unless the whole path is written
// as Go itself would write it: then it takes the decoded one. `alice%40example.com` would look
// for a user of that very name, and so would `a!b%20c`. So `@` must stay and `!` must not.

const KEPT = /%(24|26|2B|2C|3A|3B|3D|40)/g;
const ESCAPED = /[!'()*]/g;

/** The name as one segment of a path. Throws a `RangeError` for what can never be one. */
export function segment(name: string): string {
  if (name === "" || name === "." || name === ".." || name.includes("/")) {
    throw new RangeError(`"${name}" cannot be a name in a URL of the server`);
  }
  return encodeURIComponent(name)
    .replaceAll(KEPT, (escape) => decodeURIComponent(escape))
    .replaceAll(ESCAPED, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The same of a share's name, which the server decodes once more. */
export function shareSegment(name: string): string {
  if (name.includes("%")) {
    throw new RangeError(`"${name}" cannot be the name of a share: the server would decode it`);
  }
  return segment(name);
}
