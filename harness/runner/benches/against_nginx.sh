#!/usr/bin/env bash
# GetAuthConfig over TLS with keep-alive: the simulator against nginx, which answers the same number of bytes from its
# configuration, with the same kind of key (P-256) and the same client, alternating in one run. Prints the rate of both, the
# processor time that a request costs each, and the ratio of both: on a busy machine only the latter means much.
#
# Needs nginx, wrk, openssl, curl, python3 and the release build. Listens on loopback only and ends what it started.
set -euo pipefail
cd "$(dirname "$0")/../../.."
seconds=${SECONDS_EACH:-3}
rounds=${ROUNDS:-3}
for tool in nginx wrk openssl curl python3; do command -v "$tool" >/dev/null || { echo "needs $tool" >&2; exit 2; }; done
cargo build --release --quiet

work=$(mktemp -d)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait 2>/dev/null || true; rm -rf "$work"' EXIT

target/release/wsuslab serve healthy/downstream-of-https-upstream --format json >"$work/serve.json" 2>"$work/serve.log" &
pids+=($!)
our_pids=$!
for _ in $(seq 100); do [ -s "$work/serve.json" ] && break; sleep 0.05; done
ours=$(python3 -c '
import json, sys
for node in json.load(open(sys.argv[1]))["nodes"]:
    for listener in node["listeners"]:
        if node["kind"] == "upstream" and listener["url"].startswith("https"):
            print(listener["address"])' "$work/serve.json")

cat >"$work/request.xml" <<'X'
<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><soap:Body><GetAuthConfig xmlns="http://www.microsoft.com/SoftwareDistribution" /></soap:Body></soap:Envelope>
X
path=/ServerSyncWebService/ServerSyncWebService.asmx
cat >"$work/post.lua" <<X
wrk.method = "POST"
local file = io.open("$work/request.xml")
wrk.body = file:read("a"):gsub("%s+\$", "")
file:close()
wrk.headers["Content-Type"] = "text/xml; charset=utf-8"
wrk.headers["SOAPAction"] = '"http://www.microsoft.com/SoftwareDistribution/GetAuthConfig"'
X

curl -sk --data-binary "@$work/request.xml" -H 'Content-Type: text/xml; charset=utf-8' \
  -H 'SOAPAction: "http://www.microsoft.com/SoftwareDistribution/GetAuthConfig"' "https://$ours$path" >"$work/answer.xml"
grep -q GetAuthConfigResponse "$work/answer.xml" || { echo "the simulator did not answer" >&2; exit 3; }

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
  -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$work/nginx.conf" <<X
worker_processes $(nproc);
pid $work/nginx.pid;
error_log $work/error.log;
daemon off;
events { worker_connections 256; }
http {
  access_log off;
  client_body_temp_path $work; proxy_temp_path $work; fastcgi_temp_path $work; uwsgi_temp_path $work; scgi_temp_path $work;
  keepalive_requests 100000000;
  server {
    listen 127.0.0.1:$port ssl;
    ssl_certificate $work/cert.pem; ssl_certificate_key $work/key.pem;
    location / { default_type "text/xml; charset=utf-8"; return 200 '$(cat "$work/answer.xml")'; }
  }
}
X
nginx -c "$work/nginx.conf" -p "$work" 2>/dev/null &
pids+=($!)
master=$!
for _ in $(seq 100); do curl -sk "https://127.0.0.1:$port/" >/dev/null && break; sleep 0.05; done

# The master of nginx has its workers as children, and does nothing itself.
their_pids=$(cat "/proc/$master/task/$master/children")

measure() { # ADDRESS PID...: prints requests per second and microseconds of the server's processor time for each
  python3 - "$work/post.lua" "$seconds" "https://$1$path" "${@:2}" <<'PY'
import os, re, subprocess, sys
lua, seconds, url, *servers = sys.argv[1:]


def used():
    stats = (open(f"/proc/{server}/stat").read().rsplit(") ", 1)[1].split() for server in servers)
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / os.sysconf("SC_CLK_TCK")


before = used()
log = subprocess.run(["wrk", "-t1", "-c16", f"-d{seconds}s", "-s", lua, url], capture_output=True, text=True).stdout
cost = used() - before
if "Non-2xx" in log:
    print(f"errors from {url}", file=sys.stderr)
count = int(re.search(r"(\d+) requests in", log).group(1))
print(re.search(r"Requests/sec: *([\d.]+)", log).group(1), cost * 1e6 / count)
PY
}
for round in $(seq "$rounds"); do
  # shellcheck disable=SC2086
  read -r a a_cost < <(measure "$ours" $our_pids)
  # shellcheck disable=SC2086
  read -r b b_cost < <(measure "127.0.0.1:$port" $their_pids)
  python3 -c "print(f'round $round: wsuslab {$a:.0f}/s at {$a_cost:.1f} µs, nginx {$b:.0f}/s at {$b_cost:.1f} µs; '
                    f'ratio {$a/$b:.2f} by the rate, {$b_cost/$a_cost:.2f} by processor time')"
done
