// A real server with a user and a local block store, on which shares are made and mounted.

import { Contract } from "./_contract.ts";
import { Nfs } from "./_nfs.ts";

const MI = 2 ** 20;
const ALICE = { gid: 1001, uid: 1001 } as const;

/** The server; its user is `alice`, its store `fs`. */
export class ShareContract implements AsyncDisposable {
  private constructor(readonly contract: Contract, readonly nfsPort: number) {}

  static async start(): Promise<ShareContract> {
    const contract = await Contract.start();
    const nfsPort = await contract.moveAdapter("nfs");
    const { localStores, users } = contract.client;
    await users.create({ ...ALICE, password: "Alice-pass-1", username: "alice" });
    await localStores.create({ config: { path: contract.path("blocks") }, name: "fs", type: "fs" });
    return new ShareContract(contract, nfsPort);
  }

  /** A share with a metadata store of its own, both of that name. */
  async share(name: string, more: object = {}) {
    const { metadataStores, shares } = this.contract.client;
    await metadataStores.create({ name, type: "memory" });
    return await shares.create({
      ...{ localBlockStore: "fs", localStoreSize: 256 * MI, metadataStore: name, name },
      ...more,
    });
  }

  async mount(name: string): Promise<Nfs> {
    return await Nfs.mount({ ...ALICE, port: this.nfsPort, share: `/${name}` });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.contract[Symbol.asyncDispose]();
  }
}
