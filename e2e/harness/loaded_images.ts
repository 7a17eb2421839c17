// Which images a node has been given, so that none is copied into it twice. kind asks the node
// itself, with a tool that a node built here does not have; and an image under an unchanged name
// may have changed. The record counts for one container: a new node begins with nothing.

import type { ClusterImage } from "../images/image.ts";

interface Record {
  readonly container: string;
  readonly images: Readonly<{ [name: string]: string }>;
}

/** The record of one cluster, in a file. */
export class LoadedImages {
  constructor(private readonly path: string) {}

  /** Those of `images` that the container was not given yet. */
  async missing(
    container: string,
    images: readonly ClusterImage[],
  ): Promise<readonly ClusterImage[]> {
    const record = await this.read();
    if (record.container !== container) return images;
    return images.filter(({ name, id }) => record.images[name] !== id);
  }

  /** Notes that the container has the image. */
  async add(container: string, image: ClusterImage): Promise<void> {
    const record = await this.read();
    const images = record.container === container ? record.images : {};
    const next: Record = { container, images: { ...images, [image.name]: image.id } };
    await Deno.writeTextFile(`${this.path}.new`, JSON.stringify(next));
    await Deno.rename(`${this.path}.new`, this.path);
  }

  private async read(): Promise<Record> {
    try {
      return parseRecord(await Deno.readTextFile(this.path));
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return { container: "", images: {} };
      throw error;
    }
  }
}

/** The record in a text; anything else is an empty one, which only costs a copy. */
export function parseRecord(text: string): Record {
  const empty: Record = { container: "", images: {} };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return empty;
    throw error;
  }
  if (typeof value !== "object" || value === null) return empty;
  if (!("container" in value) || typeof value.container !== "string") return empty;
  if (!("images" in value) || typeof value.images !== "object" || value.images === null) {
    return empty;
  }
  const images = Object.entries(value.images).flatMap(([name, id]) =>
    typeof id === "string" ? [[name, id] as const] : []
  );
  return { container: value.container, images: Object.fromEntries(images) };
}
