#!/usr/bin/env bash
# GetUpdateData in batches of 100 over HTTP/1.1 with keep-alive: the simulator against nginx, which serves the very same bytes
# from a static file, with the same client (wrk -t1 -c16), alternating in one run. Prints both and the ratio. The updates are
# those of a generated catalogue; both sides have two workers.
#
# Needs nginx, wrk, curl, python3 and the release build. Listens on loopback only and ends what it started.
set -euo pipefail
cd "$(dirname "$0")/../../.."
seconds=${SECONDS_EACH:-3}
rounds=${ROUNDS:-3}
for tool in nginx wrk curl python3; do command -v "$tool" >/dev/null || { echo "needs $tool" >&2; exit 2; }; done
[ -n "${NO_BUILD:-}" ] || cargo build --release --quiet

work=$(mktemp -d)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"' EXIT
# Where root starts nginx, its workers are another user.
chmod 755 "$work"

target/release/wsuslab serve healthy/downstream-of-http-upstream --catalogue generated:1:10000 --format json \
  >"$work/serve.json" 2>"$work/serve.log" &
pids+=($!)
for _ in $(seq 100); do [ -s "$work/serve.json" ] && break; sleep 0.05; done
ours=$(python3 -c '
import json, sys
for node in json.load(open(sys.argv[1]))["nodes"]:
    for listener in node["listeners"]:
        if node["kind"] == "upstream" and listener["name"] == "http":
            print(listener["address"])' "$work/serve.json")

# As a downstream server does it: a cookie, the list, and the request for its first hundred with its answer.
python3 - "$ours" "$work" <<'PY'
import re, sys, urllib.request
address, work = sys.argv[1:]
SD = "http://www.microsoft.com/SoftwareDistribution"
AUTH, SYNC = (f"/{name}/{name}.asmx" for name in ("DssAuthWebService", "ServerSyncWebService"))


def body(operation, members, namespace=SD):
    envelope = "http://schemas.xmlsoap.org/soap/envelope/"
    return (f'<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="{envelope}"><soap:Body>'
            f'<{operation} xmlns="{namespace}">{members}</{operation}></soap:Body></soap:Envelope>').encode()


def call(path, operation, members, namespace=SD):
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{namespace}/{operation}"'}
    request = urllib.request.Request(f"http://{address}{path}", body(operation, members, namespace), headers)
    return urllib.request.urlopen(request).read()


def inside(answer, name):
    return re.search(f"<{name}>(.*?)</{name}>", answer.decode(), re.S).group(1)


account = "<accountName>dss01</accountName><accountGuid>3f1c7e52-0b6d-4d7a-9b6e-0c1d2e3f4a5b</accountGuid>"
data = inside(call(AUTH, "GetAuthorizationCookie", account, f"{SD}/Server/DssAuthWebService"), "CookieData")
cookies = ("<authCookies><AuthorizationCookie><PlugInId>DssTargeting</PlugInId>"
           f"<CookieData>{data}</CookieData></AuthorizationCookie></authCookies><protocolVersion>1.20</protocolVersion>")
cookie = f"<cookie>{inside(call(SYNC, 'GetCookie', cookies), 'GetCookieResult')}</cookie>"
listed = call(SYNC, "GetRevisionIdList", cookie + "<filter />").decode()
ids = "".join(re.findall("<UpdateIdentity>.*?</UpdateIdentity>", listed)[:100])
members = f"{cookie}<updateIds>{ids}</updateIds>"
answer = call(SYNC, "GetUpdateData", members)
assert answer.count(b"</ServerSyncUpdateData>") == 100
open(f"{work}/request.xml", "wb").write(body("GetUpdateData", members))
open(f"{work}/answer.xml", "wb").write(answer)
PY

path=/ServerSyncWebService/ServerSyncWebService.asmx
cat >"$work/post.lua" <<LUA
wrk.method = "POST"
local file = io.open("$work/request.xml")
wrk.body = file:read("a")
file:close()
wrk.headers["Content-Type"] = "text/xml; charset=utf-8"
wrk.headers["SOAPAction"] = '"http://www.microsoft.com/SoftwareDistribution/GetUpdateData"'
LUA

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$work/nginx.conf" <<CONF
worker_processes 2;
pid $work/nginx.pid;
error_log $work/error.log;
daemon off;
events { worker_connections 256; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work; uwsgi_temp_path $work; scgi_temp_path $work;
  keepalive_requests 100000000;
  types { text/xml xml; }
  server { listen 127.0.0.1:$port; root $work; }
}
CONF
nginx -c "$work/nginx.conf" -p "$work" 2>/dev/null &
pids+=($!)
for _ in $(seq 100); do curl -s "http://127.0.0.1:$port/answer.xml" >/dev/null && break; sleep 0.05; done
curl -s "http://127.0.0.1:$port/answer.xml" | cmp - "$work/answer.xml"

measure() {
  wrk -t1 -c16 -d"${seconds}s" "$@" >"$work/wrk.log"
  sed -n 's/^Requests\/sec: *//p' "$work/wrk.log"
  if grep -q 'Non-2xx' "$work/wrk.log"; then echo "errors from ${!#}" >&2; fi
}
echo "an answer has $(stat -c %s "$work/answer.xml") bytes"
for round in $(seq "$rounds"); do
  a=$(measure -s "$work/post.lua" "http://$ours$path")
  b=$(measure "http://127.0.0.1:$port/answer.xml")
  python3 -c "print(f'round $round: wsuslab {$a:.0f}/s, nginx {$b:.0f}/s, ratio {$a/$b:.2f}')"
done
