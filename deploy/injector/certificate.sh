#!/usr/bin/env bash
# The injector's certificate without cert-manager: a CA of its own, whose key is kept in the Secret flink-ha-injector-ca, and a
# certificate for a year. Call it again to renew: the injector reads the new one within a minute or two, and nothing is restarted.
# Needs kubectl and openssl. DAYS=… for another lifetime.
set -euo pipefail
namespace=flink-ha-system name=flink-ha-injector
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"

field() { kubectl -n "$namespace" get secret "$name-ca" -o "jsonpath={.data.$1}" 2>/dev/null | base64 -d; }
if kubectl -n "$namespace" get secret "$name-ca" > /dev/null 2>&1; then
  field 'tls\.crt' > ca.crt && field 'tls\.key' > ca.key
else
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj "/CN=$name CA" \
    -keyout ca.key -out ca.crt 2> /dev/null
  kubectl -n "$namespace" create secret tls "$name-ca" --cert=ca.crt --key=ca.key
fi
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$name" -keyout tls.key -out tls.csr 2> /dev/null
openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days "${DAYS:-365}" -out tls.crt \
  -extfile <(echo "subjectAltName=DNS:$name.$namespace.svc") 2> /dev/null
kubectl -n "$namespace" create secret tls "$name-tls" --cert=tls.crt --key=tls.key --dry-run=client -o yaml | kubectl apply -f -
bundle=$(base64 < ca.crt | tr -d '\n')
kubectl patch mutatingwebhookconfiguration "$name" --type=json \
  -p "[{\"op\":\"add\",\"path\":\"/webhooks/0/clientConfig/caBundle\",\"value\":\"$bundle\"}]"
