import type { FieldTable } from "./_contract_fields.ts";
export const ACCESS_FIELDS: FieldTable = {
  "GET /health": "",
  "GET /health/ready": "",
  "POST /auth/login": "",
  "GET /users/all-fields": "",
  "GET /groups/all-fields": "",
  "GET /groups/all-fields/members": "",
};
export const ADAPTER_FIELDS: FieldTable = {
  "GET /adapters": "",
  "GET /adapters/nfs": "",
  "GET /adapters/nfs/settings": "",
  "GET /adapters/smb/settings": "",
  "GET /adapters/nfs/netgroups/all-fields": "",
  "PUT /identity-providers/ldap/config": "",
  "PUT /identity-providers/kerberos/config": "",
  "GET /identity-providers": "",
  "POST /identity-providers/ldap/test": "",
};
export const SHARE_FIELDS: FieldTable = {
  "POST /shares": "",
  "GET /shares/all-fields": "",
  "GET /shares/all-fields/status": "",
  "GET /store/metadata/badger": "",
  "GET /store/block/local/text": "",
  "GET /shares/all-fields/permissions": "",
  "PATCH /shares/all-fields/adapters/nfs/config": "",
  "PUT /shares/all-fields/quotas/user/1": "",
  "PUT /shares/all-fields/snapshot-policy": "",
  "GET /snapshot-policies": "",
  "GET /shares/all-fields/blockstore/stats": "",
  "POST /shares/all-fields/blockstore/warm": "",
  "GET /blockstore/reconcile-report": "",
  "POST /blockstore/reconcile/reclaim": "",
  "GET /clients": "",
};
