#!/bin/sh
# Makes the share "export" of the server "files" through its REST API, with the password that the
# operator has put into a Secret: metadata and contents on the server's volumes, and a user who may
# read and write. The token of the login stays in the client's /tmp/token.
set -eu

secret=${ADMIN_SECRET:-files-admin-bootstrap-credentials}
password=$(kubectl --namespace "$NAMESPACE" get secret "$secret" --output 'jsonpath={.data.password}' | base64 -d)

kubectl --namespace "$NAMESPACE" exec --stdin client -- env \
  API="${API:-http://files-api:8080}/api/v1" PASSWORD="$password" sh -seu <<'POD'
call() {
  method=$1 path=$2 body=$3
  curl --silent --show-error --fail-with-body --max-time 40 \
    --request "$method" ${token:+--header "Authorization: Bearer $token"} \
    --data "$body" "$API$path"
  echo
}

# A Service leads nowhere until the node knows of its pod, or out of the cluster, where on some
# machines something else answers.
reached() {
  curl --silent --max-time 5 "${API%/api/v1}/health" | grep --quiet '"service":"dittofs"'
}
for attempt in 1 2 3 4 5 6 7 8 9 10; do
  reached && break
  sleep 1
done

login=$(jq --null-input --compact-output '{username: "admin", password: env.PASSWORD}')
token=$(call POST /auth/login "$login" | jq --raw-output .access_token)
echo "$token" >/tmp/token
call POST /store/metadata '{"name":"meta","type":"badger","config":"{\"path\":\"/data/store/metadata/export\"}"}'
call POST /store/block/local '{"name":"blocks","type":"fs","config":"{\"path\":\"/data/store/block/export\"}"}'
call POST /users '{"username":"alice","password":"Alice-pass-1","uid":1001,"gid":1001}'
# Without local_store_size the share may fill a quarter of the memory, not of the volume.
call POST /shares '{"name":"export","metadata_store_id":"meta","local_block_store":"blocks","default_permission":"none","owner":"alice","local_store_size":"512Mi"}'
call PUT /shares/export/permissions/users/alice '{"level":"read-write"}'
POD
